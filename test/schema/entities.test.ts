import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scopes as allScopes, type Scope } from '../../src/operation/caller.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { maxRepresentations } from '../../src/schema/federation/entities.ts';
import { subgraph, subgraphSdl } from '../../src/schema/federation/subgraph.ts';
import { findableTypes } from '../../src/schema/kit/node.ts';
import { costOf, idOf, ids } from '../cost/asked.ts';
import { startAudited } from '../support/audited.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { ledgerInMemory, startGateway } from '../support/gateway.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const access = { schema: subgraph };

const startSubgraph = (options: Options = {}) => startGateway({ ...options, access });

const outcomeId = '0b9e1e9c-3c57-4d0a-9d7e-3f2a6c0b1d11';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

/** One before the sandbox, with an outcome that is not known. */
const startSandboxed = async (options: Options = {}) => {
  const open = {
    outcomeId,
    caller: 'ann',
    operation: 'runPayment',
    subject: { fileNumber: 'R1001', amount: '5.00' },
    evidence: null,
    startedAt: new Date(0),
  };
  const find = async (id: string) => (id === outcomeId ? open : null);
  return startSubgraph({ sandbox, ledger: { ...(await ledgerInMemory()), find }, ...options });
};

const entities = (selection: string): string =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;

/** What routers ask of each type. */
const idOfEach = [...findableTypes.keys()].map((name) => `... on ${name} { id }`).join(' ');
const named = entities(`__typename ${idOfEach}`);

const typeOf = (id: string): string => Buffer.from(id, 'base64url').toString().split(':')[0] ?? '';
const byId = (id: string) => ({ __typename: typeOf(id), id });

const known = ids.filter((id) => findableTypes.has(typeOf(id)));

describe('Query._entities', () => {
  it('returns what node returns, of each type', async () => {
    const { query } = await startSandboxed();
    const nodes = await query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids: known });
    const found = await query(named, { representations: known.map(byId) });
    expect(found).toEqual({ ...nodes, data: { _entities: nodes.data.nodes } });
    expect(found.errors).toBeUndefined();
    const types = found.data._entities.map((one: { __typename: string } | null) => one?.__typename);
    expect(new Set(types.filter(Boolean))).toEqual(new Set(findableTypes.keys()));
  });

  it('finds entities by their own keys', async () => {
    const { query } = await startSandboxed();
    const { data, errors } = await query(named, {
      representations: [
        { __typename: 'Portfolio', portfolioId: '709' },
        { __typename: 'Account', fileNumber: 'r3013' },
        { __typename: 'Order', orderId: '056100013' },
        { __typename: 'Assignment', assignmentId: '57074903' },
      ],
    });
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([
      byId(idOf('Portfolio', '709')),
      byId(idOf('Account', 'R3013')),
      byId(idOf('Order', '56100013')),
      byId(idOf('Assignment', '57074903')),
    ]);
  });

  it('keeps the order of representations: found, missing, forbidden, invalid and repeated ones', async () => {
    const { query } = await startSandboxed({ scopes: ['accounts:read'] });
    const account = { __typename: 'Account', fileNumber: 'R3013' };
    const { data, errors } = await query(entities('__typename ... on Account { fileNumber }'), {
      representations: [
        account,
        { __typename: 'Account', fileNumber: 'NONE1' },
        { __typename: 'Order', orderId: '56100013' },
        { __typename: 'Account', fileNumber: '../login' },
        { __typename: 'Portfolio', portfolioId: '709' },
        account,
        { __typename: 'Nothing' },
      ],
    });
    const found = { __typename: 'Account', fileNumber: 'R3013' };
    expect(data._entities).toEqual([found, null, null, null, { __typename: 'Portfolio' }, found, null]);
    expect(errors).toMatchObject([
      { path: ['_entities', 2], extensions: { code: 'FORBIDDEN', scopes: ['orders:read'] } },
      {
        path: ['_entities', 3],
        extensions: { code: 'BAD_USER_INPUT', argument: 'representations.3.fileNumber' },
      },
      {
        path: ['_entities', 6],
        extensions: { code: 'BAD_USER_INPUT', argument: 'representations.6.__typename' },
      },
    ]);
  });

  it('lets one that fails leave the others', async () => {
    const { query } = await startSubgraph({ recoveryConnect: null });
    const { data, errors } = await query(named, {
      representations: [byId(idOf('Order', '20')), byId(idOf('Account', 'R1001'))],
    });
    expect(data._entities).toEqual([null, byId(idOf('Account', 'R1001'))]);
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }]);
  });

  it('takes representations as literals and in parts, as variables', async () => {
    const { query } = await startSubgraph();
    const { data, errors } = await query(
      'query ($fileNumber: String!, $one: _Any!) { _entities(representations: [{ __typename: "Account", fileNumber: $fileNumber }, $one]) { __typename } }',
      { fileNumber: 'R1001', one: { __typename: 'Order', orderId: '20' } },
    );
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([{ __typename: 'Account' }, { __typename: 'Order' }]);
  });

  it('reads orders in one call, and each account once', async () => {
    const { query, calls } = await startSubgraph();
    const representations = [
      { __typename: 'Order', orderId: '20' },
      { __typename: 'Account', fileNumber: 'R1001' },
      { __typename: 'Order', orderId: '21' },
      { __typename: 'Account', id: idOf('Account', 'R1001') },
    ];
    await query(entities('... on Order { caseNumber } ... on Account { status }'), { representations });
    expect(calls().map((call) => call.replace(/[?].*/, ''))).toHaveLength(2);
  });

  it('reads what is selected below an entity in parallel with it, if the caller may', async () => {
    const representations = [{ __typename: 'Account', fileNumber: 'R1001' }];
    const document = entities('... on Account { status phones { number } lastPayment { paymentDate } }');
    const callsWith = async (scopes: readonly Scope[]) => {
      const gateway = await startSubgraph({
        scopes,
        scollect: await startCorpusUpstream('scollect', {
          getaccount: { json: { result: { result: [] }, state: 'SUCCESS' } },
        }),
      });
      return (await costOf(gateway, document, { representations })).made;
    };
    // The account does not exist: the other calls were made before that was known.
    expect(await callsWith(['accounts:read', 'payments:read'])).toBe(3);
    expect(await callsWith(['accounts:read'])).toBe(2);
    expect(await callsWith(['payments:read'])).toBe(0);
  });
});

