import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FaultSwitch } from '../../src/sandbox/faults/switches.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';

const payer = {
  payorName: 'Pat Payor',
  type: 'Online',
  bankAccount: { type: 'Checking', accountNumber: '9876543210', routingNumber: '021000021' },
};
const single = { ...payer, fileNumber: 'R1001', paymentDate: '2031-04-15', amount: '77.70' };
const plan = {
  ...payer,
  fileNumber: 'R1001',
  installments: [
    { amount: '5.00', date: '2031-01-01' },
    { amount: '5', date: '2031-01-01' },
    { amount: '6.00', date: '2031-02-01' },
  ],
};

const start = async (...faults: FaultSwitch[]) => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  sandbox.faults.set(faults);
  const { query } = await startGateway({ sandbox, timeoutMs: 1000 });
  const send = async (field: string, input: object, idempotencyKey = 'key') => {
    const { data } = await query(mutationOf(field, 'account { fileNumber }'), {
      input: { idempotencyKey, ...input },
    });
    return data[field];
  };
  const outcomes = async () => {
    const { data } = await query(
      '{ pendingOutcomes { mutation amount paymentDate installments { amount date } method last4 template account { fileNumber } matchingPayments { amount paymentDate } } }',
    );
    return data.pendingOutcomes;
  };
  const payments = async (fileNumber: string) => {
    const { data } = await query(
      `{ account(fileNumber: "${fileNumber}") { payments(first: 100) { nodes: edges { node { amount paymentDate } } } } }`,
    );
    return data.account.payments.nodes.map(({ node }: { node: object }) => node);
  };
  return { sandbox, query, send, outcomes, payments };
};

const losing = (operation: FaultSwitch['operation'], times = 1): FaultSwitch => ({
  operation,
  fault: 'lose-answer',
  times,
});

describe('a payment whose answer was lost', () => {
  it.each([
    ['recordPayment', single, 'insert_payments_external'],
    ['createPaymentPlan', plan, 'insert_payplan_external'],
  ] as const)('by %s is found among the payments, and a success', async (field, input, operation) => {
    const { send, outcomes, payments } = await start(losing(operation));
    const before = await payments('R1001');
    const success = { __typename: expect.stringMatching(/Success$/), account: { fileNumber: 'R1001' } };
    expect(await send(field, input)).toEqual(success);
    expect(await send(field, input)).toEqual(success);
    const made = 'installments' in input ? 3 : 1;
    expect(await payments('R1001')).toHaveLength(before.length + made);
    expect(await outcomes()).toEqual([]);
  });

  it('is distinguished from an equal earlier one', async () => {
    const { send, payments, sandbox } = await start();
    expect((await send('recordPayment', single, 'first')).__typename).toBe('RecordPaymentSuccess');
    // Now nothing is executed: the equal payment on the account is the first one's.
    sandbox.faults.set([{ operation: 'insert_payments_external', fault: 'hang', times: 1 }]);
    expect((await send('recordPayment', single, 'second')).__typename).toBe('OutcomeUnknownError');
    expect((await send('recordPayment', single, 'second')).__typename).toBe('OutcomeUnknownError');
    expect(
      (await payments('R1001')).filter(({ amount }: { amount: string }) => amount === '77.70'),
    ).toHaveLength(1);
  });

  it('that cannot be looked for is unknown, until it can', async () => {
    const { send } = await start(losing('insert_payments_external'), {
      operation: 'getpayments',
      fault: 'server-error',
      times: 1,
    });
    // The look before failed: there is nothing to compare with, ever.
    expect((await send('recordPayment', single)).__typename).toBe('OutcomeUnknownError');
    expect((await send('recordPayment', single)).__typename).toBe('OutcomeUnknownError');
  });

  it('is found later, where the look after it failed too', async () => {
    const { send, sandbox } = await start(losing('insert_payments_external'));
    sandbox.faults.set([
      losing('insert_payments_external'),
      { operation: 'getpayments', fault: 'delay', milliseconds: 0, times: 1 },
      { operation: 'getpayments', fault: 'server-error', times: 1 },
    ]);
    expect((await send('recordPayment', single)).__typename).toBe('OutcomeUnknownError');
    expect((await send('recordPayment', single)).__typename).toBe('RecordPaymentSuccess');
  });

  it('is not distinguished from another of the same account that may have been made meanwhile', async () => {
    const { send, outcomes } = await start(losing('insert_payments_external', 2));
    const both = await Promise.all(['a', 'b'].map((key) => send('recordPayment', single, key)));
    const kinds = both.map(({ __typename }) => __typename);
    expect(kinds).toContain('OutcomeUnknownError');
    const open = await outcomes();
    expect(open).toHaveLength(kinds.filter((kind) => kind === 'OutcomeUnknownError').length);
    expect(open[0]).toMatchObject({ matchingPayments: [{ amount: '77.70' }, { amount: '77.70' }] });
  });
});

