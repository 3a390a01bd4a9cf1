import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import type { Answer, Received } from '../support/upstream.ts';

// How names compare: test/values/person-name.test.ts.

type Rows = { readonly result: readonly [object] };
const [r1001] = (corpusFile('scollect', 'getaccount').success as Rows).result;
const [r1050] = (corpusFile('scollect', 'getaccountbysocial').success as Rows).result;
const rows: Readonly<Record<string, object>> = { R1001: r1001, R1050: r1050 };

const getaccount = ({ path }: Received): Answer => ({
  json: { result: [rows[path.split('/').at(-1) ?? ''] ?? r1001], state: 'SUCCESS' },
});

const borrowers = (...names: readonly (readonly [string | null, string | null, string?])[]): Answer => ({
  json: {
    data: names.map(([firstname, lastname, deleted_at = null], index) => ({
      id: index + 1,
      firstname,
      lastname,
      deleted_at,
    })),
  },
});

const onOrder = { json: { data: [{ id: 7, client_accountno: '12345679' }] } };
const failure = { status: 500, html: 'no' };

interface Answers {
  readonly found?: object;
  readonly borrowers: Answer;
  readonly getaccount?: Answer | ((request: Received) => Answer);
}

const start = async (answers: Answers) =>
  startGateway({
    scollect: await startCorpusUpstream('scollect', {
      getaccount: answers.getaccount ?? getaccount,
      searchbyphone: { json: { result: { success: [answers.found ?? {}] }, state: 'SUCCESS' } },
    }),
    recoveryConnect: await startCorpusUpstream('recoveryconnect', {
      filterOrders: onOrder,
      listOrderBorrowers: answers.borrowers,
    }),
  });

const callsOf = (calls: readonly string[], part: string) => calls.filter((path) => path.includes(part));

describe('AccountOrderEdge.nameMatches', () => {
  const document = '{ account(fileNumber: "R1001") { orders { edges { node { orderId } nameMatches } } } }';

  it.each([
    ['the debtor', [['Malia', 'Guest']], true],
    [
      'the debtor, as the second borrower',
      [
        ['Test', 'Borrower'],
        ['MALIA A', 'GUEST'],
      ],
      true,
    ],
    ['nobody on the account', [['Anthony', 'Pope']], false],
    ['a borrower without a name', [[null, null]], null],
    ['an initial that agrees', [['M', 'Guest']], null],
    ['a borrower whose record was deleted', [['Malia', 'Guest', '2026-03-07 14:03:51']], null],
  ] as const)('listOrderBorrowers with the name of %s', async (_, names, expected) => {
    const { query, calls } = await start({ borrowers: borrowers(...names) });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.account.orders.edges).toEqual([{ node: { orderId: '7' }, nameMatches: expected }]);
    expect(callsOf(calls(), 'getaccount')).toHaveLength(1);
  });

  it('distinguishes R1001 and R1050, which have the same documented account number 12345679', async () => {
    const { query } = await start({ borrowers: borrowers(['Malia', 'Guest']) });
    const { data } = await query(
      '{ accounts(fileNumbers: ["R1001", "R1050"]) { fileNumber orders { edges { node { orderId } nameMatches } } } }',
    );
    const edge = (nameMatches: boolean) => ({ edges: [{ node: { orderId: '7' }, nameMatches }] });
    expect(data.accounts).toEqual([
      { fileNumber: 'R1001', orders: edge(true) },
      { fileNumber: 'R1050', orders: edge(false) },
    ]);
  });

  it.each([
    ['joint debtor and spouse', ['Claude', 'Lastname']],
    ['first co-debtor', ['Name', 'Last']],
    ['debtor', ['CLAUDIA', 'Last-Name']],
  ] as const)('matches the %s of R1050', async (_, name) => {
    const { query } = await start({ borrowers: borrowers(name) });
    const { data } = await query('{ account(fileNumber: "R1050") { orders { edges { nameMatches } } } }');
    expect(data.account.orders.edges).toEqual([{ nameMatches: true }]);
  });

  it('listOrderBorrowers is called only if the field is selected', async () => {
    const { query, calls } = await start({ borrowers: borrowers(['Malia', 'Guest']) });
    await query('{ account(fileNumber: "R1001") { orders { edges { matchedBy } } } }');
    expect(callsOf(calls(), '/borrowers')).toEqual([]);
  });

  it('listOrderBorrowers: HTTP 500 → null and an error at its path; the order is unaffected', async () => {
    const { query } = await start({ borrowers: failure });
    const { data, errors } = await query(document);
    expect(data.account.orders.edges).toEqual([{ node: { orderId: '7' }, nameMatches: null }]);
    expect(errors).toMatchObject([
      {
        path: ['account', 'orders', 'edges', 0, 'nameMatches'],
        extensions: { operation: 'listOrderBorrowers' },
      },
    ]);
  });

  it('distinguishes R1001 and R1050 in the sandbox', async () => {
    const sandbox = await startSandbox();
    try {
      const { query } = await startGateway({ sandbox });
      const { data: created, errors } = await query(
        `mutation ($input: CreateOrderInput!) { createOrder(input: $input) { ... on CreateOrderSuccess { order { orderId } } } }`,
        {
          input: {
            clientAccountNumber: '12345679',
            clientId: '65690',
            lienholderId: '65690',
            orderTypeId: '1',
            collaterals: [{ vin: '3C8FY58B82T389999', year: '2002', make: 'CHRYSLER', model: 'PT CRUISER' }],
            borrowers: [
              {
                firstName: 'Claudia',
                lastName: 'Last Name',
                role: 'borrower',
                addresses: [{ name: 'Home Address', address1: '15 MAIN ST', zipCode: '12345' }],
              },
            ],
          },
        },
      );
      expect(errors).toBeUndefined();
      const { orderId } = created.createOrder.order;
      const { data } = await query(
        '{ accounts(fileNumbers: ["R1001", "R1050"]) { orders { edges { node { orderId } nameMatches } } } }',
      );
      const edge = (nameMatches: boolean) => ({ orders: { edges: [{ node: { orderId }, nameMatches }] } });
      expect(data.accounts).toEqual([edge(false), edge(true)]);
    } finally {
      await sandbox.close();
    }
  });
});

