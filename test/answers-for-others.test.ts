import { describe, expect, it, vi } from 'vitest';
import { createMismatchLog } from '../src/telemetry/upstream-log.ts';
import { getaccount } from '../src/upstreams/scollect/accounts.ts';
import { getphones } from '../src/upstreams/scollect/phones.ts';
import { startAudited } from './support/audited.ts';
import { corpusFile } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { ledgerInMemory, silentLog, startGateway } from './support/gateway.ts';
import { mutationOf } from './support/mutation.ts';
import { changeRows, endpointOf, forRequest, pathOf, setAt } from './support/own-keys.ts';
import { listEnd, listHead, startStreamingScollect } from './support/streaming-scollect.ts';
import type { Answer, Received } from './support/upstream.ts';

type Folder = 'scollect' | 'recoveryconnect';

const mismatch = { code: 'UPSTREAM_BAD_RESPONSE', retryable: false };

/** An account that is somebody else's, with values that no documented row has. */
const stranger = {
  filenumber: 'Q2',
  fullname: 'SOMEBODY ELSE',
  socialsecuritynumber: '987-65-4320',
  statusname: 'Elsewhere',
  currentbalance: '777.77',
};
const strangerValues = /Q2|SOMEBODY|987|4320|Elsewhere|777/;

/** Scollect, where some accounts are answered by that of somebody else. */
const startMixedUp = (isMixedUp: (fileNumber: string) => boolean) =>
  startCorpusUpstream('scollect', {
    getaccount: (request) => {
      const success = forRequest('getaccount', request, corpusFile('scollect', 'getaccount').success);
      const isOther = isMixedUp(request.path.split('/').at(-1) ?? '');
      return { json: isOther ? changeRows(success, (row) => ({ ...row, ...stranger })) : success };
    },
  });

const everything = 'fileNumber status currentBalance borrower { fullName ssnLast4 } coBorrowers { fullName }';

describe('an account that is answered by another one', () => {
  it('shows nothing of it, is not in the audit trail, and is read again by the next query', async () => {
    let isMixedUp = true;
    const scollect = await startMixedUp(() => isMixedUp);
    const { query, lines, text } = await startAudited({ scollect });
    const document = `{ account(fileNumber: "R1001") { ${everything} } }`;
    const reply = await query(document);
    expect(reply.data).toEqual({ account: null });
    expect(reply.errors).toMatchObject([
      {
        message: 'Scollect returned another key than the requested one (GET /getaccount/{filenumber}).',
        path: ['account'],
        extensions: { ...mismatch, upstream: 'SCOLLECT', operation: 'getaccount' },
      },
    ]);
    expect(JSON.stringify(reply)).not.toMatch(strangerValues);
    expect(lines()).toMatchObject([{ records: [], recordCount: 0, errors: { UPSTREAM_BAD_RESPONSE: 1 } }]);
    expect(text()).not.toMatch(/Q2|SOMEBODY|987-65/);
    isMixedUp = false;
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.account).toMatchObject({ fileNumber: 'R1001', status: 'Bankruptcy' });
    expect(lines()).toMatchObject([{}, { records: ['Account:R1001'] }]);
  });

  it('is an error at its path, and other accounts are not affected', async () => {
    const scollect = await startMixedUp((fileNumber) => fileNumber === 'R2');
    const { query, lines } = await startAudited({ scollect });
    const reply = await query(`{ accounts(fileNumbers: ["R1", "R2", "R3"]) { ${everything} } }`);
    expect(reply.data.accounts).toMatchObject([{ fileNumber: 'R1' }, null, { fileNumber: 'R3' }]);
    expect(reply.errors).toMatchObject([{ path: ['accounts', 1], extensions: mismatch }]);
    expect(JSON.stringify(reply)).not.toMatch(strangerValues);
    expect(lines()).toMatchObject([{ records: ['Account:R1', 'Account:R3'], recordCount: 2 }]);
  });

  it('fails for all who share the read', async () => {
    const scollect = await startMixedUp(() => true);
    const { query } = await startGateway({ scollect });
    const document = '{ account(fileNumber: "R1") { status } }';
    const replies = await Promise.all([query(document), query(document), query(document)]);
    for (const { data, errors } of replies) {
      expect(data).toEqual({ account: null });
      expect(errors).toMatchObject([{ extensions: mismatch }]);
    }
  });

  it('is not tried again, and does not stop further calls', async () => {
    let isMixedUp = true;
    const scollect = await startMixedUp(() => isMixedUp);
    const onRetry = vi.fn();
    const onBreaker = vi.fn();
    const { query } = await startGateway({ scollect, observer: { onRetry, onBreaker } });
    for (let nth = 0; nth < 12; nth += 1) {
      expect((await query(`{ account(fileNumber: "R${nth}") { status } }`)).errors).toMatchObject([
        { extensions: mismatch },
      ]);
    }
    expect(scollect.calls()).toHaveLength(12);
    isMixedUp = false;
    expect((await query('{ account(fileNumber: "R1") { status } }')).errors).toBeUndefined();
    expect([onRetry.mock.calls, onBreaker.mock.calls]).toEqual([[], []]);
  });

  it('found by an SSN leaves no row for the account that it names', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccountbysocial: { json: { result: [stranger], state: 'SUCCESS' } },
    });
    const { query } = await startGateway({ scollect, scopes: ['accounts:read', 'pii:read'] });
    const reply = await query(`{
      accountsBySsn(ssn: "111-22-3333") { fileNumber borrower { fullName ssn } }
    }`);
    expect(reply.data).toEqual({ accountsBySsn: null });
    expect(reply.errors).toMatchObject([{ path: ['accountsBySsn'], extensions: mismatch }]);
    expect(JSON.stringify(reply)).not.toMatch(strangerValues);
  });
});

