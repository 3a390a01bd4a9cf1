import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { mutationOf } from '../support/mutation.ts';
import type { Answer, LocalUpstream, Received } from '../support/upstream.ts';

const card = {
  type: 'Visa',
  number: '4111111111111111',
  securityCode: '111',
  expirationMonth: 12,
  expirationYear: 2030,
};
const bankAccount = { type: 'Checking', accountNumber: '9876543210', routingNumber: '021000021' };

const payer = {
  idempotencyKey: 'key-1',
  fileNumber: '12345',
  payorName: 'John Doe',
  status: 'PENDING',
  type: 'Online',
  acceptedFees: true,
  printed: false,
  invoice: 'INV123456',
};

const charge = { idempotencyKey: 'key-1', fileNumber: '12345', paymentDate: '2023-04-15', amount: '9.00' };

interface Case {
  readonly field: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What is sent otherwise than documented, since that example is of both ways to pay, or is over. */
  readonly differing?: object;
  readonly success?: object;
  readonly answer?: object;
}

const approved = { result: 'APPROVED', approvalcode: 'A-771', error: '' };
const cardKeys = { cardexpirationyear: '2030', cardexpirationdate: '12/2030' };
const noBankAccount = { checkaccountnumber: '', checkroutingnumber: '', checkaccounttype: '' };
const noCard = {
  cardtype: '',
  cardnumber: '',
  threedigitnumber: '',
  cardexpirationmonth: '',
  cardexpirationyear: '',
  cardexpirationdate: '',
};

const cases: Case[] = [
  {
    field: 'recordPayment',
    operation: 'insert_payments_external',
    input: { ...payer, paymentDate: '2023-04-15', amount: '100.00', card },
    differing: { acceptedfees: '1', ...cardKeys, ...noBankAccount },
  },
  {
    field: 'createPaymentPlan',
    operation: 'insert_payplan_external',
    input: {
      ...payer,
      fileNumber: 'r456456',
      installments: [
        { amount: '1.00', date: '2025-09-01' },
        { amount: 1, date: '2025-10-01' },
      ],
      card,
    },
    differing: {
      filenumber: 'R456456',
      paymentmethod: 'CREDIT CARD',
      acceptedfees: '1',
      // The list counts; these keys are required as well.
      paymentdate: '2025-09-01',
      paymentamount: '1.00',
      ...cardKeys,
      ...noBankAccount,
    },
  },
  {
    field: 'updatePendingPayments',
    operation: 'update_payment_external',
    input: {
      idempotencyKey: 'key-1',
      fileNumber: 'R1002',
      paymentDate: '2025-04-15',
      payorName: 'Jane Smith',
      method: 'ACH',
      status: 'PENDING',
      type: 'Online',
      address: { line1: '456 Oak Street', city: 'Springfield', state: 'IL', zipCode: '62704' },
      bankAccount: { type: 'Checking', accountNumber: '123456789', routingNumber: '063105285' },
      card: {
        type: 'MasterCard',
        number: '5555 5555 5555 4444',
        securityCode: '321',
        expirationMonth: 11,
        expirationYear: 2030,
      },
      acceptedFees: true,
      printed: false,
      invoice: 'INV654321',
    },
    differing: {
      checkroutingnumber: '063105285',
      cardnumber: '5555555555554444',
      cardexpirationyear: '2030',
      cardexpirationdate: '11/30',
    },
  },
  {
    field: 'runPayment',
    operation: 'run_payment_external',
    input: charge,
    answer: approved,
    success: { result: 'APPROVED', approvalCode: 'A-771' },
  },
  {
    field: 'sendEmail',
    operation: 'send_email_c2c',
    input: {
      idempotencyKey: 'key-1',
      fileNumber: 'R1000',
      template: 'template name',
      updatePermissions: false,
    },
  },
  {
    field: 'sendText',
    operation: 'send_text',
    input: {
      idempotencyKey: 'key-1',
      fileNumber: '316620',
      template: 'Missed 1',
      messageType: 'Multicast',
      environment: 'LIVE',
    },
  },
];

const documentOf = ({ field }: Case): string =>
  mutationOf(field, `${field === 'runPayment' ? 'result approvalCode ' : ''}account { fileNumber }`);