describe('the scope of an entity', () => {
  const outcome = idOf('PendingOutcome', outcomeId);
  const scopeOf = (id: string): Scope => {
    const [type = '', system = ''] = Buffer.from(id, 'base64url').toString().split(':');
    if (type === 'PendingOutcome') return 'payments:read';
    if (['Account', 'Portfolio', 'Note', 'EmailEvent'].includes(type) || system === 'S')
      return 'accounts:read';
    return 'orders:read';
  };
  // Those that the sandbox has.
  const rows = [...new Set([...known, outcome])].filter(
    (id) => ![idOf('Account', 'NONE1'), idOf('Address', 'R', '20', '21')].includes(id),
  );

  it('is tested for each type', () => {
    expect(new Set(rows.map(typeOf))).toEqual(new Set(findableTypes.keys()));
  });

  it.each(rows.map((id) => [Buffer.from(id, 'base64url').toString(), id, scopeOf(id)] as const))(
    '%s: is required before any call',
    async (_, id, scope) => {
      const without = await startSandboxed({ scopes: allScopes.filter((one) => one !== scope) });
      const refused = await costOf(without, named, { representations: [byId(id)] });
      expect(refused.reply.data).toEqual({ _entities: [null] });
      expect(refused.reply.errors).toEqual([
        {
          message: `representations.0.id: expected a caller with the scope ${scope}.`,
          path: ['_entities', 0],
          locations: expect.anything(),
          extensions: { code: 'FORBIDDEN', scopes: [scope] },
        },
      ]);
      expect(refused.made).toBe(0);
      const { query } = await startSandboxed({ scopes: [scope] });
      const allowed = await query(named, { representations: [byId(id)] });
      expect(allowed.errors).toBeUndefined();
      // One of the ids is that of an earlier version.
      expect(allowed.data).toMatchObject({ _entities: [{ __typename: typeOf(id) }] });
    },
  );

  it('is required of a caller without any, at each place', async () => {
    const { query } = await startSandboxed({ scopes: [] });
    const { data, errors = [] } = await query(named, { representations: rows.map(byId) });
    expect(data._entities).toEqual(rows.map(() => null));
    expect(errors.map(({ extensions }) => extensions?.['code'])).toEqual(rows.map(() => 'FORBIDDEN'));
  });
});