describe('a payment that was not executed, or may not have been', () => {
  it('is not taken for an equal one that another key has made since', async () => {
    const { send, sandbox } = await start({ operation: 'insert_payments_external', fault: 'hang', times: 1 });
    expect((await send('recordPayment', single, 'lost')).__typename).toBe('OutcomeUnknownError');
    sandbox.faults.clear();
    expect((await send('recordPayment', single, 'other')).__typename).toBe('RecordPaymentSuccess');
    expect((await send('recordPayment', single, 'lost')).__typename).toBe('OutcomeUnknownError');
  });

  it('is not taken for one that another process made during a read that was in flight before', async () => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let reads = 0;
    const paymentsOf = (amounts: readonly string[]) => ({
      json: {
        result: amounts.map((paymentamount) => ({
          filenumber: 'R1001',
          paymentamount,
          paymentdate: 'Tue, 15 Apr 2031 00:00:00 GMT',
        })),
        state: 'SUCCESS',
      },
    });
    const scollect = await startCorpusUpstream('scollect', {
      // The first read contains no payment of another process, and ends after it.
      getpayments: async () => {
        reads += 1;
        const isFirst = reads === 1;
        if (isFirst) await released;
        return paymentsOf(isFirst ? ['1.00'] : ['1.00', single.amount]);
      },
      insert_payments_external: 'reset',
    });
    const { query } = await startGateway({ scollect });
    const reading = query('{ account(fileNumber: "R1001") { payments { edges { node { amount } } } } }');
    await expect.poll(() => reads).toBe(1);
    const charging = query(mutationOf('recordPayment', 'account { fileNumber }'), {
      input: { idempotencyKey: 'key', ...single },
    });
    await pause(100);
    release();
    expect((await charging).data.recordPayment.__typename).toBe('OutcomeUnknownError');
    expect((await reading).data.account.payments.edges).toHaveLength(1);
  });

  it('is not taken for a part of it that somebody else has made since', async () => {
    const { send, sandbox } = await start({ operation: 'insert_payplan_external', fault: 'hang', times: 1 });
    expect((await send('createPaymentPlan', plan)).__typename).toBe('OutcomeUnknownError');
    sandbox.faults.clear();
    const elsewhere = await startGateway({ sandbox });
    const parts = [
      { ...payer, fileNumber: 'R1001', paymentDate: '2031-01-01', amount: '5.00' },
      { ...payer, fileNumber: 'R1001', paymentDate: '2031-02-01', amount: '6.00' },
    ];
    for (const [index, part] of parts.entries()) {
      const input = { idempotencyKey: `part ${index}`, ...part };
      await elsewhere.query(mutationOf('recordPayment', 'account { fileNumber }'), { input });
    }
    expect((await send('createPaymentPlan', plan)).__typename).toBe('OutcomeUnknownError');
  });
});

const listing = (rows: readonly object[]): FaultSwitch => ({
  operation: 'getpayments',
  fault: 'answer',
  body: { result: rows, state: 'SUCCESS' } as never,
  times: 1,
});

const other = { paymentamount: '15.00', paymentdate: '2024-02-20' };
const made = { paymentamount: '77.70', paymentdate: '2031-04-15' };

