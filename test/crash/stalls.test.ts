import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Charge, pendingOutcomes, resolveOutcome, sendCharge } from './charge.ts';
import { startCountingScollect } from './counting-scollect.ts';
import { type GatewayProcess, type KillAt, startGatewayProcess } from './gateway-process.ts';

const startPair = async (killAt?: KillAt) => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-stalls-'));
  const scollect = await startCountingScollect();
  const options = { storeFile: join(folder, 'data', 'gateway.db'), scollectUrl: scollect.url };
  const [one, other] = await Promise.all([
    startGatewayProcess({ ...options, killAt }),
    startGatewayProcess(options),
  ]);
  onTestFinished(async () => {
    await Promise.all([one.kill(), other.kill()]);
    scollect.close();
    rmSync(folder, { recursive: true });
  });
  return { scollect, one, other };
};

const settle = async (gateway: GatewayProcess, { amount }: Charge, wasCarriedOut: boolean): Promise<void> => {
  const pending = await pendingOutcomes(gateway);
  const { outcomeId = '' } = pending?.find((one) => one.amount === amount) ?? {};
  expect(await resolveOutcome(gateway, outcomeId, wasCarriedOut)).toMatchObject({
    __typename: 'ResolveOutcomeSuccess',
  });
};

/** Starting gateways takes its time where others are at work. */
const timeout = 60_000;

describe('a gateway that was halted for longer than it is held to be alive', { timeout }, () => {
  it.each([
    ['after its intent', 'after', 'INTENT'],
    ['as it logs in', 'before', 'LOGIN'],
  ] as const)('%s does not charge any more, once another has charged', async (_, when, step) => {
    const charge: Charge = {
      mutation: 'runPayment',
      idempotencyKey: 'key 1',
      fileNumber: 'F1',
      amount: '1.00',
    };
    const { scollect, one, other } = await startPair({
      when,
      step,
      amount: charge.amount,
      signal: 'SIGSTOP',
    });
    const first = sendCharge(one, charge);
    await one.halted();
    expect(await sendCharge(other, charge)).toMatchObject({ __typename: 'OutcomeUnknownError' });
    expect(scollect.calls(charge.amount)).toBe(0);
    await settle(other, charge, false);
    expect(await sendCharge(other, charge)).toMatchObject({ __typename: 'RunPaymentSuccess' });

    one.wake();
    expect(await first).toMatchObject({ __typename: 'RunPaymentSuccess' });
    expect(scollect.charges(charge.amount)).toBe(1);
  });
});

describe('a gateway that was halted as it begins with a charge', { timeout }, () => {
  const chargeOf = (): Charge => ({
    mutation: 'runPayment',
    idempotencyKey: 'key 1',
    fileNumber: 'F1',
    amount: '1.00',
  });

  const haltedAt = (step: KillAt['step']): Promise<Awaited<ReturnType<typeof startPair>>> =>
    startPair({ when: 'before', step, amount: chargeOf().amount, signal: 'SIGSTOP' });

  /** Sends a charge by one that halts, and by the other until it has charged. */
  const sendByBoth = async ({ scollect, one, other }: Awaited<ReturnType<typeof haltedAt>>) => {
    const halted = sendCharge(one, chargeOf());
    await one.halted();
    const answer = await sendCharge(other, chargeOf());
    expect(answer).toMatchObject({ __typename: 'RunPaymentSuccess' });
    one.wake();
    expect(await halted).toEqual(answer);
    expect(scollect.calls(chargeOf().amount)).toBe(1);
  };

  it('finds that another has charged with its key', async () => {
    await sendByBoth(await haltedAt('INTENT'));
  });

  it('finds that another has taken the key that was free again', async () => {
    const pair = await haltedAt('TAKEOVER');
    await pair.scollect.halt();
    expect(await sendCharge(pair.other, chargeOf())).toMatchObject({ __typename: 'UnavailableError' });
    await pair.scollect.resume();
    await sendByBoth(pair);
  });
});

describe('two payments of the same day and amount on one account', { timeout }, () => {
  it('are not confused if the first is executed late and the second is lost', async () => {
    const first: Charge = {
      mutation: 'recordPayment',
      idempotencyKey: 'key 1',
      fileNumber: 'F1',
      amount: '1.00',
    };
    const second: Charge = { ...first, idempotencyKey: 'key 2' };
    const { scollect, one } = await startPair();
    scollect.onFirstCall(first.amount, { conduct: 'executes late' });
    expect(await sendCharge(one, first)).toMatchObject({ __typename: 'OutcomeUnknownError' });
    scollect.onFirstCall(first.amount, { conduct: 'drops', onReceived: () => scollect.catchUp() });
    const answer = await sendCharge(one, second);
    // The one payment that is there is the first.
    expect(scollect.charges(first.amount)).toBe(1);
    expect(answer).toMatchObject({ __typename: 'OutcomeUnknownError' });
  });
});
