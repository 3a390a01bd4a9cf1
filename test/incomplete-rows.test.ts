import { describe, expect, it, vi } from 'vitest';
import { createIncompleteLog } from '../src/telemetry/upstream-log.ts';
import { getnotes } from '../src/upstreams/scollect/notes.ts';
import { getpayments } from '../src/upstreams/scollect/payments.ts';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { silentLog, startGateway } from './support/gateway.ts';
import { forRequest } from './support/own-keys.ts';
import { listEnd, listHead, rowsOf, startStreamingScollect } from './support/streaming-scollect.ts';
import type { Received } from './support/upstream.ts';

type Row = Readonly<Record<string, unknown>>;
type System = 'scollect' | 'recoveryconnect';

const canary = 'CANARY-123-45-6789';

/** An answer with a row that holds nothing by which it can be shown. */
const withIncomplete = (body: unknown): unknown => {
  if (Array.isArray(body)) return [...(body as unknown[]), { text: canary }];
  const [key] = ['result', 'success', 'data'].filter((name) => name in (body as object));
  if (key === undefined) throw new Error('no list');
  return { ...(body as object), [key]: withIncomplete((body as Row)[key]) };
};

/** Serves some operations by their documented rows and an incomplete one. */
const startSystem = (system: System, ...operations: readonly string[]) =>
  startCorpusUpstream(
    system,
    Object.fromEntries(
      operations.map((operation) => [
        operation,
        (request: Received) => ({
          json: withIncomplete(forRequest(operation, request, corpusFile(system, operation).success)),
        }),
      ]),
    ),
  );

const start = async (system: System, ...operations: readonly string[]) => {
  const upstream = await startSystem(system, ...operations);
  const onIncomplete = vi.fn();
  const gateway = await startGateway({
    ...(system === 'scollect' ? { scollect: upstream } : { recoveryConnect: upstream }),
    observer: { onIncomplete },
  });
  return { ...gateway, onIncomplete };
};

const message = 'Some rows are incomplete and are not included.';
const warning = (upstream: string, operation: string) => ({ upstream, operation, message });

describe('a list with an incomplete row', () => {
  it('has a warning for each operation, once in an answer', async () => {
    const { query, onIncomplete } = await start('scollect', 'getnotes', 'getphones');
    const document = `{
      accounts(fileNumbers: ["R1", "R2"]) { notes { totalCount } phones { number } a: notes { totalCount } payments { totalCount } }
    }`;
    for (let nth = 0; nth < 2; nth += 1) {
      const { data, errors, extensions } = await query(document);
      expect(errors).toBeUndefined();
      expect(data.accounts).toHaveLength(2);
      const { warnings } = extensions as { warnings: { operation: string }[] };
      expect(warnings).toHaveLength(2);
      expect(warnings).toEqual(
        expect.arrayContaining([warning('SCOLLECT', 'getnotes'), warning('SCOLLECT', 'getphones')]),
      );
      expect(JSON.stringify({ data, extensions })).not.toContain('CANARY');
    }
    expect(onIncomplete.mock.calls.map(([{ operation }, rows]) => [operation, rows])).toEqual(
      expect.arrayContaining([
        ['getnotes', 1],
        ['getphones', 1],
      ]),
    );
  });

  it('has no warning where every row is complete', async () => {
    const { query } = await startGateway();
    const reply = await query('{ account(fileNumber: "R1") { notes { totalCount } } }');
    expect(reply.extensions).toBeUndefined();
  });

  it('keeps the warning in the answer of a mutation', async () => {
    const { query } = await start('scollect', 'getnotes');
    const { data, extensions } = await query(`mutation {
      addNote(input: { fileNumber: "R1000", collectorName: "agent", body: "B" }) {
        ... on AddNoteSuccess { account { notes { totalCount } } }
      }
    }`);
    expect(data.addNote.account.notes.totalCount).toBeGreaterThan(1);
    expect(extensions).toMatchObject({ warnings: [warning('SCOLLECT', 'getnotes')] });
  });
});

