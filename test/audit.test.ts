import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startAudited } from './support/audited.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { mutationOf } from './support/mutation.ts';
import type { Answer } from './support/upstream.ts';

const uuid = expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/);
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const idOf = (text: string): string => Buffer.from(text).toString('base64url');
const rows = (...result: object[]): Answer => ({ json: { result, state: 'SUCCESS' } });
const url = 'http://gateway/graphql';
const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const note = { fileNumber: 'r1001', collectorName: 'c', body: 'b' };
const charge = { idempotencyKey: 'key-1', fileNumber: 'R1001', paymentDate: '2087-05-17', amount: '5' };
const addNote = mutationOf('addNote', '__typename');
const runPayment = mutationOf('runPayment', '__typename');

describe('the audit entry of a query', () => {
  it('contains caller, operation, records and result', async () => {
    const { query, lines } = await startAudited();
    const document =
      'query ForDesk { account(fileNumber: "r1001") { status } order(orderId: "20") { caseNumber } }';
    await query(document, {}, { 'x-caller': 'jane' });
    expect(lines()).toEqual([
      {
        audit: true,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        requestId: uuid,
        traceId: expect.stringMatching(/^(?!0+$)[\da-f]{32}$/),
        caller: 'jane',
        tenant: null,
        address: null,
        client: null,
        clientVersion: null,
        type: 'query',
        operation: 'ForDesk',
        document: digestOf(document),
        records: ['Account:R1001', 'Order:20'],
        recordCount: 2,
        searches: [],
        searchCount: 0,
        shown: [],
        writes: [],
        upstreamCalls: 2,
        errors: {},
        milliseconds: expect.any(Number),
      },
    ]);
  });

  it.each([
    ['apollographql-client-name', 'apollographql-client-version'],
    ['graphql-client-name', 'graphql-client-version'],
  ])('contains name and version of the client program: %s', async (name, version) => {
    const { query, lines } = await startAudited();
    for (let times = 0; times < 2; times += 1) {
      await query('{ __typename }', {}, { [name]: 'Agent Desk', [version]: '1.2.0-rc.1+5' });
    }
    const named = { client: 'Agent Desk', clientVersion: '1.2.0-rc.1+5' };
    expect(lines()).toMatchObject([named, named]);
  });

  it('contains the tenant and the address of its caller', async () => {
    const { gateway, lines } = await startAudited({
      authenticate: () => ({ id: 'jane@agency.example', tenant: 'acme', scopes: new Set() }),
    });
    await gateway.fetch(url, post({ query: '{ __typename }' }));
    expect(lines()).toMatchObject([
      { caller: 'jane@agency.example', tenant: 'acme', operation: null, records: [] },
    ]);
  });

  it.each<readonly [string, string, readonly string[]]>([
    [
      'items of a list',
      '{ accounts(fileNumbers: ["R1", "R2", "r1"]) { status } }',
      ['Account:R1', 'Account:R2'],
    ],
    ['nodes of a page', '{ orders(first: 2) { edges { node { orderId } } } }', ['Order:20']],
    ['an assignment', '{ assignment(assignmentId: "30554") { status } }', ['Assignment:30554']],
    [
      'what stands below',
      '{ order(orderId: "20") { assignments { assignmentId } } }',
      ['Assignment:', 'Order:20'],
    ],
    ['the account of a person', `{ node(id: "${idOf('Borrower:S:R1:debtor')}") { id } }`, ['Account:R1']],
    ...(
      [
        ['Phone:S:R1:15171286', 'Account:R1'],
        ['Note:S:R1:34610632', 'Account:R1'],
        ['EmailEvent:S:R1:2098037', 'Account:R1'],
        ['Address:S:R1:debtor', 'Account:R1'],
        ['Photo:R:20:180461378', 'Order:20'],
        ['Collateral:R:20:58842868', 'Order:20'],
        ['Address:R:20:124927241:219114267', 'Order:20'],
      ] as const
    ).map(
      ([id, record]) =>
        [`the owner of ${id}`, `{ node(id: "${idOf(id)}") { __typename } }`, [record]] as const,
    ),
    ['by its id', `{ node(id: "${idOf('Account:R1')}") { id } }`, ['Account:R1']],
    ['by their ids', `{ nodes(ids: ["${idOf('Order:20')}"]) { id } }`, ['Order:20']],
  ])('names the returned records: %s', async (_, document, expected) => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: ({ path }) => rows({ filenumber: path.split('/').at(-1), city: 'Orlando' }),
    });
    const { query, lines } = await startAudited({ scollect });
    const { errors } = await query(document);
    expect(errors).toBeUndefined();
    const [line] = lines();
    const records = line?.['records'] as string[];
    expect(line?.['recordCount']).toBe(records.length);
    for (const record of expected) expect(records).toContainEqual(expect.stringContaining(record));
    expect(new Set(records).size).toBe(records.length);
  });

  it('does not name missing objects', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: rows() });
    const { query, lines } = await startAudited({ scollect });
    expect((await query('{ account(fileNumber: "R9") { status } }')).data).toEqual({ account: null });
    expect(lines()).toMatchObject([{ records: [], recordCount: 0, upstreamCalls: 1 }]);
  });

  it('names at most 500 records, and counts all', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccountbysocial: rows(...Array.from({ length: 700 }, (_, index) => ({ filenumber: `R${index}` }))),
    });
    const { query, lines } = await startAudited({ scollect });
    await query('{ accountsBySsn(ssn: "111-22-3333") { fileNumber } }');
    const [line] = lines();
    expect(line?.['records']).toHaveLength(500);
    expect(line?.['recordCount']).toBe(700);
  });

  it('contains the search value of accounts, masked', async () => {
    const { query, lines, text } = await startAudited();
    await query(
      '{ a: accountsBySsn(ssn: "111-22-3333") { status } b: accountsByPhone(number: "678-932-1578") { status } }',
    );
    expect(lines()).toMatchObject([
      {
        searches: [
          { by: 'ssn', key: '***-**-3333' },
          { by: 'phone', key: '***-***-1578' },
        ],
        searchCount: 2,
      },
    ]);
    expect(text()).not.toMatch(/111-?22|678-?932/);
  });

  it('counts its errors by their codes', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: { status: 500, html: 'no' } });
    const { query, lines } = await startAudited({ scollect });
    await query(
      '{ a: account(fileNumber: "R1") { status } b: account(fileNumber: "R2") { status } c: account(fileNumber: "/") { status } }',
    );
    expect(lines()).toMatchObject([{ errors: { UPSTREAM_UNAVAILABLE: 2, BAD_USER_INPUT: 1 } }]);
  });

  it('omits an operation name that could contain a number', async () => {
    const { query, lines } = await startAudited();
    for (const name of ['Of111223333', 'Q'.repeat(61), 'Q'.repeat(60)])
      await query(`query ${name} { __typename }`);
    expect(lines().map(({ operation }) => operation)).toEqual([null, null, 'Q'.repeat(60)]);
  });
});

