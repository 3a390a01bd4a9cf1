import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, type Charge, isSuccess, pendingOutcomes, sendCharge } from './charge.ts';
import { type CountingScollect, startCountingScollect } from './counting-scollect.ts';
import { type CrashStore, crashStoreKinds } from './crash-store.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';

const requests = 50;

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

let store: CrashStore;
let scollect: CountingScollect;
let gateways: readonly GatewayProcess[];

const startOne = (): Promise<GatewayProcess> =>
  startGatewayProcess({ env: store.env, scollectUrl: scollect.url });

let serial = 0;

const newCharge = (mutation: Charge['mutation'] = 'runPayment'): Charge => {
  serial += 1;
  return { mutation, idempotencyKey: `key ${serial}`, fileNumber: `F${serial}`, amount: `${serial}.00` };
};

const answered = (answer: Answer | null): Answer => {
  if (answer === null) throw new Error('A gateway died.');
  return answer;
};

/** Sends requests at once, by turns to all gateways. */
const sendAll = (charges: readonly Charge[]): Promise<Answer[]> =>
  Promise.all(
    charges.map(async (charge, place) => {
      const gateway = gateways[place % gateways.length];
      if (!gateway) throw new RangeError('There is no gateway.');
      return answered(await sendCharge(gateway, charge));
    }),
  );

const sendFifty = (charge: Charge): Promise<Answer[]> => sendAll(Array(requests).fill(charge));

const distinct = (answers: readonly Answer[]): Answer[] => [
  ...new Map(answers.map((answer) => [JSON.stringify(answer), answer])).values(),
];

const countsOf = ({ amount }: Charge) => ({
  calls: scollect.calls(amount),
  charges: scollect.charges(amount),
});

const title = `${requests} requests with one key at once, over four gateways on $name`;

describe.each(crashStoreKinds.filter(({ isMissing }) => !isMissing))(title, { timeout }, (kind) => {
  beforeAll(async () => {
    store = await kind.create();
    scollect = await startCountingScollect();
    // At once, on a store that is not there yet.
    gateways = await Promise.all(Array.from({ length: 4 }, startOne));
  }, timeout);

  afterAll(async () => {
    await Promise.all(gateways.map((gateway) => gateway.kill()));
    scollect.close();
    await store.remove();
  });

  it.each(['runPayment', 'recordPayment'] as const)(
    'charge once, and all hear of it: %s',
    async (mutation) => {
      const charge = newCharge(mutation);
      const answers = await sendFifty(charge);
      expect(distinct(answers)).toHaveLength(1);
      expect(distinct(answers).filter((answer) => !isSuccess(answer))).toEqual([]);
      expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
    },
  );

  // The second is slower than a gateway may be silent.
  it.each([1000, 4000])('wait for an upstream that takes %i ms', async (milliseconds) => {
    const charge = newCharge();
    scollect.onFirstCall(charge.amount, { conduct: 'approves', onReceived: () => pause(milliseconds) });
    const answers = await sendFifty(charge);
    expect(distinct(answers)).toEqual([
      { __typename: 'RunPaymentSuccess', result: 'APPROVED', approvalCode: expect.any(String) },
    ]);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
  });

  it.each(['runPayment', 'recordPayment'] as const)('are declined once: %s', async (mutation) => {
    const charge = newCharge(mutation);
    scollect.onFirstCall(charge.amount, { conduct: 'declines' });
    expect(distinct(await sendFifty(charge))).toMatchObject([{ __typename: 'RejectedError' }]);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 0 });
  });

  it('charge nobody while the upstream cannot be reached, and once when it can', async () => {
    const charge = newCharge();
    await scollect.halt();
    const answers = await sendFifty(charge).finally(() => scollect.resume());
    expect(new Set(answers.map(({ __typename }) => __typename))).toEqual(new Set(['UnavailableError']));
    expect(countsOf(charge)).toEqual({ calls: 0, charges: 0 });

    const later = await sendFifty(charge);
    expect(distinct(later)).toHaveLength(1);
    expect(later.every(isSuccess)).toBe(true);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
  });

  it('charge one of two inputs', async () => {
    const one = newCharge();
    const other = { ...newCharge(), idempotencyKey: one.idempotencyKey };
    // Each gateway gets both.
    const charges = Array.from({ length: requests }, (_, place) => (place % 8 < 4 ? one : other));
    const answers = await sendAll(charges);
    const winner = scollect.charges(one.amount) === 1 ? one : other;
    const compared = answers.map((answer, place) => ({ answer, isWinner: charges[place] === winner }));
    const those = (isWinner: boolean) =>
      distinct(compared.filter((each) => each.isWinner === isWinner).map(({ answer }) => answer));
    expect(those(true)).toMatchObject([{ __typename: 'RunPaymentSuccess' }]);
    expect(those(false)).toMatchObject([{ __typename: 'IdempotencyConflictError' }]);
    expect([countsOf(one), countsOf(other)]).toContainEqual({ calls: 1, charges: 1 });
    expect([countsOf(one), countsOf(other)]).toContainEqual({ calls: 0, charges: 0 });
  });

  it('hear that the answer was lost, and never call again', async () => {
    const charge = newCharge();
    scollect.onFirstCall(charge.amount, { conduct: 'loses', onReceived: () => pause(200) });
    const answers = [...(await sendFifty(charge)), ...(await sendFifty(charge))];
    expect(distinct(answers)).toMatchObject([{ __typename: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN' }]);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
    const [gateway] = gateways;
    const pending = gateway && (await pendingOutcomes(gateway));
    expect(pending).toContainEqual({
      outcomeId: answers[0]?.outcomeId,
      mutation: 'runPayment',
      amount: charge.amount,
    });
  });

  it('find the payment whose answer was lost', async () => {
    const charge = newCharge('recordPayment');
    scollect.onFirstCall(charge.amount, { conduct: 'loses', onReceived: () => pause(200) });
    const answers = await sendFifty(charge);
    expect(distinct(answers)).toEqual([{ __typename: 'RecordPaymentSuccess' }]);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
  });

  it('hear of the death of the gateway that was at it', async () => {
    const charge = newCharge();
    const doomed = await startOne();
    const isReceived = new Promise<void>((resolve) => {
      scollect.onFirstCall(charge.amount, {
        conduct: 'approves',
        onReceived: async () => {
          resolve();
          await pause(300);
          await doomed.kill();
        },
      });
    });
    const first = sendCharge(doomed, charge);
    await isReceived;
    const answers = await sendFifty(charge);
    expect(await first).toBeNull();
    expect(distinct(answers)).toMatchObject([{ __typename: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN' }]);
    expect(countsOf(charge)).toEqual({ calls: 1, charges: 1 });
  });
});
