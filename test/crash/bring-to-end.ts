import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Charge, isSuccess, pendingOutcomes, resolveOutcome } from './charge.ts';
import type { Lane } from './lane.ts';
import type { End } from './scenarios.ts';

/** How long a client waits before it retries a charge that was not executed. */
const retryMs = 50;

const isUnderWay = ({ code }: Answer): boolean => code === 'IDEMPOTENCY_KEY_IN_USE';

/** How often a client retries a charge in flight; the gateway waits for it each time as well. */
const mostSent = 5;

/** Sends a charge again until its answer is final. The gateway is not to die meanwhile. */
const sendAgain = async (lane: Lane, charge: Charge): Promise<Answer> => {
  for (let sent = 0; sent < mostSent; sent += 1) {
    const answer = await lane.sendToAny(charge);
    if (answer === null) throw new Error(`${charge.idempotencyKey}: the gateway died unasked`);
    if (!isUnderWay(answer)) return answer;
  }
  throw new Error(`${charge.idempotencyKey}: in flight for ever`);
};

/** Sends a charge whose answer is known, which must not reach the upstream. */
export const sendWithoutCall = async (lane: Lane, charge: Charge): Promise<Answer> => {
  const calls = lane.scollect.calls(charge.amount);
  const answer = await sendAgain(lane, charge);
  if (lane.scollect.calls(charge.amount) !== calls) lane.violated(charge, 'sent to the upstream once more');
  return answer;
};

const isPending = async (lane: Lane, { mutation, amount }: Charge, outcomeId: string): Promise<boolean> => {
  const pending = await pendingOutcomes(lane.gateway());
  if (!pending) throw new Error('the gateway died unasked');
  return pending.some(
    (one) => one.outcomeId === outcomeId && one.mutation === mutation && one.amount === amount,
  );
};

/** Settles by what the upstream has, over the death of the gateway if it must be. */
const resolve = async (lane: Lane, charge: Charge, outcomeId: string, isKilled: boolean): Promise<void> => {
  const wasCarriedOut = lane.scollect.charges(charge.amount) === 1;
  const answer = await resolveOutcome(lane.gateway(), outcomeId, wasCarriedOut);
  if ((answer === null) !== isKilled) lane.violated(charge, `resolved by ${JSON.stringify(answer)}`);
  if (isKilled) {
    await lane.gateway().kill();
    await lane.restart();
    if (await isPending(lane, charge, outcomeId))
      await resolveOutcome(lane.gateway(), outcomeId, wasCarriedOut);
  } else if (answer && !isSuccess(answer)) {
    lane.violated(charge, `not resolved: ${answer.message}`);
  }
  if (await isPending(lane, charge, outcomeId)) lane.violated(charge, 'still pending');
  if (!wasCarriedOut) lane.allowAnotherCall(charge);
};

/** The final result of a key. */
const finalEnd = (answer: Answer): End | undefined => {
  if (isSuccess(answer)) return 'charged';
  return answer.__typename === 'RejectedError' ? 'declined' : undefined;
};

const settle = async (
  lane: Lane,
  charge: Charge,
  { outcomeId }: Answer,
  isKilledInResolve: boolean,
): Promise<End> => {
  const again = await sendWithoutCall(lane, charge);
  // What another charge of the account has become can have made it known.
  if (isSuccess(again)) return 'charged';
  const isCharged = lane.scollect.charges(charge.amount) === 1;
  const end = isCharged ? 'unknown: charged' : 'unknown: not charged';
  if (!outcomeId || again.outcomeId !== outcomeId) {
    lane.violated(charge, `reported as unknown, then ${JSON.stringify(again)}`);
    return end;
  }
  if (!(await isPending(lane, charge, outcomeId))) lane.violated(charge, 'not listed as pending');
  await resolve(lane, charge, outcomeId, isKilledInResolve);
  if (isCharged) {
    const settled = await sendWithoutCall(lane, charge);
    if (!isSuccess(settled)) lane.violated(charge, `settled, then ${JSON.stringify(settled)}`);
  } else {
    // The upstream may lose this answer too.
    await bringToEnd(lane, charge);
  }
  return end;
};

/**
 * Sends an interrupted charge until its end is known, settles it where it is not, and checks that every answer is
 * true of what the upstream has.
 *
 * @param isKilledInResolve whether the gateway ends itself as the outcome is settled.
 * @returns the first reported end.
 */
export const bringToEnd = async (lane: Lane, charge: Charge, isKilledInResolve = false): Promise<End> => {
  const answer = await sendAgain(lane, charge);
  const end = finalEnd(answer);
  if (end) {
    await sendWithoutCall(lane, charge);
    return end;
  }
  if (answer.__typename === 'OutcomeUnknownError') return settle(lane, charge, answer, isKilledInResolve);
  if (lane.scollect.charges(charge.amount) > 0) lane.violated(charge, 'reported as unavailable, but charged');
  await pause(retryMs);
  await bringToEnd(lane, charge);
  return 'unavailable';
};
