import { afterEach, describe, expect, it, vi } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const payments = (...rows: object[]) =>
  startCorpusUpstream('scollect', { getpayments: { json: { result: rows, state: 'SUCCESS' } } });

const page = (args: string) => `{ account(fileNumber: "R1001") { payments${args} {
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { amount } }
} } }`;

const foreign =
  'expected a cursor that came with an earlier page of this list: of the same field and object, with the same filter and order.';

describe('Account.payments', () => {
  it('answers the documented payments', async () => {
    const { query, calls } = await startGateway();
    const { data, errors } =
      await query(`{ account(fileNumber: "R1001") { payments(first: 1) { totalCount edges { node {
      amount paymentDate takenDate method type merchant portfolio isScheduled
    } } } } }`);
    expect(errors).toBeUndefined();
    expect(data.account.payments).toEqual({
      totalCount: 3,
      edges: [
        {
          node: {
            amount: '15.00',
            paymentDate: '2024-02-20',
            takenDate: '2024-02-20',
            method: null,
            type: 'IN HOUSE',
            merchant: null,
            portfolio: 'C2C PDL TEST',
            isScheduled: false,
          },
        },
      ],
    });
    expect(calls()).toEqual(['/getaccount/R1001', '/getpayments/R1001']);
  });

  it('continues after the end of a page', async () => {
    const { query } = await startGateway();
    const first = (await query(page('(first: 2)'))).data.account.payments;
    expect(first.edges.map((edge: { node: unknown }) => edge.node)).toEqual([
      { amount: '15.00' },
      { amount: '150.00' },
    ]);
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true, hasPreviousPage: false } });
    const second = (await query(page(`(first: 2, after: "${first.pageInfo.endCursor}")`))).data.account
      .payments;
    expect(second).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      edges: [{ node: { amount: '150.00' } }],
    });
    const back = (await query(page(`(last: 1, before: "${second.pageInfo.startCursor}")`))).data.account
      .payments;
    expect(back.edges).toEqual([first.edges[1]]);
  });

  it('has no cursors on an empty page', async () => {
    const { query } = await startGateway({ scollect: await payments() });
    expect((await query(page(''))).data.account.payments).toEqual({
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      edges: [],
    });
  });

  it.each([
    ['(first: -1)', 'first: expected a number from 0 to 500.'],
    ['(first: 501)', 'first: expected a number from 0 to 500.'],
    ['(last: -1)', 'last: expected a number from 0 to 500.'],
    ['(after: "x")', `after: ${foreign}`],
    ['(before: "T2Zmc2V0Q29ubmVjdGlvbjp4")', `before: ${foreign}`],
  ])('%s is rejected by its name', async (args, message) => {
    const { query } = await startGateway();
    const { data, errors } = await query(page(args));
    expect(data.account).toEqual({ payments: null });
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('Payment.amount', () => {
  it.each([
    ['tbd', null, 'tbd'],
    ['15.00 or 20.00', null, '15.00 or 20.00'],
    ['--15.00', null, '--15.00'],
    ['(15.00)', '-15.00', '(15.00)'],
    [' $7,000 ', '7000', '$7,000'],
    [15, '15', '15'],
    ['', null, null],
    [null, null, null],
    [{ text: 1 }, null, null],
  ])('of %j is %j with the original text %j next to it', async (paymentamount, amount, rawAmount) => {
    const good = { paymentamount: '1.00', paymentdate: '1/1/2024' };
    const { query } = await startGateway({
      scollect: await payments({ paymentamount, paymentdate: '1/2/2024' }, good),
    });
    const reply = await query(
      '{ account(fileNumber: "R1") { payments { totalCount edges { node { amount rawAmount paymentDate } } } } }',
    );
    expect(reply).toEqual({
      status: 200,
      data: {
        account: {
          payments: {
            totalCount: 2,
            edges: [
              { node: { amount, rawAmount, paymentDate: '2024-01-02' } },
              { node: { amount: '1.00', rawAmount: '1.00', paymentDate: '2024-01-01' } },
            ],
          },
        },
      },
    });
  });
});

const now = new Date();
const today = `${now.getMonth() + 1}/${now.getDate()}/${now.getFullYear()}`;

describe('Payment.isScheduled', () => {
  it.each([
    [today, false],
    ['Tue, 20 Feb 2024 00:00:00 GMT', false],
    ['Tue, 20 Feb 2924 00:00:00 GMT', true],
    [null, false],
    ['next Friday', null],
    ['2/30/2024', null],
  ])('of a payment on %s is %s', async (paymentdate, isScheduled) => {
    const { query } = await startGateway({
      scollect: await payments({ paymentamount: '1.00', paymentdate }),
    });
    const { data } = await query(
      '{ account(fileNumber: "R1") { payments { edges { node { isScheduled } } } } }',
    );
    expect(data.account.payments.edges).toEqual([{ node: { isScheduled } }]);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    ['America/Los_Angeles', '2024-02-20T07:59:59Z', true],
    ['America/Los_Angeles', '2024-02-20T08:00:00Z', false],
    ['UTC', '2024-02-19T23:59:59Z', true],
    ['UTC', '2024-02-20T00:00:00Z', false],
    ['Asia/Tokyo', '2024-02-19T15:00:00Z', false],
  ])("ends with the agency's day before: %s at %s → %s", async (timeZone, now, isScheduled) => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
    const scollect = await payments({ paymentamount: '1.00', paymentdate: '2/20/2024' });
    const { query } = await startGateway({ scollect, timeZone });
    const { data } = await query(
      '{ account(fileNumber: "R1") { payments { edges { node { isScheduled } } } } }',
    );
    expect(data.account.payments.edges).toEqual([{ node: { isScheduled } }]);
  });
});