const idOf = (key: string): string => Buffer.from(key).toString('base64url');

/** Look-ups in a list of what is not in it. */
const lookUps: readonly (readonly [system: System, operation: string, document: string, path: string[]])[] = [
  ['scollect', 'getportfoliolist', '{ portfolio(name: "Elsewhere") { name } }', ['portfolio']],
  ['scollect', 'getportfoliolist', `{ node(id: "${idOf('Portfolio:1')}") { id } }`, ['node']],
  [
    'scollect',
    'getphones',
    '{ account(fileNumber: "R1") { borrower { phone(phoneId: "1") { number } } } }',
    ['account', 'borrower', 'phone'],
  ],
  ['scollect', 'getphones', `{ node(id: "${idOf('Phone:S:R1:1')}") { id } }`, ['node']],
  [
    'scollect',
    'get_accounts_in_portfolio',
    '{ account(fileNumber: "R9") { portfolioEntry { level } } }',
    ['account', 'portfolioEntry'],
  ],
  [
    'scollect',
    'getnotes',
    `mutation { addNote(input: { fileNumber: "R1000", collectorName: "agent", body: "B" }) {
      ... on AddNoteSuccess { note { body } }
    } }`,
    ['addNote', 'note'],
  ],
  [
    'scollect',
    'getattempts',
    `mutation { recordContactAttempt(input: {
      fileNumber: "R1001", phoneNumber: "407-253-7828", disposition: "BUSY", agent: "a", type: "MANUAL"
    }) { ... on RecordContactAttemptSuccess { attempt { date } } } }`,
    ['recordContactAttempt', 'attempt'],
  ],
  [
    'recoveryconnect',
    'listOrderBorrowers',
    '{ order(orderId: "20") { borrower(borrowerId: "1") { fullName } } }',
    ['order', 'borrower'],
  ],
  ['recoveryconnect', 'listOrderBorrowers', `{ node(id: "${idOf('Borrower:R:20:1')}") { id } }`, ['node']],
  [
    'recoveryconnect',
    'listBorrowerPhones',
    '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phones { memo } phone(phoneId: "1") { memo } } } }',
    ['order', 'borrower', 'phone'],
  ],
];

describe('a look-up in a list with an incomplete row', () => {
  it.each(lookUps)(
    'of %s by %s is an error if nothing is found: %s',
    async (system, operation, document, path) => {
      const { query } = await start(system, operation);
      for (let nth = 0; nth < (document.startsWith('mutation') ? 1 : 2); nth += 1) {
        const { data, errors } = await query(document);
        expect(path.reduce((value, name) => value[name], data)).toBeNull();
        expect(errors).toMatchObject([{ path, extensions: { code: 'UPSTREAM_BAD_RESPONSE', operation } }]);
      }
      const { query: complete } = await startGateway();
      const whole = await complete(document);
      expect(whole.errors).toBeUndefined();
      expect(path.reduce((value, name) => value[name], whole.data)).toBeNull();
    },
  );

  it.each([
    ['filterOrders', 'order(orderId: "20") { orderId } b: order(orderId: "21") { orderId }', 'order'],
    [
      'filterAssignments',
      'assignment(assignmentId: "20") { assignmentId } b: assignment(assignmentId: "21") { assignmentId }',
      'assignment',
    ],
  ])('%s by numbers: those without a row have failed', async (operation, fields, field) => {
    for (const [rows, isFound] of [
      [[{ id: 20 }, { text: canary }], false],
      [[{ id: 20 }], true],
    ] as const) {
      const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
        [operation]: { json: { data: rows } },
      });
      const { query } = await startGateway({ recoveryConnect });
      const { data, errors } = await query(`{ ${fields} }`);
      expect(data).toEqual({ [field]: { [`${field}Id`]: '20' }, b: null });
      if (isFound) expect(errors).toBeUndefined();
      else
        expect(errors).toMatchObject([
          { path: ['b'], extensions: { code: 'UPSTREAM_BAD_RESPONSE', operation } },
        ]);
    }
  });
});

