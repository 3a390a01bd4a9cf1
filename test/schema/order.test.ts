import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import type { Received } from '../support/upstream.ts';

/** Answers every order that is asked for, in another order than it was asked for. */
const orders = (without: readonly string[] = []) => ({
  filterOrders: ({ query }: Received) => {
    const ids = (query['ids'] ?? '').split(',').filter((id) => !without.includes(id));
    return { json: { data: ids.reverse().map((id) => ({ id: Number(id), company_orderno: `case ${id}` })) } };
  },
});

describe('Query.order', () => {
  it('answers the documented order in standard terms', async () => {
    const { query } = await startGateway();
    const { data, errors } = await query(`{ order(orderId: "20") {
      orderId caseNumber status statusId orderType orderTypeId parentOrderId clientId ownerCompanyId lienholderId clientAccountNumber
      lienholderAccountNumber otherReferenceNumber isViolent isLatestCase reopenCount statusChangedAt acceptedAt createdAt updatedAt
    } }`);
    expect(errors).toBeUndefined();
    expect(data.order).toEqual({
      orderId: '20',
      caseNumber: '1081-1',
      status: null,
      statusId: null,
      orderType: 'Condition Report',
      orderTypeId: '2',
      parentOrderId: '2009347',
      clientId: '26930',
      ownerCompanyId: null,
      lienholderId: null,
      clientAccountNumber: '3700956',
      lienholderAccountNumber: null,
      otherReferenceNumber: '10230481',
      isViolent: false,
      isLatestCase: true,
      reopenCount: 1,
      statusChangedAt: '2023-12-06T15:27:49',
      acceptedAt: '2016-06-03T14:19:00',
      createdAt: '2014-10-29T18:46:48',
      updatedAt: null,
    });
  });

  it('joins all orders of a request in one call, each in its place, null where there is none', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders(['3']));
    const { query, calls } = await startGateway({ recoveryConnect });
    const reply = await query(`{
      a: order(orderId: "1") { orderId caseNumber }
      b: order(orderId: 2) { orderId caseNumber }
      c: order(orderId: "3") { orderId caseNumber }
      d: order(orderId: "001") { orderId caseNumber }
    }`);
    const first = { orderId: '1', caseNumber: 'case 1' };
    expect(reply).toEqual({
      status: 200,
      data: { a: first, b: { orderId: '2', caseNumber: 'case 2' }, c: null, d: first },
    });
    expect(calls()).toEqual(['/api/v150/recon/orders']);
    expect(recoveryConnect.received.at(-1)?.query).toEqual({ ids: '1,2,3', per_page: '250' });
  });

  it('is looked for on further pages before it counts as not there', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', {
      // An upstream that pages as it likes: two orders a page, of the three that there are.
      filterOrders: ({ query }) => {
        const page = Number(query['page'] ?? 1);
        const data = [{ id: 1 }, { id: 2 }, { id: 3 }].slice(2 * page - 2, 2 * page);
        return { json: { data, meta: { current_page: page, last_page: 2, per_page: '2' } } };
      },
    });
    const { query, calls } = await startGateway({ recoveryConnect });
    const reply = await query(`{
      one: order(orderId: 1) { orderId } three: order(orderId: 3) { orderId } four: order(orderId: 4) { orderId }
    }`);
    expect(reply.data).toEqual({ one: { orderId: '1' }, three: { orderId: '3' }, four: null });
    expect(calls()).toHaveLength(2);
  });

  it('is asked for in as many calls as pages are needed', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query, calls } = await startGateway({ recoveryConnect });
    const fields = Array.from({ length: 251 }, (_, at) => `o${at}: order(orderId: "${at + 1}") { orderId }`);
    const { data } = await query(`{ ${fields.join('\n')} }`);
    expect(data.o250).toEqual({ orderId: '251' });
    expect(calls()).toHaveLength(2);
  });

  it.each(['', 'x', '1,2', '-1', '1.5', '1&ids=2', '1'.repeat(19)])(
    'turns the id %j away before anything is sent, and answers its neighbour',
    async (orderId) => {
      const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
      const { query } = await startGateway({ recoveryConnect });
      const { data, errors } = await query(
        'query ($id: ID!) { bad: order(orderId: $id) { orderId } good: order(orderId: "7") { orderId } }',
        { id: orderId },
      );
      expect(data).toEqual({ bad: null, good: { orderId: '7' } });
      expect(errors).toMatchObject([
        {
          message: 'orderId: expected a number of at most 18 digits.',
          path: ['bad'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
      expect(recoveryConnect.received.at(-1)?.query['ids']).toBe('7');
    },
  );
});

describe('Order.borrowers', () => {
  it('answers the documented people', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query, calls } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(`{ order(orderId: "57062885") { borrowers {
      source borrowerId role firstName middleName lastName fullName ssn ssnLast4 dateOfBirth emailAddress isDeceased isActiveMilitary bankruptcy
      order { orderId } account { fileNumber }
      phones { source phoneId number rawNumber type typeId status isValid doNotContact extension memo mobileCarrierId origin createdAt updatedAt
        account { fileNumber } borrower { borrowerId } }
    } } }`);
    expect(errors).toBeUndefined();
    const [one, two] = data.order.borrowers;
    expect(one).toEqual({
      source: 'RECOVERY_CONNECT',
      borrowerId: '124927241',
      role: 'borrower',
      firstName: 'A_Toney',
      middleName: null,
      lastName: 'Spencer',
      fullName: 'A_Toney Spencer',
      ssn: null,
      ssnLast4: null,
      dateOfBirth: null,
      emailAddress: null,
      isDeceased: false,
      isActiveMilitary: false,
      bankruptcy: null,
      order: { orderId: '57062885' },
      account: null,
      phones: [
        expect.objectContaining({ phoneId: '39317578' }),
        expect.objectContaining({ phoneId: '39317579' }),
      ],
    });
    expect(one.phones[0]).toEqual({
      source: 'RECOVERY_CONNECT',
      phoneId: '39317578',
      number: '+16789321578',
      rawNumber: '678-932-1578',
      type: null,
      typeId: '5',
      status: null,
      isValid: true,
      doNotContact: false,
      extension: null,
      memo: null,
      mobileCarrierId: null,
      origin: null,
      createdAt: '2026-03-07T14:03:51',
      updatedAt: '2026-03-07T14:03:51',
      account: null,
      borrower: { borrowerId: '124927241' },
    });
    expect(two).toMatchObject({ borrowerId: '124941995', fullName: 'test borrower' });
    expect(calls()).toEqual([
      '/api/v140/orders/57062885/borrowers',
      '/api/v140/orders/57062885/borrowers/124927241/phones',
      '/api/v140/orders/57062885/borrowers/124941995/phones',
      '/api/v150/recon/orders',
    ]);
  });
});

describe('Order.borrower', () => {
  const document =
    'query ($id: ID!) { order(orderId: "57062885") { borrower(borrowerId: $id) { fullName } } }';

  it.each([
    ['124941995', { fullName: 'test borrower' }],
    ['1', null],
  ])('%s is %j', async (id, borrower) => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query } = await startGateway({ recoveryConnect });
    expect(await query(document, { id })).toEqual({ status: 200, data: { order: { borrower } } });
  });

  it('with an id that is no number is turned away', async () => {
    const recoveryConnect = await startCorpusUpstream('recoveryconnect', orders());
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(document, { id: 'x/1' });
    expect(data).toEqual({ order: { borrower: null } });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/^borrowerId: /), path: ['order', 'borrower'] },
    ]);
  });
});