const nameOf = ({ field }: Case): string => `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;

const answerOf = ({ operation, answer }: Case): object =>
  answer ??
  (corpusFile('scollect', operation).success as object | null) ?? { result: { success: 'Plan inserted' } };

type Answering = Answer | ((request: Received) => Answer | Promise<Answer>);

/** A gateway before a Scollect that answers one operation so, and all others as documented. */
const start = async (one: Case, answer: Answering = { json: answerOf(one) }) => {
  const scollect = await startCorpusUpstream('scollect', { [one.operation]: answer });
  const { query } = await startGateway({ scollect });
  const send = async (changes: object = {}, headers: Record<string, string> = {}) => {
    const { data, errors } = await query(documentOf(one), { input: { ...one.input, ...changes } }, headers);
    return { result: data[one.field], errors };
  };
  return { scollect, send, query, sent: () => sentTo(scollect, one) };
};

/** What the operation was sent, each time. */
const sentTo = ({ received }: LocalUpstream, { operation }: Case) => {
  const { path } = corpusFile('scollect', operation);
  return received.filter((request) => request.path === path);
};

const successOf = (one: Case) => ({
  __typename: `${nameOf(one)}Success`,
  account: { fileNumber: String(one.input['fileNumber']).toUpperCase() },
  ...one.success,
});

describe.each(cases)('Mutation.$field', (one) => {
  it('sends the documented request', async () => {
    const { send, sent } = await start(one);
    expect(await send()).toEqual({ result: successOf(one), errors: undefined });
    const { method, request } = corpusFile('scollect', one.operation);
    expect(sent()).toMatchObject([{ method, body: { ...(request as object), ...one.differing } }]);
    expect(Object.keys(sent()[0]?.body as object).sort()).toEqual(Object.keys(request as object).sort());
  });

  it.each<readonly [string, Answer, object]>([
    [
      'an empty list',
      { json: { result: { result: [] }, state: 'SUCCESS' } },
      { __typename: 'RejectedError', reason: null },
    ],
    [
      'a blank error',
      { json: { result: { error: '' }, state: 'SUCCESS' } },
      { __typename: 'RejectedError', reason: null },
    ],
    [
      'an error that repeats its input',
      { json: { result: [{ error: 'Account 12345 of JOHN DOE is closed' }, 403], state: 'SUCCESS' } },
      { __typename: 'RejectedError', reason: expect.stringMatching(/is closed$/) },
    ],
    [
      'an account that is not there',
      { json: { result: [{ error: 'Data not found for this filenumber' }, 400], state: 'SUCCESS' } },
      { __typename: 'NotFoundError', code: 'NOT_FOUND' },
    ],
    [
      'a fault of the input',
      { json: { state: 'TIMEOUT', status: 'At least one update field must be provided.' } },
      { __typename: 'InvalidInputError', fields: [] },
    ],
  ])('that fails by %s returns its error, and the same for a repeated key', async (_, answer, expected) => {
    const { send, sent } = await start(one, answer);
    const first = await send();
    expect(first.errors).toBeUndefined();
    expect(first.result).toMatchObject(expected);
    expect(JSON.stringify(first.result)).not.toMatch(/12345|JOHN|DOE/i);
    expect(await send()).toEqual(first);
    expect(sent()).toHaveLength(1);
  });

  it.each<readonly [string, Answer]>([
    ['a time-out', { json: { state: 'TIMEOUT', status: 'Task timed out.' } }],
    ['a task that is pending', { json: { state: 'PENDING', status: 'Pending...' } }],
    ['a task that failed', { json: { state: 'FAILURE', result: 'worker lost' } }],
    ['502', { status: 502, html: 'Bad Gateway' }],
    ['504', { status: 504, html: 'Gateway Time-out' }],
    ['500', { status: 500, html: 'Internal Server Error' }],
    ['an answer that is no JSON', { html: 'hello' }],
    ['a lost connection', 'reset'],
    ['404', { status: 404, html: 'Not Found' }],
    ['409', { status: 409, html: 'Conflict' }],
    ['425', { status: 425, html: 'Too Early' }],
    ['400 without a readable body', { status: 400, html: 'Bad Request' }],
    ['an exception', { json: { result: { error: 'list index out of range' }, state: 'SUCCESS' } }],
    ['a success as its error', { json: { result: { error: 'Payment processed' }, state: 'SUCCESS' } }],
  ])('that ends in %s is of unknown outcome, and not sent again', async (_, answer) => {
    const { send, sent, query } = await start(one, answer);
    const { result, errors } = await send();
    expect(errors).toBeUndefined();
    expect(result).toMatchObject({
      __typename: 'OutcomeUnknownError',
      code: 'OUTCOME_UNKNOWN',
      outcomeId: expect.any(String),
    });
    expect((await send()).result).toEqual(result);
    expect(sent()).toHaveLength(1);
    const { data } = await query('{ pendingOutcomes { id outcomeId mutation } }');
    const [{ id }] = data.pendingOutcomes;
    expect(data.pendingOutcomes).toEqual([{ id, outcomeId: result.outcomeId, mutation: one.field }]);
    const again = await query(
      'query ($id: ID!) { node(id: $id) { __typename id ... on PendingOutcome { mutation } } }',
      { id },
    );
    expect(again.data.node).toEqual({ __typename: 'PendingOutcome', id, mutation: one.field });
  });

  it('rejected for too many requests was not executed, and may be sent again', async () => {
    const answers: Answer[] = [
      { status: 429, html: 'slow down', headers: { 'retry-after': '7' } },
      { json: answerOf(one) },
    ];
    const { send } = await start(one, () => answers.shift() ?? 'reset');
    expect((await send()).result).toMatchObject({
      __typename: 'UnavailableError',
      code: 'UPSTREAM_RATE_LIMITED',
      retryAfter: 7,
    });
    expect((await send()).result).toEqual(successOf(one));
  });

  it('that no upstream is configured for is an error, and leaves the key free', async () => {
    const { query } = await startGateway({ scollect: null });
    for (const _ of [1, 2]) {
      expect(await query(documentOf(one), { input: one.input })).toMatchObject({
        data: { [one.field]: null },
        errors: [{ path: [one.field], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
      });
    }
  });

  it('is sent once for its key, however often it is asked for', async () => {
    const { send, sent } = await start(one);
    const all = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(all.map(({ result }) => result)).toEqual(Array(20).fill(successOf(one)));
    expect((await send()).result).toEqual(successOf(one));
    expect(sent()).toHaveLength(1);
  });

  it('is in conflict with another input under its key, of the same caller alone', async () => {
    const { send, sent } = await start(one);
    await send();
    const other = { fileNumber: 'R9' };
    expect(await send(other)).toMatchObject({
      result: { __typename: 'IdempotencyConflictError', code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(sent()).toHaveLength(1);
    expect((await send(other, { 'x-caller': 'bob' })).result.__typename).toBe(`${nameOf(one)}Success`);
  });

  it('leaves the other mutations of its request alone', async () => {
    const { query, scollect } = await start(one, 'reset');
    const name = nameOf(one);
    const { data, errors } = await query(
      `mutation ($input: ${name}Input!) { first: ${one.field}(input: $input) { __typename }
        addNote(input: { fileNumber: "R1000", collectorName: "mall", body: "Test" }) { __typename } }`,
      { input: one.input },
    );
    expect({ data, errors }).toEqual({
      data: {
        first: { __typename: 'OutcomeUnknownError' },
        addNote: { __typename: 'AddNoteSuccess' },
      },
      errors: undefined,
    });
    expect(scollect.calls()).toContain('/InsertNoteline');
  });
});

const [recorded, planned, changed, run] = cases as [Case, Case, Case, Case];

describe('a payment', () => {
  it.each([recorded, planned])(
    'by $field from a bank account leaves the keys of a card blank',
    async (one) => {
      const { send, sent } = await start(one);
      await send({ card: null, bankAccount });
      expect(sent()[0]?.body).toMatchObject({
        ...noCard,
        paymentmethod: 'ACH',
        checkaccounttype: 'Checking',
        checkaccountnumber: '9876543210',
        checkroutingnumber: '021000021',
      });
    },
  );

  it('sends documented defaults for omitted values', async () => {
    const { send, sent } = await start(recorded);
    await send({ status: null, acceptedFees: null, printed: null, invoice: null });
    expect(sent()[0]?.body).toMatchObject({
      paymentstatus: 'PENDING',
      acceptedfees: '0',
      printed: 'false',
      invoice: '',
    });
  });

  it('that is to be changed sends what is given alone', async () => {
    const { send, sent } = await start(changed);
    const nothing = Object.fromEntries(Object.keys(changed.input).map((key) => [key, null]));
    await send({ ...nothing, idempotencyKey: 'k', fileNumber: 'R1002', printed: true });
    expect(sent()[0]?.body).toEqual({ filenumber: 'R1002', printed: 'yes' });
  });

  it('reports all faults at once, by their paths; nothing is sent', async () => {
    const { send, scollect } = await start(recorded);
    const { result } = await send({
      idempotencyKey: ' ',
      fileNumber: '../R1',
      paymentDate: '2025-02-30',
      amount: '0.001',
      payorName: ' ',
      card: {
        ...card,
        number: '4111111111111112',
        securityCode: '12',
        expirationMonth: 13,
        expirationYear: 2020,
      },
      bankAccount: { type: '', accountNumber: '12a', routingNumber: '012345678' },
    });
    expect(result.__typename).toBe('InvalidInputError');
    expect(
      Object.fromEntries(result.fields.map(({ path, message }: Record<string, string>) => [path, message])),
    ).toEqual({
      idempotencyKey: 'Expected 1 to 255 printable characters of ASCII.',
      fileNumber: 'Expected at most 50 letters and digits, as in R1001.',
      paymentDate: 'Expected a date that exists, as in 2024-02-20.',
      amount: 'Expected an amount above zero, with at most two decimals.',
      payorName: expect.stringContaining('not only blanks'),
      'card.number': 'Expected a card number of 12 to 19 digits whose check digit fits.',
      'card.securityCode': 'Expected three or four digits.',
      'card.expirationMonth': 'Expected a whole number from 1 to 12.',
      'card.expirationYear': expect.stringMatching(/^Expected a year from \d{4} to \d{4}, in four digits\.$/),
      bankAccount: 'Expected either this or card, not both.',
      'bankAccount.type': expect.stringContaining('not only blanks'),
      'bankAccount.accountNumber': 'Expected an account number of 4 to 17 digits.',
      'bankAccount.routingNumber': 'Expected a routing number of nine digits whose check digit fits.',
    });
    expect(scollect.received).toEqual([]);
  });

  it.each<readonly [Case, object, string]>([
    [recorded, { card: null }, 'card'],
    [planned, { card: null, bankAccount: null }, 'card'],
    [planned, { bankAccount }, 'bankAccount'],
    [planned, { installments: [] }, 'installments'],
    [
      planned,
      {
        installments: [
          { amount: '1', date: '2025-01-01' },
          { amount: '-1', date: '2025-02-01' },
        ],
      },
      'installments.1.amount',
    ],
    [
      recorded,
      { card: { ...card, expirationMonth: 1, expirationYear: new Date().getFullYear() - 1 } },
      'card.expirationYear',
    ],
    [changed, { card: { expirationMonth: 5 } }, 'card.expirationYear'],
    [changed, { card: { expirationYear: 2030 } }, 'card.expirationMonth'],
    [run, { amount: '0.00' }, 'amount'],
    [run, { amount: '-1' }, 'amount'],
    [run, { paymentDate: '0001-01-01' }, 'paymentDate'],
  ])('of $field with a fault in %j: %s is reported', async (one, changes, path) => {
    const { send, scollect } = await start(one);
    const { result } = await send(changes);
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      fields: [{ path }],
    });
    expect(scollect.received).toEqual([]);
  });

  it('from an account of few digits is shown to operators without its last four', async () => {
    const { send, query } = await start(recorded, 'reset');
    for (const [idempotencyKey, accountNumber] of [
      ['short', '7391'],
      ['long', '12347391'],
    ] as const) {
      await send({ idempotencyKey, card: null, bankAccount: { ...bankAccount, accountNumber } });
    }
    const { data } = await query('{ pendingOutcomes { last4 } }');
    expect(data.pendingOutcomes).toEqual([{ last4: null }, { last4: '7391' }]);
  });

  it('wants something to change', async () => {
    const { send } = await start(changed);
    const nothing = Object.fromEntries(Object.keys(changed.input).map((key) => [key, null]));
    const { result } = await send({ ...nothing, idempotencyKey: 'k', fileNumber: 'R1002', card: {} });
    expect(result).toMatchObject({
      fields: [{ path: '', message: 'Expected at least one field to change.' }],
    });
  });
});

describe('a charge', () => {
  it('that was declined contains the reason of the processor, without the sent values', async () => {
    const { send } = await start(run, {
      json: {
        result: 'DECLINED',
        approvalcode: '',
        error: 'Insufficient funds on 4111111111111111 for 9.00',
      },
    });
    expect((await send()).result).toMatchObject({
      __typename: 'RejectedError',
      code: 'UPSTREAM_REJECTED',
      reason: 'Insufficient funds on … for …',
      message: 'Scollect declined: Insufficient funds on … for …',
    });
  });

  it('without an approval and without a word of why is of unknown outcome', async () => {
    const { send } = await start(run, { json: { result: 'ERROR', approvalcode: '', error: '' } });
    expect((await send()).result.__typename).toBe('OutcomeUnknownError');
  });

  it.each(['4111111111111111', '111-22-3333', '021000021'])(
    'gives no approval code that could be a number of somebody: %s',
    async (approvalcode) => {
      const { send } = await start(run, { json: { ...approved, approvalcode } });
      expect((await send()).result).toMatchObject({ result: 'APPROVED', approvalCode: null });
    },
  );
});

describe('Mutation.resolveOutcome', () => {
  const resolve = mutationOf('resolveOutcome', 'wasCarriedOut account { fileNumber }');

  const lost = async () => {
    const answers: Answer[] = ['reset', { json: approved }];
    const gateway = await start(run, () => answers.shift() ?? 'reset');
    const { result } = await gateway.send();
    const settle = async (input: object) => {
      const { data } = await gateway.query(resolve, { input: { outcomeId: result.outcomeId, ...input } });
      return data.resolveOutcome;
    };
    return { ...gateway, settle, outcomeId: result.outcomeId as string };
  };

  it('that finds it executed → the key returns the success, without another call', async () => {
    const { settle, send, sent, query, outcomeId } = await lost();
    expect(await settle({ wasCarriedOut: true, approvalCode: 'B-12' })).toEqual({
      __typename: 'ResolveOutcomeSuccess',
      wasCarriedOut: true,
      account: { fileNumber: '12345' },
    });
    expect((await send()).result).toMatchObject({
      __typename: 'RunPaymentSuccess',
      result: null,
      approvalCode: 'B-12',
    });
    expect(sent()).toHaveLength(1);
    expect((await query('{ pendingOutcomes { outcomeId } }')).data.pendingOutcomes).toEqual([]);
    const id = Buffer.from(`PendingOutcome:${outcomeId}`).toString('base64url');
    expect((await query(`{ node(id: "${id}") { id } }`)).data).toEqual({ node: null });
  });

  it('that finds it not executed → the key can be used again', async () => {
    const { settle, send, sent } = await lost();
    expect(await settle({ wasCarriedOut: false })).toMatchObject({ wasCarriedOut: false });
    expect((await send()).result).toEqual(successOf(run));
    expect(sent()).toHaveLength(2);
  });

  it('settles what is not known, once', async () => {
    const { settle, query } = await lost();
    await settle({ wasCarriedOut: true });
    const fault = { __typename: 'InvalidInputError', fields: [{ path: 'outcomeId' }] };
    expect(await settle({ wasCarriedOut: false })).toMatchObject(fault);
    for (const outcomeId of ['x', '00000000-0000-4000-8000-000000000000']) {
      const { data } = await query(resolve, { input: { outcomeId, wasCarriedOut: true } });
      expect(data.resolveOutcome).toMatchObject(fault);
    }
  });
});