describe('the names of an order with an incomplete borrower', () => {
  it('do not match for sure, where they would not match otherwise', async () => {
    const document = '{ account(fileNumber: "R1001") { orders { edges { nameMatches } } } }';
    const answers = (rows: object[]) => ({
      filterOrders: { json: { data: [{ id: 7, client_accountno: '12345679' }] } },
      listOrderBorrowers: { json: { data: rows } },
    });
    const matches = async (...rows: object[]): Promise<unknown> => {
      const recoveryConnect = await startCorpusUpstream('recoveryconnect', answers(rows));
      const scollect = await startCorpusUpstream('scollect', {
        getaccount: (request) => ({
          json: { result: [{ ...documentedAccount, filenumber: request.path.split('/').at(-1) }] },
        }),
      });
      const { query } = await startGateway({ scollect, recoveryConnect });
      const { data, errors } = await query(document);
      expect(errors).toBeUndefined();
      return data.account.orders.edges;
    };
    const other = { id: 1, firstname: 'Anthony', lastname: 'Pope' };
    const same = { id: 2, firstname: 'Malia', lastname: 'Guest' };
    expect(await matches(other)).toEqual([{ nameMatches: false }]);
    expect(await matches(other, { text: canary })).toEqual([{ nameMatches: null }]);
    expect(await matches(same, { text: canary })).toEqual([{ nameMatches: true }]);
  });
});

const { result: accountRows } = corpusFile('scollect', 'getaccount').success as { result: readonly Row[] };
const documentedAccount = {
  ...accountRows[0],
  accountnumber: '12345679',
  firstname: 'MALIA',
  lastname: 'GUEST',
};

