import { describe, expect, it, onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { cachesOf } from '../support/caches.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const account = (fileNumber = 'R1001') =>
  `{ account(fileNumber: "${fileNumber}") { client currentBalance } }`;

const traced = { 'x-recollect-trace': '1', 'x-recollect-cost': '1' };

const sandboxed = async (operations: readonly string[]) => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return { sandbox, ...(await startGateway({ sandbox, caches: cachesOf(operations) })) };
};

/** The upstream operations that a query called, and those whose responses were cached. */
const readsOf = async ({ query }: Awaited<ReturnType<typeof sandboxed>>, document: string, headers = {}) => {
  const { data, extensions } = await query(document, {}, { ...traced, ...headers });
  const upstream = (extensions?.['upstream'] ?? []) as { operation: string; cached?: true }[];
  return {
    data,
    called: upstream.filter(({ cached }) => !cached).map(({ operation }) => operation),
    cached: upstream.filter(({ cached }) => cached).map(({ operation }) => operation),
  };
};

describe('a cached response', () => {
  it('replaces the call, and is reported with its age', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { gateway } = await startGateway({ scollect, caches: cachesOf(['getaccount']) });
    const send = async () => {
      const response = await gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...traced },
        body: JSON.stringify({ query: account() }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: the shape is that of this query
      return { age: response.headers.get('age'), body: (await response.json()) as any };
    };
    const first = await send();
    expect(first.age).toBeNull();
    expect(first.body.extensions).toMatchObject({ cost: { made: 1 }, upstream: [{ shared: false }] });
    expect(first.body.extensions).not.toHaveProperty('asOf');
    expect(first.body.extensions.upstream[0]).not.toHaveProperty('cached');
    // By graphql-yoga, and then by the direct executor.
    for (const again of [await send(), await send()]) {
      expect(again.body.data).toEqual(first.body.data);
      expect(again.age).toMatch(/^\d+$/);
      const { asOf, cost, upstream } = again.body.extensions;
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
      expect(cost).toMatchObject({ made: 0 });
      expect(upstream).toEqual([
        {
          system: 'SCOLLECT',
          operation: 'getaccount',
          path: '/getaccount/{filenumber}',
          milliseconds: 0,
          status: 200,
          shared: false,
          cached: true,
          ageMs: expect.any(Number),
        },
      ]);
    }
    expect(scollect.calls()).toEqual(['/getaccount/R1001']);
  });

  it.each([['no-cache'], ['max-age=0'], ['no-store, no-cache']])(
    'is not used for a request with Cache-Control: %s, which replaces it',
    async (control) => {
      const started = await sandboxed(['getaccount']);
      await readsOf(started, account());
      const fresh = await readsOf(started, account(), { 'cache-control': control });
      expect(fresh).toMatchObject({ called: ['getaccount'], cached: [] });
      expect(await readsOf(started, account())).toMatchObject({ called: [], cached: ['getaccount'] });
    },
  );

  it('is used after other directives, such as max-stale', async () => {
    const started = await sandboxed(['getaccount']);
    await readsOf(started, account());
    const again = await readsOf(started, account(), { 'cache-control': 'max-stale, max-age=01' });
    expect(again).toMatchObject({ cached: ['getaccount'] });
  });

  it('is shared by requests that miss it at once: they make one call', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect, caches: cachesOf(['getaccount']) });
    await Promise.all(Array.from({ length: 8 }, () => query(account())));
    expect(scollect.calls()).toHaveLength(1);
  });

  it('has the warnings of the upstream, of left-out rows, and the rows, as a fresh one', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      listOrderBorrowers: {
        json: { data: [{ id: 7, firstname: 'Ann' }, { firstname: 'No number' }], warnings: ['Data is late'] },
      },
    });
    const { query } = await startGateway({ recoveryConnect, caches: cachesOf(['listOrderBorrowers']) });
    const document = '{ order(orderId: "20") { borrowers { borrowerId firstName } } }';
    const fresh = await query(document);
    expect(fresh.extensions).toMatchObject({
      warnings: [{ message: 'Data is late' }, { message: expect.stringMatching(/incomplete/) }],
    });
    const { extensions: { asOf, ...extensions } = {}, ...cached } = await query(document);
    expect(asOf).toEqual(expect.any(String));
    expect({ ...cached, extensions }).toEqual(fresh);
    expect(recoveryConnect.calls().filter((path) => path.endsWith('/borrowers'))).toHaveLength(1);
  });

  it.each([
    ['a failure', { status: 500, json: {} }],
    ['an absence', { json: { result: [{ error: 'File Number not found' }, 404], state: 'SUCCESS' } }],
    ['a row of another account', { json: { result: [{ filenumber: 'OTHER' }], state: 'SUCCESS' } }],
    ['no JSON', { html: 'x' }],
  ])('is never %s', async (_, getaccount) => {
    const scollect = await startCorpusUpstream('scollect', { getaccount });
    const { query } = await startGateway({ scollect, caches: cachesOf(['getaccount']) });
    await query(account());
    const calls = scollect.calls().length;
    await query(account());
    expect(scollect.calls().length).toBeGreaterThan(calls);
  });

  it('is for one credential', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const caches = cachesOf(['getaccount']);
    const { query } = await startGateway({ scollect, caches, apiKeys: { one: 'k1', other: 'k2' } });
    for (const caller of ['one', 'other', 'one', 'other']) await query(account(), {}, { 'x-caller': caller });
    expect(scollect.calls()).toHaveLength(2);
  });

  it('is masked for a caller who may not see personal data, whoever was first', async () => {
    const row = { filenumber: 'R1001', socialsecuritynumber: '912-55-4418' };
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: { json: { result: [row], state: 'SUCCESS' } },
    });
    const caches = cachesOf(['getaccount']);
    const document = '{ account(fileNumber: "R1001") { borrower { ssn } } }';
    const may = await startGateway({ scollect, caches, scopes: ['accounts:read', 'pii:read'] });
    const mayNot = await startGateway({ scollect, caches, scopes: ['accounts:read'] });
    const alone = await startGateway({ scollect, scopes: ['accounts:read'] });
    const whole = await may.query(document);
    const masked = await mayNot.query(document);
    expect(masked.extensions).toHaveProperty('asOf');
    expect(masked.data).toEqual((await alone.query(document)).data);
    expect(whole.data.account.borrower.ssn).toContain('4418');
    expect(masked.data).not.toEqual(whole.data);
  });
});

