import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const nothing = {
  json: { result: [{ error: 'This phone number does not exist in the system' }, 404], state: 'SUCCESS' },
};
const found = (...filenumbers: string[]) => ({
  json: {
    result: { success: filenumbers.map((filenumber) => ({ filenumber, firstname: 'A' })) },
    state: 'SUCCESS',
  },
});

describe('Phone.accounts', () => {
  it('asks by the number as Scollect writes it, and gives each account once', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      searchbyphone: found('r1005', 'R1006', 'R1005'),
    });
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(
      '{ order(orderId: "20") { borrower(borrowerId: "124927241") { phones { number accounts { fileNumber } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.order.borrower.phones[0].accounts).toEqual([
      { fileNumber: 'R1005' },
      { fileNumber: 'R1006' },
    ]);
    const bodies = scollect.received.filter(({ path }) => path === '/searchbyphone').map(({ body }) => body);
    expect(bodies).toEqual([{ PhoneNumber: '678-932-1578' }, { PhoneNumber: '887-213-6744' }]);
  });

  it('is empty for a number that nobody has, and for one that cannot be asked for', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      searchbyphone: nothing,
      getphones: {
        json: { result: [{ phonenumber: '678-932-1578' }, { phonenumber: 'none' }], state: 'SUCCESS' },
      },
    });
    const { query, calls } = await startGateway({ scollect });
    const { data, errors } = await query(
      '{ account(fileNumber: "R1001") { phones { accounts { fileNumber } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.account.phones).toEqual([{ accounts: [] }, { accounts: [] }]);
    expect(calls().filter((path) => path === '/searchbyphone')).toHaveLength(1);
  });
});

describe('Order.accounts', () => {
  const document = `{ order(orderId: "20") { caseNumber accounts {
    account { fileNumber } matchedBy { phone { number } borrower { fullName } }
  } } }`;

  it('says by which phones of whom each account was matched', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      searchbyphone: ({ body }) =>
        (body as { PhoneNumber: string }).PhoneNumber === '678-932-1578'
          ? found('R1005', 'R1006')
          : found('R1005'),
    });
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      listOrderBorrowers: { json: { data: [{ id: 1, firstname: 'A', lastname: 'B' }] } },
    });
    const { query } = await startGateway({ scollect, recoveryConnect });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    const by = (number: string) => ({ phone: { number }, borrower: { fullName: 'A B' } });
    expect(data.order.accounts).toEqual([
      { account: { fileNumber: 'R1005' }, matchedBy: [by('+16789321578'), by('+18872136744')] },
      { account: { fileNumber: 'R1006' }, matchedBy: [by('+16789321578')] },
    ]);
  });

  it('asks once for a number that several borrowers have', async () => {
    const { query, calls } = await startGateway();
    const { errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(calls().filter((path) => path === '/searchbyphone')).toHaveLength(2);
  });

  it('is an error, not a shorter list, where one of its reads fails', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      searchbyphone: ({ body }) =>
        (body as { PhoneNumber: string }).PhoneNumber === '678-932-1578'
          ? found('R1005')
          : { status: 500, html: 'no' },
    });
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(document);
    expect(data.order).toEqual({ caseNumber: '1081-1', accounts: null });
    expect(errors).toMatchObject([
      { path: ['order', 'accounts'], extensions: { operation: 'searchbyphone' } },
    ]);
  });
});

describe('Account.orders', () => {
  const document = `{ account(fileNumber: "R1001") { status orders(first: 2) {
    totalCount pageInfo { hasNextPage } edges { matchedBy node { orderId } }
  } } }`;
  const orders = (...rows: object[]) =>
    startCorpusUpstream('recoveryconnect', { filterOrders: { json: { data: rows } } });

  it('gives the orders with the original account number, and says by which number each was matched', async () => {
    const recoveryConnect = await orders(
      { id: 1, client_accountno: '12345679' },
      { id: 2, lien_accountno: '12345679' },
      { id: 3, client_accountno: '12345679', lienholder_account_number: '12345679' },
    );
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.account.orders).toEqual({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      edges: [
        { matchedBy: ['CLIENT_ACCOUNT_NUMBER'], node: { orderId: '1' } },
        { matchedBy: ['LIENHOLDER_ACCOUNT_NUMBER'], node: { orderId: '2' } },
      ],
    });
    expect(recoveryConnect.received.at(-1)?.query).toMatchObject({ acct_no: '12345679' });
  });

  it('never links an order of another number, should the upstream not have filtered', async () => {
    const { query } = await startGateway({
      recoveryConnect: await orders({ id: 1, client_accountno: '999' }, { id: 2 }),
    });
    const { data, errors } = await query(document);
    expect(errors).toBeUndefined();
    expect(data.account.orders).toMatchObject({ totalCount: 0, edges: [] });
  });

  it('is an error where there are more pages than one account can have', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      filterOrders: { json: { data: [{ id: 1, client_accountno: '12345679' }], meta: { last_page: 90 } } },
    });
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document);
    expect(data.account).toEqual({ status: 'Bankruptcy', orders: null });
    expect(errors).toMatchObject([
      { path: ['account', 'orders'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
  });

  it('is empty, without a call, for an account without that number', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: {
        json: { result: [{ filenumber: 'R1001', statusname: 'X', accountnumber: ' ' }], state: 'SUCCESS' },
      },
    });
    const { query, calls } = await startGateway({ scollect });
    expect((await query(document)).data.account.orders.totalCount).toBe(0);
    expect(calls()).toEqual(['/getaccount/R1001']);
  });
});
