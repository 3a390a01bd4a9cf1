import { describe, expect, it } from 'vitest';
import { costOf, idOf } from '../cost/asked.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

// Which phones and account numbers make a link. Which values identify nobody: test/values/filler.test.ts.

const deleted = '2026-03-07 14:03:51';

const scollectRows = (rows: readonly object[]) => ({ json: { result: rows, state: 'SUCCESS' } });

const searches = (calls: readonly string[]) => calls.filter((path) => path === '/searchbyphone').length;

/** A gateway whose orders have one borrower with one phone. */
const withPhone = async (phone: object, borrower: object = {}) => {
  const row = { id: 39317578, number: '678-932-1578', ...phone };
  const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
    listOrderBorrowers: {
      json: { data: [{ id: 124927241, firstname: 'A', lastname: 'B', deleted_at: null, ...borrower }] },
    },
    listBorrowerPhones: { json: { data: [row] } },
    getBorrowerPhone: { json: { data: row } },
  });
  return startGateway({ recoveryConnect });
};

const wrongPhones = [
  ['zeros', { number: '000-000-0000' }],
  ['repeated digits', { number: '5555555555' }],
  ['a sequence', { number: '123-456-7890' }],
  ['an exchange that starts with 0', { number: '(407) 000-0000' }],
  ['an area code that starts with 1', { number: '+1 111 222 3333' }],
  ['too few digits', { number: '123456' }],
  ['valid: 0', { valid: 0 }],
  ['valid: "0"', { valid: '0' }],
  ['valid: false', { valid: false }],
  ['deleted_at', { deleted_at: deleted }],
] as const;

const rightPhones = [
  ['valid: 1', { valid: 1, deleted_at: null }],
  ['no word on whether it is valid', { valid: null }],
  ['a date of deletion that is none', { deleted_at: '0000-00-00 00:00:00' }],
  ['a documented pattern that is no filler', { number: '555-666-7777' }],
] as const;

describe('Order.accounts', () => {
  const document = '{ order(orderId: "20") { accounts { account { fileNumber } nameMatches } } }';

  it.each(wrongPhones)('a phone with %s makes no link and costs no search', async (_, phone) => {
    const { query, calls } = await withPhone(phone);
    const { reply, made, cost } = await costOf({ query }, document);
    expect(reply.errors).toBeUndefined();
    expect(reply.data.order.accounts).toEqual([]);
    expect(searches(calls())).toBe(0);
    expect([made, cost.made]).toEqual([3, 3]);
  });

  it.each(rightPhones)('a phone with %s makes a link', async (_, phone) => {
    const { query } = await withPhone(phone);
    const { data } = await query(document);
    expect(data.order.accounts).toMatchObject([{ account: { fileNumber: 'R1005' } }]);
  });

  it('a borrower whose record was deleted makes no link, and is still listed', async () => {
    const { query, calls } = await withPhone({}, { deleted_at: deleted });
    const { data } = await query(
      '{ order(orderId: "20") { borrowers { deletedAt } accounts { account { fileNumber } } } }',
    );
    expect(data.order).toEqual({ borrowers: [{ deletedAt: '2026-03-07T14:03:51' }], accounts: [] });
    expect(calls().some((path) => path.endsWith('/phones'))).toBe(false);
  });

  it('the documented phones of order 20 still make links', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query(document);
    expect(data.order.accounts).toMatchObject([{ account: { fileNumber: 'R1005' } }]);
    expect(searches(calls())).toBe(2);
  });
});

describe('Phone.accounts', () => {
  const documents = {
    listBorrowerPhones:
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phones { accounts { fileNumber } } } } }',
    getBorrowerPhone: `{ node(id: "${idOf('Phone', 'R', '20', '124927241', '39317578')}") { ... on Phone { accounts { fileNumber } } } }`,
  };
  const accountsIn = (data: {
    order?: { borrower: { phones: { accounts: object[] }[] } };
    node?: { accounts: object[] };
  }) => data.node?.accounts ?? data.order?.borrower.phones[0]?.accounts;

  const ways = Object.entries(documents);
  it.each(
    ways.flatMap(([way, document]) => wrongPhones.map(([name, row]) => [way, name, row, document] as const)),
  )('%s: a phone with %s has none, without a search', async (_, __, phone, document) => {
    const { query, calls } = await withPhone(phone);
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(accountsIn(data)).toEqual([]);
    expect(searches(calls())).toBe(0);
  });

  it.each(rightPhones)('a phone with %s has some', async (_, phone) => {
    const { query } = await withPhone(phone);
    const { data } = await query(documents.getBorrowerPhone);
    expect(accountsIn(data)).toEqual([{ fileNumber: 'R1005' }]);
  });

  it.each([
    ['123-456-7890', null, 0],
    ['407-253-7828', 'NO', 0],
    ['407-253-7828', 'UNKNOWN', 1],
    ['407-253-7828', 'YES', 1],
  ])('getphones: %s with isagoodnumber %j costs %i searches', async (phonenumber, isagoodnumber, count) => {
    const scollect = await startCorpusUpstream('scollect', {
      getphones: scollectRows([{ filenumber: 'R1001', phonenumber, isagoodnumber }]),
    });
    const { query, calls } = await startGateway({ scollect });
    const { data } = await query('{ account(fileNumber: "R1001") { phones { accounts { fileNumber } } } }');
    expect(data.account.phones[0].accounts).toHaveLength(count);
    expect(searches(calls())).toBe(count);
  });
});

describe('accountsByPhone', () => {
  it('searches what it is given, a number that identifies nobody too', async () => {
    const { query, calls } = await startGateway();
    const { data } = await query('{ accountsByPhone(number: "123-456-7890") { fileNumber } }');
    expect(data.accountsByPhone).toEqual([{ fileNumber: 'R1005' }]);
    expect(searches(calls())).toBe(1);
  });
});

describe('Account.orders', () => {
  const withNumber = async (accountnumber: string) => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: scollectRows([{ filenumber: 'R1001', accountnumber }]),
    });
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 1, client_accountno: accountnumber.trim() }] } },
    });
    return startGateway({ scollect, recoveryConnect });
  };
  const document = '{ account(fileNumber: "R1001") { orders { totalCount edges { nameMatches } } } }';

  it.each(['N/A', 'n/a', 'UNKNOWN', '-', '123', '0', '00000000', '9999999', '12345678', '123456789'])(
    'an account with the number %s has none, without a search',
    async (accountNumber) => {
      const { query, calls } = await withNumber(accountNumber);
      const { data, errors } = await query(document);
      expect(errors).toBeUndefined();
      expect(data.account.orders).toEqual({ totalCount: 0, edges: [] });
      expect(calls()).toEqual(['/getaccount/R1001']);
    },
  );

  it.each(['12345679', ' 3700956 ', '2321', '56545', 'LN-48213'])(
    'an account with the number %s has one',
    async (accountNumber) => {
      const { query } = await withNumber(accountNumber);
      const { data } = await query('{ account(fileNumber: "R1001") { orders { totalCount } } }');
      expect(data.account.orders.totalCount).toBe(1);
    },
  );
});