describe('orders and assignments that are read by their numbers', () => {
  const rows = (...ids: unknown[]): Answer => ({ json: { data: ids.map((id) => ({ id, client_id: 7 })) } });
  const three = `{ a: order(orderId: "501") { orderId clientId } b: order(orderId: "502") { orderId clientId }
    c: order(orderId: "503") { orderId clientId } }`;
  const order = (orderId: string) => ({ orderId, clientId: '7' });

  it.each<readonly [string, Answer, object, readonly string[]]>([
    [
      'one of another number among them',
      rows(501, 777, 503),
      { a: order('501'), b: null, c: order('503') },
      ['b'],
    ],
    ['all of other numbers', rows(777, 778, 779), { a: null, b: null, c: null }, ['a', 'b', 'c']],
    [
      'other orders as well',
      rows(777, 503, 502, 501),
      { a: order('501'), b: order('502'), c: order('503') },
      [],
    ],
    ['one that is not there', rows(501, 503), { a: order('501'), b: null, c: order('503') }, []],
    [
      'numbers as texts',
      rows('000501', ' 502 ', 503),
      { a: order('501'), b: order('502'), c: order('503') },
      [],
    ],
  ])('%s: a failure is never an order that is not there', async (_, answer, data, failed) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { filterOrders: answer });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(three);
    expect(reply.data).toEqual(data);
    const errors = (reply.errors ?? []).map(({ path, extensions }) => [
      path?.join('.'),
      extensions?.['code'],
    ]);
    expect(errors.sort()).toEqual(failed.map((path) => [path, mismatch.code]));
    expect(JSON.stringify(reply)).not.toContain('777');
  });

  it('are looked for on further pages, whatever else is on them', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterAssignments: ({ query: { page = '1' } }) => ({
        json: { data: [[{ id: 1 }, { id: 2 }], [{ id: 3 }]][Number(page) - 1], last_page: 2 },
      }),
    });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query(`{ a: assignment(assignmentId: 1) { assignmentId }
      b: assignment(assignmentId: 3) { assignmentId } c: assignment(assignmentId: 4) { assignmentId } }`);
    expect(reply.data).toEqual({ a: { assignmentId: '1' }, b: { assignmentId: '3' }, c: null });
    expect(reply.errors).toMatchObject([
      { path: ['c'], extensions: { ...mismatch, operation: 'filterAssignments' } },
    ]);
  });

  it('by node: another order is shown to nobody, and not in the audit trail', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', { filterOrders: rows(777) });
    const { query, lines } = await startAudited({ recoveryConnect });
    const id = Buffer.from('Order:501').toString('base64url');
    const reply = await query(`{ node(id: "${id}") { id ... on Order { orderId clientId } } }`);
    expect(reply.data).toEqual({ node: null });
    expect(reply.errors).toMatchObject([{ path: ['node'], extensions: mismatch }]);
    expect(lines()).toMatchObject([{ records: [] }]);
  });

  it('by getOrder: the row of another order is not used for this one', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 501 }] } },
      getOrder: { json: { data: { id: 777, company_orderno: 'of another' } } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const reply = await query('{ order(orderId: "501") { orderId caseNumber } }');
    expect(reply.data).toEqual({ order: { orderId: '501', caseNumber: null } });
    expect(reply.errors).toMatchObject([
      { path: ['order', 'caseNumber'], extensions: { ...mismatch, operation: 'getOrder' } },
    ]);
  });
});