describe('a payment whose answer was lost, on an account with rows that cannot be read', () => {
  it.each([
    ['every row can be read', [other], [other, made], 'RecordPaymentSuccess'],
    [
      'an amount of its day cannot be read before',
      [{ ...made, paymentamount: 'tbd' }],
      [made],
      'OutcomeUnknownError',
    ],
    [
      'an amount of its day cannot be read afterwards',
      [other],
      [other, made, { ...made, paymentamount: 'tbd' }],
      'OutcomeUnknownError',
    ],
    [
      'its own amount cannot be read',
      [other],
      [other, { ...made, paymentamount: 'tbd' }],
      'OutcomeUnknownError',
    ],
    [
      'the day of its amount cannot be read before',
      [{ ...made, paymentdate: 'Friday' }],
      [made],
      'OutcomeUnknownError',
    ],
    [
      'its own day cannot be read',
      [other],
      [other, { ...made, paymentdate: 'Friday' }],
      'OutcomeUnknownError',
    ],
    ['a row was left out before', [other, {}], [other, made], 'OutcomeUnknownError'],
    ['a row is left out afterwards', [other], [other, made, {}], 'OutcomeUnknownError'],
    ['no row can be read before', [{}], [other, made], 'OutcomeUnknownError'],
    [
      'an amount of another day cannot be read',
      [{ ...other, paymentamount: 'tbd' }],
      [{ ...other, paymentamount: 'tbd' }, made],
      'RecordPaymentSuccess',
    ],
    [
      'the day of another amount cannot be read',
      [{ ...other, paymentdate: 'Friday' }],
      [{ ...other, paymentdate: 'Friday' }, made],
      'RecordPaymentSuccess',
    ],
  ])('if %s', async (_, before, afterwards, expected) => {
    const { send, outcomes } = await start(
      losing('insert_payments_external'),
      listing(before),
      listing(afterwards),
    );
    expect((await send('recordPayment', single)).__typename).toBe(expected);
    expect(await outcomes()).toHaveLength(expected === 'OutcomeUnknownError' ? 1 : 0);
  });

  it('is shown with all rows that could be its own, and never with a list that lacks some', async () => {
    const { send, query, sandbox } = await start({
      operation: 'insert_payments_external',
      fault: 'hang',
      times: 1,
    });
    expect((await send('recordPayment', single)).__typename).toBe('OutcomeUnknownError');
    const document =
      '{ pendingOutcomes { matchingPayments { amount rawAmount paymentDate rawPaymentDate } } }';
    const unread = { ...made, paymentamount: 'tbd' };
    const undated = { ...made, paymentdate: 'Friday' };
    sandbox.faults.set([
      listing([
        other,
        unread,
        undated,
        { ...other, paymentamount: 'tbd' },
        { ...other, paymentdate: 'Friday' },
      ]),
      listing([other, unread, {}]),
    ]);
    const { data } = await query(document);
    expect(data.pendingOutcomes).toEqual([
      {
        matchingPayments: [
          { amount: null, rawAmount: 'tbd', paymentDate: '2031-04-15', rawPaymentDate: '2031-04-15' },
          { amount: '77.70', rawAmount: '77.70', paymentDate: null, rawPaymentDate: 'Friday' },
        ],
      },
    ]);
    const lacking = await query(document);
    expect(lacking.data.pendingOutcomes).toEqual([{ matchingPayments: null }]);
    expect(lacking.errors).toMatchObject([
      {
        path: ['pendingOutcomes', 0, 'matchingPayments'],
        extensions: { code: 'UPSTREAM_BAD_RESPONSE', operation: 'getpayments' },
      },
    ]);
  });
});

describe('Query.pendingOutcomes', () => {
  it('states the requested payments, and those on the account now', async () => {
    const hanging = [
      'insert_payments_external',
      'insert_payplan_external',
      'run_payment_external',
      'send_email_c2c',
    ] as const;
    const { send, outcomes } = await start(
      ...hanging.map((operation): FaultSwitch => ({ operation, fault: 'hang', times: 1 })),
    );
    await send('recordPayment', single, 'a');
    await send('createPaymentPlan', plan, 'b');
    await send('runPayment', { fileNumber: 'R1001', paymentDate: '2024-02-20', amount: '15.00' }, 'c');
    await send('sendEmail', { fileNumber: 'R1001', template: 'Welcome', updatePermissions: false }, 'd');
    const nothing = {
      amount: null,
      paymentDate: null,
      installments: null,
      method: null,
      last4: null,
      template: null,
      matchingPayments: [],
      account: { fileNumber: 'R1001' },
    };
    const bank = { method: 'ACH', last4: '3210' };
    expect(await outcomes()).toEqual([
      { ...nothing, mutation: 'recordPayment', amount: '77.70', paymentDate: '2031-04-15', ...bank },
      {
        ...nothing,
        mutation: 'createPaymentPlan',
        installments: [
          { amount: '5.00', date: '2031-01-01' },
          { amount: '5.00', date: '2031-01-01' },
          { amount: '6.00', date: '2031-02-01' },
        ],
        ...bank,
      },
      {
        ...nothing,
        mutation: 'runPayment',
        amount: '15.00',
        paymentDate: '2024-02-20',
        matchingPayments: [{ amount: '15.00', paymentDate: '2024-02-20' }],
      },
      { ...nothing, mutation: 'sendEmail', template: 'Welcome', matchingPayments: null },
    ]);
  });
});