describe('the cost of entities', () => {
  const deep = entities(`
    ... on Account { status coBorrowers { phones { number } } phones { number accounts { fileNumber } } orders { edges { node { caseNumber } } } portfolio { name } lastPayment { paymentDate } }
    ... on Order { caseNumber runCount borrowers { addresses { city } phones { number memo } } assignments { order { orderId } } links: accounts { account { status } } }
    ... on Assignment { order { orderId borrowers { fullName } } }
    ... on Portfolio { page: accounts(first: 2) { edges { node { status phones { number } } } } }
    ... on Borrower { fullName phones { number } addresses { city } account { status } order { caseNumber } }
    ... on Phone { number memo accounts { fileNumber } borrower { fullName } account { status } }
    ... on Address { city } ... on Note { body } ... on EmailEvent { eventType } ... on Photo { photoId order { orderId } }
    ... on Collateral { vin } ... on SpecialInstruction { id } ... on PendingOutcome { account { status } }`);

  const ownKeys = [
    { __typename: 'Account', fileNumber: 'R3013' },
    { __typename: 'Account', fileNumber: 'r3003' },
    { __typename: 'Order', orderId: '56100003' },
    { __typename: 'Order', orderId: '56100013' },
    { __typename: 'Assignment', assignmentId: '57074903' },
    { __typename: 'Portfolio', portfolioId: '709' },
  ];
  const all = [...known.map(byId), ...ownKeys];

  it.each([
    ...all.map((one) => [JSON.stringify(Object.values(one)), [one]] as const),
    ['all of them', all] as const,
    ['own keys', ownKeys] as const,
    ['repeated ones', [...ownKeys, ...ownKeys]] as const,
    ['invalid ones', [{ __typename: 'Nothing' }, 5, ...ownKeys]] as const,
  ])('%s: is estimated at no less than the calls that are made', async (_, representations) => {
    const gateway = await startSandboxed({
      scopes: allScopes,
      operationLimits: { maxUpstreamCalls: 100_000 },
    });
    const { cost, made, reply } = await costOf(gateway, deep, { representations });
    expect(reply.data._entities).toHaveLength(representations.length);
    expect(made).toBeLessThanOrEqual(cost.upstreamCalls);
    expect(cost.upstreamCalls).toBeLessThan(100_000);
  });

  it.each([
    ['variables', entities('... on Account { status }'), { representations: ownKeys.slice(0, 2) }],
    [
      'literals',
      '{ _entities(representations: [{ __typename: "Account", fileNumber: "R1" }, { __typename: "Account", fileNumber: "R2" }]) { ... on Account { status } } }',
      {},
    ],
  ])('is limited before any call: %s', async (_, document, variables) => {
    const { query, calls } = await startSubgraph({ operationLimits: { maxUpstreamCalls: 1 } });
    expect(await query(document, variables)).toEqual({
      status: 200,
      errors: [
        {
          message: 'The operation may need 2 calls to the upstreams; at most 1 are allowed.',
          extensions: { code: 'QUERY_TOO_COMPLEX', cost: { upstreamCalls: 2, maximum: 1 } },
        },
      ],
    });
    expect(calls()).toEqual([]);
  });

  it('counts what is selected of many accounts once, and not once for each', async () => {
    const representations = Array.from({ length: maxRepresentations }, (_, index) => ({
      __typename: 'Account',
      fileNumber: `R${index}`,
    }));
    const fields = Object.keys((subgraph.getType('Account') as never as { getFields(): object }).getFields());
    const leaves = fields.filter((name) => /Date|Balance|Amount|^status|^client|Type$|^id$/.test(name));
    expect(leaves.length).toBeGreaterThan(20);
    const { query } = await startSubgraph({ operationLimits: { maxUpstreamCalls: 999 } });
    const { errors } = await query(entities(`... on Account { ${leaves.join(' ')} }`), { representations });
    expect(errors).toMatchObject([{ extensions: { cost: { upstreamCalls: 1000, maximum: 999 } } }]);
    const ids = representations.slice(0, 500).map(({ fileNumber }) => idOf('Account', fileNumber));
    const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Account { ${leaves.join(' ')} } } }`;
    const { query: queryFew } = await startGateway({ operationLimits: { maxUpstreamCalls: 499 } });
    expect((await queryFew(nodes, { ids })).errors).toMatchObject([
      { extensions: { cost: { upstreamCalls: 500, maximum: 499 } } },
    ]);
  });
});

describe('representations', () => {
  it('are limited in number', async () => {
    const { query, calls } = await startSubgraph();
    const one = { __typename: 'Account', fileNumber: 'R1001' };
    const most = Array.from({ length: maxRepresentations }, () => one);
    const { errors } = await query(entities('__typename'), { representations: [...most, one] });
    expect(errors).toMatchObject([
      {
        message: `representations: expected at most ${maxRepresentations} of them.`,
        extensions: { code: 'BAD_USER_INPUT', argument: 'representations' },
      },
    ]);
    expect(calls()).toEqual([]);
    const all = await query(entities('__typename'), { representations: most });
    expect(all.errors).toBeUndefined();
    expect(all.data._entities).toHaveLength(maxRepresentations);
    expect(calls()).toHaveLength(1);
  });

  it('that are invalid are errors without values, and cost nothing', async () => {
    const { query, calls } = await startSubgraph();
    const representations = [
      'CANARY',
      7,
      ['CANARY'],
      { __typename: 'CANARY' },
      { __typename: 'Account' },
      { __typename: 'Account', fileNumber: { CANARY: 1 } },
      { __typename: 'Account', fileNumber: 'R1001', CANARY: 'CANARY' },
      { __typename: 'Account', id: idOf('Order', '20') },
      { __typename: 'Order', orderId: 'CANARY' },
      { __typename: 'Phone', id: idOf('Phone', 'X', 'CANARY') },
    ];
    const { data, errors = [] } = await query(named, { representations });
    expect(data._entities).toEqual(representations.map(() => null));
    expect(errors.map(({ path }) => path)).toEqual(representations.map((_, index) => ['_entities', index]));
    expect(new Set(errors.map(({ extensions }) => extensions?.['code']))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
    expect(JSON.stringify(errors)).not.toContain('CANARY');
    expect(calls()).toEqual([]);
  });

  it('that are null are rejected with their list', async () => {
    const { query } = await startSubgraph();
    const { data, errors } = await query(named, { representations: [null] });
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('count as fields of the response, so that errors are limited too', async () => {
    const { query } = await startSubgraph({ operationLimits: { maxAnswerFields: 50 } });
    const { errors = [] } = await query(entities('__typename'), {
      representations: Array.from({ length: 100 }, () => 1),
    });
    expect(errors.filter(({ extensions }) => extensions?.['code'] === 'BAD_USER_INPUT').length).toBeLessThan(
      50,
    );
    expect(errors.at(-1)).toMatchObject({ extensions: { code: 'QUERY_TOO_COMPLEX' } });
  });

  it('are not accepted in a GET', async () => {
    const { gateway, calls } = await startSubgraph();
    for (const parameters of [
      { query: named, variables: JSON.stringify({ representations: [] }) },
      {
        query: '{ _entities(representations: [{ __typename: "Account", fileNumber: "R1" }]) { __typename } }',
      },
    ]) {
      const response = await gateway.fetch(`http://gateway/graphql?${new URLSearchParams(parameters)}`, {
        headers: { accept: 'application/json' },
      });
      expect(response.status).toBe(400);
      expect(await response.text()).toContain('Personal data in a GET');
    }
    expect(calls()).toEqual([]);
  });

  it('appear in the audit line as the records that were returned', async () => {
    const { query, lines } = await startAudited({ access });
    await query(named, {
      representations: [
        { __typename: 'Account', fileNumber: 'r1001' },
        { __typename: 'Order', orderId: '20' },
        byId(idOf('Assignment', '30554')),
        byId(idOf('Borrower', 'S', 'R1002', 'debtor')),
        { __typename: 'Account', fileNumber: 'R1003', ssn: '111-22-3333' },
      ],
    });
    expect(lines()).toMatchObject([
      {
        records: expect.arrayContaining(['Account:R1001', 'Order:20', 'Assignment:30554', 'Account:R1002']),
        recordCount: 4,
        errors: { BAD_USER_INPUT: 1 },
      },
    ]);
    expect(JSON.stringify(lines())).not.toMatch(/3333|R1003/);
  });
});

describe('Query._service', () => {
  it('returns the committed file, without a scope, and without introspection', async () => {
    const { query } = await startGateway({ scopes: [], access: { ...access, introspection: false } });
    expect((await query('{ _service { sdl } }')).data).toEqual({ _service: { sdl: subgraphSdl } });
  });

  it('is not repeated hundreds of times', async () => {
    const { query } = await startSubgraph();
    const inner = Array.from({ length: 10 }, (_, index) => `b${index}: sdl`).join(' ');
    const outer = Array.from({ length: 5 }, (_, index) => `a${index}: _service { ${inner} }`).join(' ');
    const { data, errors } = await query(`{ ${outer} }`);
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    expect(JSON.stringify(data).length).toBeLessThan(20 * subgraphSdl.length);
  });
});

describe('a gateway without a federation', () => {
  it('has neither field', async () => {
    const { query } = await startGateway();
    for (const document of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      expect((await query(document)).errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
    }
  });
});