describe('a portfolio', () => {
  const row = (nth: number, lot_group: string): string =>
    JSON.stringify({ lotno: `R${nth}`, lot_group, pad: '-'.repeat(600) });
  const list = (count: number, other: number): string[] =>
    Array.from({ length: count }, (_, nth) => row(nth, nth === other ? 'Q' : ' p '));
  const page = (after = '') =>
    `{ portfolio(name: "P") { accounts(first: 20${after}) { edges { cursor node { fileNumber } } pageInfo { endCursor } } } }`;
  const numbers = (data: { portfolio: { accounts: { edges: { node: { fileNumber: string } }[] } } }) =>
    data.portfolio.accounts.edges.map(({ node }) => node.fileNumber);

  const start = async (count: number, other: number) => {
    const { upstream, coming, downloads } = await startStreamingScollect();
    const onMismatch = vi.fn();
    const { query } = await startGateway({
      scollect: upstream,
      recoveryConnect: null,
      observer: { onMismatch },
    });
    const ask = async (document: string) => {
      const before = downloads();
      const waiting = query(document);
      void coming(before).then(
        async (answer) => {
          await answer.write(listHead + list(count, other).join(', '));
          answer.end(listEnd);
        },
        () => {},
      );
      return waiting;
    };
    return { ask, onMismatch, downloads };
  };

  it.each([
    ['the first row of few', 3, 0],
    ['a later row of few', 3, 2],
    ['the first row of many', 300, 0],
    ['a row of the page of many', 300, 10],
  ])('whose rows name another portfolio fails: %s', async (_, count, other) => {
    const { ask, onMismatch } = await start(count, other);
    for (let nth = 0; nth < 2; nth += 1) {
      const { data, errors } = await ask(page());
      expect(data).toEqual({ portfolio: { accounts: null } });
      expect(errors).toMatchObject([
        {
          path: ['portfolio', 'accounts'],
          extensions: { ...mismatch, operation: 'get_accounts_in_portfolio' },
        },
      ]);
    }
    expect(onMismatch).toHaveBeenCalled();
  });

  it('fails at a later page that is kept, and keeps it no longer', async () => {
    const { ask, downloads, onMismatch } = await start(300, 25);
    const first = await ask(page());
    expect(numbers(first.data)).toHaveLength(20);
    const { endCursor } = first.data.portfolio.accounts.pageInfo;
    const before = downloads();
    const second = await ask(page(`, after: "${endCursor}"`));
    expect(second.data).toEqual({ portfolio: { accounts: null } });
    expect(second.errors).toMatchObject([{ extensions: mismatch }]);
    expect(downloads()).toBe(before);
    expect(onMismatch).toHaveBeenCalledOnce();
    await ask(page(`, after: "${endCursor}"`));
    expect(downloads()).toBe(before + 1);
  });

  it('whose rows name it is given as ever', async () => {
    const { ask, onMismatch } = await start(300, -1);
    const { data, errors } = await ask(page());
    expect(errors).toBeUndefined();
    expect(numbers(data)).toHaveLength(20);
    expect(onMismatch).not.toHaveBeenCalled();
  });
});

/** Writes whose answers name what was written. */
const writes: readonly (readonly [
  field: string,
  operation: string,
  folder: Folder,
  input: object,
  success: string,
])[] = [
  [
    'updateAssignment',
    'updateAssignment',
    'recoveryconnect',
    { assignmentId: '57074903', statusNote: 'n' },
    'assignment { assignmentId note primaryCollateral { vin } }',
  ],
  [
    'addBorrowerPhone',
    'createBorrowerPhone',
    'recoveryconnect',
    { orderId: '5', borrowerId: '6', typeId: '6', number: '678-932-1578' },
    'phone { phoneId number }',
  ],
  [
    'updateBorrowerPhone',
    'updateBorrowerPhone',
    'recoveryconnect',
    { orderId: '5', borrowerId: '6', phoneId: '7', memo: 'm' },
    'phone { phoneId number memo }',
  ],
  [
    'deleteBorrowerPhone',
    'deleteBorrowerPhone',
    'recoveryconnect',
    { orderId: '5', borrowerId: '6', phoneId: '7' },
    'phoneId',
  ],
  [
    'transferPhotos',
    'transferPhoto',
    'recoveryconnect',
    { orderId: '5', toOrderIds: ['57076502'], photoIds: ['180461379'] },
    'transfers { orderId photoId succeeded }',
  ],
  [
    'transferPhotos',
    'transferOrderPhotos',
    'recoveryconnect',
    { orderId: '5', toOrderIds: ['57076502'] },
    'transfers { orderId photoId succeeded }',
  ],
  [
    'runPayment',
    'run_payment_external',
    'scollect',
    { idempotencyKey: 'k', fileNumber: 'R1', paymentDate: '2087-05-17', amount: '5' },
    'result approvalCode',
  ],
];