describe('AccountLink.nameMatches', () => {
  const document = '{ order(orderId: "7") { accounts { account { fileNumber } nameMatches } } }';
  const link = (fileNumber: string, nameMatches: boolean | null) => [
    { account: { fileNumber }, nameMatches },
  ];

  it('searchbyphone names the debtor: a match costs no getaccount', async () => {
    const { query, calls } = await start({
      found: { filenumber: 'R1005', firstname: 'ANTHONY', lastname: 'POPE' },
      borrowers: borrowers(['Anthony', 'Pope']),
    });
    const { data } = await query(document);
    expect(data.order.accounts).toEqual(link('R1005', true));
    expect(callsOf(calls(), 'getaccount')).toEqual([]);
  });

  it.each([
    ['POPE SR', 'ANTHONY POPE JR', false, 1],
    ['POPE, JR.', 'ANTHONY POPE JR', true, 1],
    ['POPE JR', 'ANTHONY POPE', true, 1],
    ['POPE', 'ANTHONY POPE JR', true, 0],
  ])(
    'a suffix is compared with that of getaccount: %s and %s → %j',
    async (lastname, fullname, expected, count) => {
      const names = { firstname: 'ANTHONY', lastname: 'POPE' };
      const { query, calls } = await start({
        found: { filenumber: 'R1005', ...names },
        borrowers: borrowers(['Anthony', lastname]),
        getaccount: {
          json: { result: [{ ...r1001, filenumber: 'R1005', ...names, fullname }], state: 'SUCCESS' },
        },
      });
      const { data, errors } = await query(document);
      expect(errors).toBeUndefined();
      expect(data.order.accounts).toEqual(link('R1005', expected));
      expect(callsOf(calls(), 'getaccount')).toHaveLength(count);
    },
  );

  it('a business is named by getaccount alone', async () => {
    const { query } = await start({
      found: { filenumber: 'R1005', firstname: ' ', lastname: '' },
      borrowers: borrowers([null, 'Acme Towing, LLC']),
      getaccount: {
        json: {
          result: [
            { ...r1001, filenumber: 'R1005', firstname: ' ', lastname: '', fullname: 'ACME TOWING LLC' },
          ],
          state: 'SUCCESS',
        },
      },
    });
    const { data } = await query(document);
    expect(data.order.accounts).toEqual(link('R1005', true));
  });

  it.each([
    ['the co-debtor', ['Name', 'Last'], true],
    ['nobody', ['Anthony', 'Pope'], false],
    ['an unknown person', [null, null], null],
  ] as const)('getaccount names the others: %s', async (_, name, expected) => {
    const { query, calls } = await start({
      found: { filenumber: 'R1050', firstname: 'CLAUDIA', lastname: 'LAST NAME' },
      borrowers: borrowers(name),
    });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.order.accounts).toEqual(link('R1050', expected));
    // No name of the account matches an unknown one.
    expect(callsOf(calls(), 'getaccount')).toHaveLength(expected === null ? 0 : 1);
  });

  it('getaccount: HTTP 500 → null and an error at its path; the link is unaffected', async () => {
    const { query } = await start({
      found: { filenumber: 'R1050', firstname: 'CLAUDIA', lastname: 'LAST NAME' },
      borrowers: borrowers(['Anthony', 'Pope']),
      getaccount: failure,
    });
    const { data, errors } = await query(document);
    expect(data.order.accounts).toEqual(link('R1050', null));
    expect(errors).toMatchObject([
      { path: ['order', 'accounts', 0, 'nameMatches'], extensions: { operation: 'getaccount' } },
    ]);
  });

  it('is true for order 57062885 and account R1166 of the sandbox', async () => {
    const sandbox = await startSandbox();
    try {
      const { query } = await startGateway({ sandbox });
      const { data } = await query(document.replace('"7"', '"57062885"'));
      expect(data.order.accounts).toEqual(link('R1166', true));
    } finally {
      await sandbox.close();
    }
  });
});
