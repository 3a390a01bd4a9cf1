import { isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { scopes } from '../../src/operation/caller.ts';
import { schema } from '../../src/schema/schema.ts';
import { corpusOf } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { errorLog, ledgerInMemory, type Reply } from '../support/gateway.ts';
import { filled, leavesOf, mutations, replacedAt, waysToFill } from '../support/input-types.ts';
import { validValue } from '../support/leaf-values.ts';
import { startProductionGateway } from '../support/production.ts';

// The attacks of OWASP's cheat sheet on GraphQL, by its chapters.

const allFields = Object.values(schema.getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
  .flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field }))
      : [],
  );

const codesOf = ({ errors = [] }: Reply): unknown[] => errors.map(({ extensions }) => extensions?.['code']);

describe('injection', () => {
  const mark = 'QZXINJECTED';

  const nodeId = (key: string): string => Buffer.from(key).toString('base64url');

  /** What other interpreters would read as more than a name. */
  const payloads: readonly string[] = [
    `R1' OR '1'='1' --${mark}`,
    `R1"; DROP TABLE ${mark}; --`,
    `{"$ne": "${mark}"}`,
    `*)(uid=*))(|(uid=${mark}`,
    `; cat /etc/passwd ${mark}`,
    `$(touch ${mark})`,
    `R1\r\nX-Injected: ${mark}`,
    `R1 HTTP/1.1\r\nHost: ${mark}\r\n\r\nGET /login`,
    `../../${mark}`,
    `R1/../../login/${mark}`,
    `..%2f..%2f${mark}`,
    `..\\..\\${mark}`,
    `R1?apikey=${mark}`,
    `R1#${mark}`,
    `R1;${mark}`,
    `http://169.254.169.254/${mark}`,
    `//evil.example.com/${mark}`,
    `@evil.example.com/${mark}`,
    `\${7*7}{{7*7}}${mark}`,
    `<!ENTITY xxe SYSTEM "file:///etc/passwd">${mark}`,
    `R1\u0000${mark}`,
    '.',
    '..',
  ];

  const cursor = nodeId('0:1');

  /** A value for each argument of a query, and a document that reads something by it. */
  const reads: Readonly<Record<string, readonly [value: string, document: string]>> = {
    'Query.account': ['R1', 'query ($v: String!) { account(fileNumber: $v) { status } }'],
    'Query.accounts': ['R1', 'query ($v: String!) { accounts(fileNumbers: [$v]) { status } }'],
    'Query.assignment': ['20', 'query ($v: ID!) { assignment(assignmentId: $v) { status } }'],
    'Query.node': [
      nodeId('Order:20'),
      'query ($v: ID!) { node(id: $v) { ... on Account { status } ... on Order { status } } }',
    ],
    'Query.nodes': [
      nodeId('Account:R1'),
      'query ($v: ID!) { nodes(ids: [$v]) { ... on Account { status } ... on Order { status } } }',
    ],
    'Query.order': ['20', 'query ($v: ID!) { order(orderId: $v) { status } }'],
    'Query.orders': [
      'A1',
      'query ($v: String!) { orders(filter: { clientAccountNumber: $v }) { edges { node { status } } } }',
    ],
    'Query.portfolio': ['P', 'query ($v: String!) { portfolio(name: $v) { client } }'],
    'Query.accountsByPhone': [
      '614-555-0142',
      'query ($v: PhoneNumber!) { accountsByPhone(number: $v) { status } }',
    ],
    'Query.accountsBySsn': ['111-22-3333', 'query ($v: SSN!) { accountsBySsn(ssn: $v) { status } }'],
    'Borrower.phone': [
      '3',
      'query ($v: ID!) { order(orderId: "20") { borrowers { phone(phoneId: $v) { isValid updatedAt } } } }',
    ],
    'Order.borrower': [
      '2',
      'query ($v: ID!) { order(orderId: "20") { borrower(borrowerId: $v) { fullName } } }',
    ],
    'Account.contactSummary': [
      'SPOKE',
      'query ($v: String!) { account(fileNumber: "R1") { contactSummary(days: 1, conversationDispositions: [$v]) { __typename } } }',
    ],
    'Account.paymentMethods': [
      '4242',
      'query ($v: String!) { account(fileNumber: "R1") { paymentMethods(last4: $v, method: $v) { cardLast4 } } }',
    ],
    'Account.payments': [
      cursor,
      'query ($v: String!) { account(fileNumber: "R1") { payments(first: 1, after: $v) { edges { node { amount } } } } }',
    ],
  };

  const startWatched = async () => {
    const scollect = await startCorpusUpstream('scollect');
    const recoveryConnect = await startCorpusUpstream('recoveryconnect');
    const { query } = await startProductionGateway({ scollect, recoveryConnect, scopes });
    const systems = [
      ['scollect', scollect],
      ['recoveryconnect', recoveryConnect],
    ] as const;
    /** Requests that are not what the documents describe, or carry something where nothing belongs. */
    const odd = (): unknown[] =>
      systems.flatMap(([system, { received, url }]) =>
        received.filter(({ method, path, headers, query: parameters }) => {
          const isDocumented = corpusOf(system).some(
            (file) =>
              file.method === method && new RegExp(`^${file.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
          );
          const isWhole = headers['host'] === new URL(url).host && !('x-injected' in headers);
          return !isDocumented || !isWhole || 'apikey' in parameters;
        }),
      );
    return { query, odd, received: () => systems.flatMap(([, system]) => system.calls()) };
  };

  it('is tried through every argument that takes a text', () => {
    const taking = allFields
      // test/http/subscriptions.test.ts tries the arguments of subscriptions.
      .filter(({ name }) => !/^(?:Mutation|Subscription)\./.test(name))
      .filter(({ field }) =>
        field.args.some(({ type }) => /^\[?(?:ID|String|SSN|PhoneNumber)\b/.test(String(type))),
      )
      // Pages of one kind read their cursors in one way: `payments` stands for all.
      .filter(({ field }) => !field.args.some(({ name }) => name === 'before'))
      .map(({ name }) => name);
    expect(Object.keys(reads)).toEqual(expect.arrayContaining(taking));
  });

  it.each(Object.entries(reads))(
    'through %s changes no request to an upstream',
    async (_, [value, document]) => {
      const { query, odd, received } = await startWatched();
      await query(document, { v: value });
      expect(received().length).toBeGreaterThan(0);
      const ids = payloads.flatMap((payload) =>
        ['Account', 'Order', 'Portfolio', 'Phone'].map((type) =>
          nodeId(`${type}:${encodeURIComponent(payload)}`),
        ),
      );
      const values =
        document.includes('node') && document.includes('$v: ID!') ? [...payloads, ...ids] : payloads;
      for (const v of values) {
        const reply = await query(document, { v });
        expect(codesOf(reply).filter((code) => code === 'INTERNAL_SERVER_ERROR')).toEqual([]);
        expect(JSON.stringify(reply)).not.toContain(mark);
      }
      expect(odd()).toEqual([]);
    },
  );

  it.each(mutations.map((mutation) => [mutation.field, mutation] as const))(
    'through the identifiers of Mutation.%s reaches no upstream',
    async (_, { type, document }) => {
      const scollect = await startCorpusUpstream('scollect');
      const recoveryConnect = await startCorpusUpstream('recoveryconnect');
      const { query } = await startProductionGateway({ scollect, recoveryConnect, scopes });
      const input = filled(type, validValue, waysToFill(type)[0]);
      const identifiers = leavesOf(type, input).filter(
        ({ type: { name: typeName }, name }) => typeName === 'ID' || name === 'fileNumber',
      );
      expect(identifiers.length).toBeGreaterThan(0);
      for (const { path } of identifiers) {
        for (const payload of payloads.slice(0, 12)) {
          const reply = await query(document, { input: replacedAt(input, path, payload) });
          expect(JSON.stringify(reply)).not.toContain(mark);
        }
      }
      expect([...scollect.received, ...recoveryConnect.received]).toEqual([]);
    },
    60_000,
  );
});

describe('input that is no value of its type', () => {
  it.each([
    ['an SSN', 'query ($v: SSN!) { accountsBySsn(ssn: $v) { status } }', 'SECRET'],
    ['a phone', 'query ($v: PhoneNumber!) { accountsByPhone(number: $v) { status } }', 'SECRET'],
    ['a text', 'query ($v: String!) { account(fileNumber: $v) { status } }', { $gt: 'SECRET' }],
    ['an id', 'query ($v: ID!) { order(orderId: $v) { status } }', ['SECRET', 'SECRET2']],
    ['a number', 'query ($v: Int) { orders(first: $v) { totalCount } }', '1 OR SECRET'],
    ['a filter', 'query ($v: OrderFilter) { orders(filter: $v) { totalCount } }', { SECRET: 1 }],
  ])('is rejected for %s; its value is not repeated, and nothing is sent', async (_, document, v) => {
    const { query, calls } = await startProductionGateway();
    const reply = await query(document, { v });
    expect(codesOf(reply)).toContain('BAD_USER_INPUT');
    expect(JSON.stringify(reply)).not.toContain('SECRET2');
    expect(calls()).toEqual([]);
  });
});

describe('denial of service', () => {
  const pages: Readonly<Record<string, string>> = {
    'Query.orders': '{ orders(first: SIZE) { edges { node { orderId } } } }',
    'Account.attempts': '{ account(fileNumber: "R1") { attempts(first: SIZE) { edges { cursor } } } }',
    'Account.emails': '{ account(fileNumber: "R1") { emails(first: SIZE) { edges { cursor } } } }',
    'Account.notes': '{ account(fileNumber: "R1") { notes(first: SIZE) { edges { cursor } } } }',
    'Account.orders': '{ account(fileNumber: "R1") { orders(first: SIZE) { edges { cursor } } } }',
    'Account.payments': '{ account(fileNumber: "R1") { payments(first: SIZE) { edges { cursor } } } }',
    'Portfolio.accounts': '{ portfolio(name: "Portfolio A") { accounts(first: SIZE) { edges { cursor } } } }',
  };

  it('by amount is tried for every list that has pages', () => {
    const paged = allFields.filter(({ field }) => field.args.some(({ name }) => name === 'first'));
    expect(Object.keys(pages).sort()).toEqual(paged.map(({ name }) => name).sort());
  });

  it.each(Object.entries(pages))('by an amount of %s is refused: no page is read', async (name, document) => {
    const page = vi.fn(() => ({ status: 500, json: {} }));
    const scollect = await startCorpusUpstream('scollect', {
      getportfoliolist: { json: { result: [{ id: 1, portfolioname: 'Portfolio A' }], state: 'SUCCESS' } },
      get_accounts_in_portfolio: page,
    });
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { filterOrders: page });
    const { query } = await startProductionGateway({ scollect, recoveryConnect });
    const reply = await query(document.replace('SIZE', '99999999'));
    // The path is that of the field, or, before execution, none.
    expect(codesOf(reply).length).toBeGreaterThan(0);
    expect(JSON.stringify(reply.data ?? null)).not.toContain('edges');
    if (name !== 'Account.orders') expect(page).not.toHaveBeenCalled();
  });

  it.each([
    ['accounts', 'query ($v: [String!]!) { accounts(fileNumbers: $v) { status } }', 'R'],
    ['nodes', 'query ($v: [ID!]!) { nodes(ids: $v) { id } }', 'QWNjb3VudDpSMQ'],
  ])('by a list of 501 %s is refused, and nothing is sent', async (_, document, one) => {
    const { query, calls } = await startProductionGateway();
    const reply = await query(document, { v: Array.from({ length: 501 }, (_, index) => `${one}${index}`) });
    expect(codesOf(reply).length).toBeGreaterThan(0);
    expect(reply.data ?? null).toBeNull();
    expect(calls()).toEqual([]);
  });

  const circle = (turns: number, leaf: string): string =>
    turns === 0 ? leaf : `borrowers { phones { borrower { order { ${circle(turns - 1, leaf)} } } } }`;
  const many = (count: number, one: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => one(n)).join(' ');

  it.each([
    ['a selection that goes round in circles', `{ order(orderId: "20") { ${circle(6, 'orderId')} } }`],
    [
      'such circles by fragments',
      `{ order(orderId: "20") { ...A } } ${many(6, (n) => `fragment F${n} on Order { borrowers { phones { borrower { order { ...F${n + 1} } } } } }`)} fragment F6 on Order { orderId } fragment A on Order { ...F0 }`,
    ],
    ['a document of more tokens than anybody writes', `{ ${many(6000, () => '__typename')} }`],
    ['a field again and again', `{ ${many(500, () => '__typename')} }`],
    ['directives without end', `{ __typename ${many(60, () => '@include(if: true)')} }`],
    [
      'fragments that double',
      `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F30 on Query { a: account(fileNumber: "R1") { status } }`,
    ],
    [
      'accounts without end',
      'query ($all: [String!]!) { accounts(fileNumbers: $all) { notes { totalCount } payments { totalCount } } }',
    ],
    [
      'a portfolio of portfolios',
      '{ portfolios { accounts(first: 500) { edges { node { notes { totalCount } payments { totalCount } } } } } }',
    ],
  ])('by %s is refused, and nothing is sent', async (_, document) => {
    const { query, calls } = await startProductionGateway();
    const all = Array.from({ length: 500 }, (_, n) => `R${n}`);
    const reply = await query(document, { all });
    expect([reply.data, codesOf(reply), calls()]).toEqual([undefined, ['QUERY_TOO_COMPLEX'], []]);
  });

  it('by a request that is too large is refused before it is read', async () => {
    const { gateway, calls } = await startProductionGateway();
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: `{ account(fileNumber: "R1") { status } } #${'x'.repeat(1_000_000)}` }),
    });
    expect([response.status, calls()]).toEqual([413, []]);
  });

  it('by an upstream that never answers ends with the time of the request', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: 'silence' });
    const { query } = await startProductionGateway({ scollect, requestTimeoutMs: 200 });
    const reply = await query('{ account(fileNumber: "R1001") { status } }');
    expect([reply.data, codesOf(reply)]).toEqual([{ account: null }, ['UPSTREAM_TIMEOUT']]);
  });

  it('by asking again and again ends in 429', async () => {
    const rateLimits = { perCaller: null, perAddress: 5, failuresPerAddress: null };
    const { query, calls } = await startProductionGateway({ access: { rateLimits } });
    const statuses: number[] = [];
    for (let asked = 0; asked < 8; asked += 1) {
      statuses.push((await query('{ account(fileNumber: "R1001") { status } }')).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect(calls()).toHaveLength(5);
  });

  it('by asking for the same under many names makes one call', async () => {
    const { query, calls } = await startProductionGateway();
    const names = ['a', 'b', 'c'].map((name) => `${name}: account(fileNumber: "R1001") { status }`);
    expect((await query(`{ ${names.join(' ')} }`)).errors).toBeUndefined();
    expect(calls()).toHaveLength(1);
  });
});

describe('access control', () => {
  it.each([
    ['a query', '{ account(fileNumber: "R1001") { status } }'],
    [
      'a mutation',
      'mutation { addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename } }',
    ],
    ['a look-up by id', '{ node(id: "QWNjb3VudDpSMTAwMQ") { id } }'],
    ['__typename', '{ __typename }'],
  ])('lets nobody who is not known ask for %s', async (_, document) => {
    const authenticate = () => {
      throw new UnauthenticatedError('Expected a bearer token.');
    };
    const { query, calls } = await startProductionGateway({ access: { authenticate } });
    const reply = await query(document);
    expect([reply.status, reply.data, codesOf(reply), calls()]).toEqual([
      401,
      undefined,
      ['UNAUTHENTICATED'],
      [],
    ]);
  });
});

describe('access to what belongs to others', () => {
  // The object of an id is read with the caller's credentials: an id grants nothing by itself.
  it.each([
    ['an account', 'Account:R1001', 'orders:read'],
    ['an order', 'Order:20', 'accounts:read'],
    ['a phone of an account', 'Phone:S:R1001:1', 'orders:read'],
    ['a borrower of an order', 'Borrower:R:20:1', 'accounts:read'],
  ] as const)('by the id of %s takes the scope for it', async (_, key, scope) => {
    const { query, calls } = await startProductionGateway({ scopes: [scope] });
    const id = Buffer.from(key).toString('base64url');
    const reply = await query('query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }', { id });
    expect([reply.data, codesOf(reply), calls()]).toEqual([
      { node: null, nodes: [null] },
      ['FORBIDDEN', 'FORBIDDEN'],
      [],
    ]);
  });
});

describe('batching attacks', () => {
  it('by many names in one document, as to try out social security numbers, are refused, and nothing is sent', async () => {
    const { query, calls } = await startProductionGateway();
    const guesses = Array.from(
      { length: 101 },
      (_, n) => `a${n}: accountsBySsn(ssn: "${900_000_000 + n}") { fileNumber }`,
    );
    const reply = await query(`{ ${guesses.join(' ')} }`);
    expect([reply.data, codesOf(reply), calls()]).toEqual([undefined, ['QUERY_TOO_COMPLEX'], []]);
  });

  it('by arrays are refused, and nothing is sent', async () => {
    const { gateway, calls } = await startProductionGateway();
    const body = ['R1', 'R2'].map((v) => ({ query: `{ account(fileNumber: "${v}") { status } }` }));
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([response.status, calls()]).toEqual([400, []]);
  });
});

describe('insecure defaults', () => {
  it.each(['development', 'test', 'production'])(
    'contain nothing of an unexpected error, with NODE_ENV=%s',
    async (env) => {
      vi.stubEnv('NODE_ENV', env);
      vi.stubEnv('DEBUG', '1');
      try {
        const ledger = await ledgerInMemory();
        const open = () => Promise.reject(new Error('SECRET in /etc/secret'));
        const { query } = await startProductionGateway({
          ledger: { ...ledger, open },
          log: errorLog(() => {}),
        });
        const reply = await query('{ pendingOutcomes { outcomeId } }');
        expect(codesOf(reply)).toEqual(['INTERNAL_SERVER_ERROR']);
        expect(JSON.stringify(reply)).not.toMatch(/SECRET|stack|node_modules|\.ts:/i);
      } finally {
        vi.unstubAllEnvs();
      }
    },
  );

  it("contain nothing of an upstream's error page", async () => {
    const page = { status: 500, html: '<pre>SECRET Traceback (most recent call last): /srv/app.py</pre>' };
    const scollect = await startCorpusUpstream('scollect', { getaccount: page });
    const { query } = await startProductionGateway({ scollect });
    const reply = await query('{ account(fileNumber: "R1001") { status } }');
    expect(reply.errors).toHaveLength(1);
    expect(JSON.stringify(reply)).not.toMatch(/SECRET|Traceback|app\.py/);
  });

  it('show neither the schema, nor GraphiQL, nor what a misspelt field may mean', async () => {
    const { gateway, query } = await startProductionGateway();
    const page = await gateway.fetch('http://gateway/graphql', { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type') ?? '').not.toContain('html');
    for (const document of ['{ __schema { queryType { name } } }', '{ __type(name: "Account") { name } }']) {
      expect((await query(document)).data).toBeUndefined();
    }
    expect(JSON.stringify(await query('{ acount(fileNumber: "R1") { status } }'))).not.toContain(
      'Did you mean',
    );
  });
});