const cells = writes.flatMap(([field, operation, folder, input, success]) =>
  (endpointOf(operation).answersFor ?? []).map(
    (key) =>
      [
        `${field} by ${operation}, ${pathOf(key).join('.')}`,
        { field, operation, folder, input, success, key },
      ] as const,
  ),
);

describe('a write that is answered for another key', () => {
  it.each(cells)('%s: its outcome is unknown, and nothing of the answer is shown', async (_, cell) => {
    const { field, operation, folder, input, success, key } = cell;
    const foreign = endpointOf(operation).system === 'SCOLLECT' ? 'Q777' : 777_777;
    let isMixedUp = true;
    const answer = (request: Received): Answer => {
      const own = forRequest(operation, request, corpusFile(folder, operation).success);
      return {
        json: isMixedUp ? changeRows(own, (row) => setAt(row, pathOf(key), foreign) as typeof row) : own,
      };
    };
    const upstream = await startCorpusUpstream(folder, { [operation]: answer });
    const ledger = await ledgerInMemory();
    const systems = folder === 'scollect' ? { scollect: upstream } : { recoveryConnect: upstream };
    const { query, lines } = await startAudited({ ledger, ...systems });
    const document = mutationOf(field, success);
    const { data, errors } = await query(document, { input });
    expect(errors).toBeUndefined();
    expect(data[field]).toMatchObject({ __typename: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN' });
    expect(JSON.stringify(data)).not.toContain(String(foreign));
    expect(JSON.stringify(lines())).not.toContain(String(foreign));
    expect(upstream.calls()).toHaveLength(1);
    isMixedUp = false;
    const again = await query(document, {
      input: { ...input, ...('idempotencyKey' in input && { idempotencyKey: 'l' }) },
    });
    expect(again.data[field].__typename).toMatch(/Success$/);
  });

  it('are all writes whose answers are checked', () => {
    const checked = new Set(cells.map(([, { operation }]) => operation));
    expect(checked.size).toBe(writes.length);
  });
});

describe('what an operator sees of it', () => {
  it('a count for each operation', async () => {
    const scollect = await startMixedUp(() => true);
    const { metrics } = await startGateway({ scollect: null });
    const { query } = await startGateway({ scollect, observer: metrics.observer });
    const name = 'recollect_upstream_mismatches_total';
    const countOf = async (upstream: string, operation: string) =>
      new RegExp(`^${name}\\{upstream="${upstream}",operation="${operation}"\\} (\\d+)$`, 'm').exec(
        await metrics.read(),
      )?.[1];
    expect(await countOf('SCOLLECT', 'getaccount')).toBeUndefined();
    await query('{ accounts(fileNumbers: ["R1", "R2"]) { status } }');
    expect(await countOf('SCOLLECT', 'getaccount')).toBe('2');
    expect(await countOf('SCOLLECT', 'getphones')).toBeUndefined();
  });

  it('a warning without values, at once and then once a minute for each operation', () => {
    const warn = vi.fn();
    let time = 0;
    const onMismatch = createMismatchLog({ ...silentLog, warn }, null, () => time);
    const warning = (operation: string, count: number) => [
      { upstream: 'SCOLLECT', operation, method: 'GET', path: `/${operation}/{filenumber}`, count },
      'an upstream returned another key than the requested one',
    ];
    onMismatch(getaccount);
    onMismatch(getaccount);
    onMismatch(getphones);
    time = 59_999;
    onMismatch(getaccount);
    expect(warn.mock.calls).toEqual([warning('getaccount', 1), warning('getphones', 1)]);
    time = 60_000;
    onMismatch(getaccount);
    onMismatch(getaccount);
    expect(warn.mock.calls.slice(2)).toEqual([warning('getaccount', 3)]);
  });

  it('the tenant in the warning, where there are tenants', () => {
    const warn = vi.fn();
    createMismatchLog({ ...silentLog, warn }, 'north')(getaccount);
    expect(warn.mock.calls).toMatchObject([[{ operation: 'getaccount', tenant: 'north' }, {}]]);
  });
});