describe('a portfolio with incomplete rows', () => {
  const start = async () => {
    const scollect = await startStreamingScollect();
    return { ...scollect, ...(await startGateway({ scollect: scollect.upstream, recoveryConnect: null })) };
  };
  const document = (args: string, more = '') =>
    `{ portfolio(name: "P") { accounts(${args}) { ${more} edges { cursor node { fileNumber } } pageInfo { hasNextPage endCursor } } } }`;
  const incomplete = JSON.stringify({ firstname: canary, pad: '-'.repeat(600) });
  const warnings = { warnings: [warning('SCOLLECT', 'get_accounts_in_portfolio')] };

  /** Rows with one left out behind as many others, a page of twenty at a time. */
  const pagesOf = async (count: number, ...leftOutBehind: readonly number[]) => {
    const { query, coming, downloads } = await start();
    const rows = rowsOf(0, count);
    for (const at of [...leftOutBehind].sort((a, b) => b - a)) rows.splice(at, 0, incomplete);
    const numbers: string[] = [];
    const warned: boolean[] = [];
    let after = '';
    for (let hasNext = true; hasNext; ) {
      const before = downloads();
      const page = query(document(`first: 20${after}`));
      // A later page may be of what the first has left.
      if (before === 0) {
        const answer = await coming();
        await answer.write(listHead + rows.join(', '));
        answer.end(listEnd);
      }
      const { data, errors, extensions } = await page;
      expect(errors).toBeUndefined();
      const { edges, pageInfo } = data.portfolio.accounts;
      numbers.push(...edges.map(({ node }: { node: { fileNumber: string } }) => node.fileNumber));
      warned.push(extensions !== undefined);
      if (extensions) expect(extensions).toEqual(warnings);
      hasNext = pageInfo.hasNextPage;
      after = `, after: "${pageInfo.endCursor}"`;
    }
    expect(downloads()).toBe(1);
    return { numbers, warned };
  };

  it.each([
    ['no row', [], [false, false, false]],
    ['the first row', [0], [true, true, true]],
    ['a row of the first page', [5], [true, true, true]],
    ['the row behind the first page', [20], [true, true, true]],
    ['a row of the second page', [30], [false, true, true]],
    ['the last row', [60], [false, false, true]],
    ['several rows', [0, 0, 30, 60], [true, true, true]],
  ])('is read page by page without them: %s', async (_, leftOutBehind, warned) => {
    const expected = Array.from({ length: 60 }, (__, at) => `R${at}`);
    expect(await pagesOf(60, ...leftOutBehind)).toEqual({ numbers: expected, warned });
  });

  it('is read alike if it is large', async () => {
    const { numbers, warned } = await pagesOf(250, 0, 30, 100, 249, 250);
    expect(numbers).toEqual(Array.from({ length: 250 }, (_, at) => `R${at}`));
    expect(warned.every(Boolean)).toBe(true);
  });

  it('has a total without them, and the warning with it', async () => {
    const { query, coming } = await start();
    const page = query(document('first: 1', 'totalCount'));
    const answer = await coming();
    await answer.write(listHead + [...rowsOf(0, 200), incomplete].join(', '));
    answer.end(listEnd);
    const { data, extensions } = await page;
    expect(data.portfolio.accounts).toMatchObject({ totalCount: 200, pageInfo: { hasNextPage: true } });
    expect(extensions).toEqual(warnings);
  });

  it('fails if no row is complete', async () => {
    const { query, coming } = await start();
    const page = query(document('first: 1'));
    const answer = await coming();
    await answer.write(listHead + Array(200).fill(incomplete).join(', '));
    answer.end(listEnd);
    const { data, errors } = await page;
    expect(data).toEqual({ portfolio: { accounts: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });
});

describe('orders in pages with incomplete rows', () => {
  const perPage = 2;
  // The third and the fourth order are a page of their own, of which one can be read; the last one cannot.
  const all: readonly Row[] = [
    { id: 1 },
    {},
    { id: 3 },
    { note: canary },
    { id: 5 },
    { id: 6 },
    { id: 7 },
    {},
  ];
  const answer = ({ query }: Received) => {
    const page = Number(query['page'] ?? 1);
    const meta = { current_page: page, last_page: 4, per_page: String(perPage), total: all.length };
    return { json: { data: all.slice((page - 1) * perPage, page * perPage), meta } };
  };

  it.each([1, 2, 3, 5, 8])('are each read once, %i at a time', async (first) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { filterOrders: answer });
    const { query } = await startGateway({ recoveryConnect });
    const ids: string[] = [];
    let after: string | null = null;
    let hasNext = true;
    for (let pages = 0; hasNext && pages < 20; pages += 1) {
      const { data, errors, extensions } = await query(
        'query($first: Int, $after: String) { orders(first: $first, after: $after) { totalCount edges { node { orderId } } pageInfo { hasNextPage endCursor } } }',
        { first, after },
      );
      expect(errors).toBeUndefined();
      expect(data.orders.totalCount).toBe(8);
      if (data.orders.edges.length < Math.min(first, 8)) {
        expect(extensions).toEqual({ warnings: [warning('RECOVERY_CONNECT', 'filterOrders')] });
      }
      ids.push(...data.orders.edges.map(({ node }: { node: { orderId: string } }) => node.orderId));
      hasNext = data.orders.pageInfo.hasNextPage;
      after = data.orders.pageInfo.endCursor;
      expect(after).not.toBeNull();
    }
    expect(hasNext).toBe(false);
    expect(ids).toEqual(['1', '3', '5', '6', '7']);
  });
});

/** Values of rows that cannot be read, and the original text next to them. */
const unreadable: readonly (readonly [operation: string, field: string, key: string, raw: string])[] = [
  ['getpayments', 'payments { edges { node { amount rawAmount } } }', 'paymentamount', 'about 15'],
  ['getpayments', 'payments { edges { node { paymentDate rawPaymentDate } } }', 'paymentdate', 'Friday'],
  ['getpayments', 'payments { edges { node { takenDate rawTakenDate } } }', 'datetaken', '13/45/2024'],
  ['getattempts', 'attempts { edges { node { date rawDate } } }', 'date', 'yesterday'],
  ['getattempts', 'attempts { edges { node { time rawTime } } }', 'time', '25:61'],
  ['getattempts', 'attempts { edges { node { phoneNumber rawPhoneNumber } } }', 'phonenumber', 'unknown'],
  ['getnotes', 'notes { edges { node { loggedAt rawLoggedAt } } }', 'logdateandtime', 'Friday noon'],
  ['getemails', 'emails { edges { node { occurredAt rawOccurredAt } } }', 'DateLoaded', 'Friday noon'],
  ['getphones', 'phones { balance rawBalance }', 'balance', 'a lot'],
  ['getphones', 'phones { number rawNumber }', 'phonenumber', 'ask wife'],
];

describe('a value of a row that cannot be read', () => {
  it.each(unreadable)(
    '%s: is null with the original text next to it: %s',
    async (operation, field, key, raw) => {
      const documented = corpusFile('scollect', operation).success;
      const changed = (body: unknown): unknown => {
        if (Array.isArray(body)) {
          const [row, ...rows] = body as Row[];
          const { logdate: _, ...rest } = row ?? {};
          return [{ ...rest, [key]: raw }, ...rows];
        }
        const [place] = ['result', 'success'].filter((name) => name in (body as object));
        return { ...(body as object), [place ?? '']: changed((body as Row)[place ?? '']) };
      };
      const scollect = await startCorpusUpstream('scollect', {
        [operation]: (request) => ({ json: forRequest(operation, request, changed(documented)) }),
      });
      const { query } = await startGateway({ scollect });
      const { data, errors, extensions } = await query(`{ account(fileNumber: "R1") { list: ${field} } }`);
      expect({ errors, extensions }).toEqual({ errors: undefined, extensions: undefined });
      const { list } = data.account;
      const rows: Row[] = Array.isArray(list) ? list : list.edges.map(({ node }: { node: Row }) => node);
      expect(rows.length).toBeGreaterThan(1);
      expect(Object.values(rows[0] ?? {})).toEqual([null, raw]);
    },
  );

  it('getportfoliolist: is null with the original text next to it', async () => {
    const rows = [
      { id: 1, portfolio: 'P', dateplaced: 'Friday' },
      { id: 2, portfolio: 'Q', dateplaced: '1/2/2024' },
    ];
    const scollect = await startCorpusUpstream('scollect', { getportfoliolist: { json: { result: rows } } });
    const { query } = await startGateway({ scollect });
    const { data } = await query('{ portfolios { placedDate rawPlacedDate } }');
    expect(data.portfolios).toEqual([
      { placedDate: null, rawPlacedDate: 'Friday' },
      { placedDate: '2024-01-02', rawPlacedDate: '1/2/2024' },
    ]);
  });
});

describe('operators', () => {
  it('are warned at once and then once a minute for each operation, with the number of rows', () => {
    const warn = vi.fn();
    let time = 0;
    const onIncomplete = createIncompleteLog({ ...silentLog, warn }, null, () => time);
    const entry = (operation: string, count: number) => [
      { upstream: 'SCOLLECT', operation, method: 'GET', path: `/${operation}/{filenumber}`, count },
      'an upstream returned incomplete rows',
    ];
    onIncomplete(getnotes, 3);
    onIncomplete(getpayments, 1);
    onIncomplete(getnotes, 2);
    expect(warn.mock.calls).toEqual([entry('getnotes', 3), entry('getpayments', 1)]);
    time = 60_000;
    onIncomplete(getnotes, 2);
    expect(warn.mock.calls.slice(2)).toEqual([entry('getnotes', 4)]);
  });

  it('find the number of rows in the metrics', async () => {
    const upstream = await startSystem('scollect', 'getnotes');
    const gateway = await startGateway();
    const { observer } = gateway.metrics;
    const { query } = await startGateway({ scollect: upstream, observer });
    await query('{ account(fileNumber: "R1") { notes { totalCount } } }');
    expect(await gateway.metrics.read()).toContain(
      'recollect_upstream_rows_left_out_total{upstream="SCOLLECT",operation="getnotes"} 1',
    );
  });
});