describe('a write', () => {
  const note = (fileNumber: string) =>
    `mutation { addNote(input: { fileNumber: "${fileNumber}", collectorName: "A", body: "B" }) { __typename } }`;
  const change = `mutation { updateAccount(input: { fileNumber: "r1001", changes: { client: "Changed" } }) {
    __typename ... on UpdateAccountSuccess { account { client } } } }`;

  it('invalidates the responses about its account before it is answered', async () => {
    const started = await sandboxed(['getaccount']);
    await readsOf(started, account());
    const { data } = await readsOf(started, change);
    expect(data.updateAccount).toMatchObject({ account: { client: 'Changed' } });
    const after = await readsOf(started, account());
    expect(after).toMatchObject({ called: ['getaccount'], data: { account: { client: 'Changed' } } });
    expect(await readsOf(started, account())).toMatchObject({ called: [], data: after.data });
  });

  it('leaves those about other accounts', async () => {
    const started = await sandboxed(['getaccount']);
    for (const fileNumber of ['R1001', 'R1002']) await readsOf(started, account(fileNumber));
    await readsOf(started, note('R1001'));
    expect(await readsOf(started, account('R1002'))).toMatchObject({ cached: ['getaccount'] });
    expect(await readsOf(started, account('R1001'))).toMatchObject({ called: ['getaccount'] });
  });

  it('invalidates searches if it may change their rows', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect, caches: cachesOf(['searchbyphone']) });
    const search = '{ accountsByPhone(number: "+13125550136") { fileNumber } }';
    const searches = () => scollect.calls().filter((path) => path === '/searchbyphone').length;
    await query(search);
    await query(search);
    expect(searches()).toBe(1);
    await query(note('R1001'));
    await query(search);
    expect(searches()).toBe(1);
    await query(change);
    await query(search);
    expect(searches()).toBe(2);
  });

  it('whose reads return its result does not use the cache for them', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect, caches: cachesOf(['getaccount', 'getnotes']) });
    const other = `mutation { addNote(input: { fileNumber: "R1001", collectorName: "A", body: "B" }) {
      ... on AddNoteSuccess { account { client } } } }`;
    await query(account());
    await query(other);
    await query(other);
    expect(scollect.calls().filter((path) => path === '/getaccount/R1001')).toHaveLength(3);
  });

  it('whose outcome is unknown keeps its account out of the cache', async () => {
    const started = await sandboxed(['getaccount']);
    await readsOf(started, account());
    started.sandbox.faults.set([{ operation: 'updatedbase', fault: 'lose-answer', times: 1 }]);
    await readsOf(started, change);
    for (let time = 0; time < 3; time += 1) {
      expect(await readsOf(started, account())).toMatchObject({
        called: ['getaccount'],
        data: { account: { client: 'Changed' } },
      });
    }
    expect(await readsOf(started, account('R1002'))).toMatchObject({ called: ['getaccount'] });
    expect(await readsOf(started, account('R1002'))).toMatchObject({ cached: ['getaccount'] });
  });
});