describe('the audit entry of a mutation', () => {
  it('contains its outcome and its target record', async () => {
    const { query, lines } = await startAudited();
    await query(addNote, { input: note });
    await query(runPayment, { input: charge });
    expect(lines()).toMatchObject([
      {
        type: 'mutation',
        records: ['Account:R1001'],
        writes: [{ mutation: 'addNote', outcome: 'AddNoteSuccess' }],
        upstreamCalls: 1,
      },
      { writes: [{ mutation: 'runPayment', outcome: 'RunPaymentSuccess' }] },
    ]);
  });

  it('contains the error, and the id of an unknown outcome', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      run_payment_external: 'reset',
      InsertNoteline: { html: '?' },
    });
    const { query, lines } = await startAudited({ scollect });
    const { data } = await query(runPayment, { input: charge });
    await query(addNote, { input: { ...note, body: '' } });
    await query(addNote, { input: note });
    const { outcomeId } = data.runPayment;
    expect(outcomeId).toEqual(uuid);
    expect(lines()).toMatchObject([
      {
        records: ['Account:R1001'],
        writes: [{ mutation: 'runPayment', outcome: 'OutcomeUnknownError', outcomeId }],
      },
      { records: ['Account:R1001'], writes: [{ mutation: 'addNote', outcome: 'InvalidInputError' }] },
      { records: ['Account:R1001'], writes: [{ mutation: 'addNote', outcome: 'OutcomeUnknownError' }] },
    ]);
  });

  it('contains that it ended in an error', async () => {
    const scollect = await startCorpusUpstream('scollect', { login: { json: { nothing: true } } });
    const { query, lines } = await startAudited({ scollect });
    const { errors } = await query(addNote, { input: note });
    expect(errors).toHaveLength(1);
    expect(lines()).toMatchObject([
      {
        writes: [{ mutation: 'addNote', outcome: null }],
        errors: { [String(errors?.[0]?.extensions?.['code'])]: 1 },
      },
    ]);
  });

  it('contains each mutation of a document', async () => {
    const { query, lines } = await startAudited();
    const one = 'addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename }';
    await query(`mutation { a: ${one} b: ${one} }`);
    expect(lines()).toMatchObject([{ writes: [{ mutation: 'addNote' }, { mutation: 'addNote' }] }]);
  });

  it('names the created order, and the targets of photo transfers', async () => {
    const { query, lines } = await startAudited();
    await query(mutationOf('transferPhotos', '__typename'), {
      input: { orderId: '20', toOrderIds: ['21', '022'] },
    });
    expect(lines()).toMatchObject([{ records: ['Order:20', 'Order:21', 'Order:22'] }]);
  });

  it.each(['abc', '4111111111111111', 'R1'])(
    'transferPhotos: an orderId %j that is no valid id is not recorded',
    async (key) => {
      const { query, lines } = await startAudited();
      await query(mutationOf('transferPhotos', '__typename'), {
        input: { orderId: key, toOrderIds: ['21'] },
      });
      expect(lines()).toMatchObject([{ records: ['Order:21'] }]);
    },
  );

  it('is written although its client has disconnected', async () => {
    let answer = (_: Answer): void => {};
    const held = new Promise<Answer>((resolve) => {
      answer = resolve;
    });
    let isCalled = false;
    const scollect = await startCorpusUpstream('scollect', {
      InsertNoteline: () => {
        isCalled = true;
        return held;
      },
    });
    const { gateway, lines, lives } = await startAudited({ scollect });
    const leaving = new AbortController();
    const request = gateway.fetch(url, {
      ...post({ query: addNote, variables: { input: note } }),
      signal: leaving.signal,
    });
    const gone = Promise.resolve(request).catch(() => undefined);
    while (!isCalled) await pause(5);
    leaving.abort();
    await gone;
    answer({ json: { result: { success: 'Noteline inserted successfully' }, state: 'SUCCESS' } });
    await lives.idle();
    expect(lines()).toMatchObject([{ writes: [{ mutation: 'addNote', outcome: 'AddNoteSuccess' }] }]);
  });
});
