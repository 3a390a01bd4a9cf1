import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/sandbox/random.ts';
import { sendWithoutCall } from './bring-to-end.ts';
import { isSuccess, pendingOutcomes } from './charge.ts';
import { type CrashStoreKind, crashStoreKinds } from './crash-store.ts';
import { type Lane, openLane } from './lane.ts';
import { planRounds, type Round } from './rounds.ts';
import { createSummary, type Summary } from './summary.ts';

const numberFrom = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);

const rounds = numberFrom('CRASH_ROUNDS', 30);
const seed = numberFrom('CRASH_SEED', 1);
const lanes = 3;

/** All keys once more, over one more death: each has its answer, and none calls the upstream. */
const checkAtLast = async (lane: Lane, planned: readonly Round[]): Promise<void> => {
  await lane.gateway().kill();
  await lane.restart();
  for (const charge of planned.flatMap((round) => round.charges)) {
    const answer = await sendWithoutCall(lane, charge);
    const charges = lane.scollect.charges(charge.amount);
    if (charges !== (isSuccess(answer) ? 1 : 0)) {
      lane.violated(charge, `${charges} charges, and ${answer.__typename} at last`);
    }
  }
  expect(await pendingOutcomes(lane.gateway())).toEqual([]);
  await lane.gateway().kill();
  lane.verifyStore();
};

const runLane = async (
  planned: readonly Round[],
  summary: Summary,
  onViolation: (text: string) => void,
  kind: CrashStoreKind,
): Promise<number> => {
  const lane = await openLane(
    planned.flatMap(({ arms }) => arms),
    onViolation,
    kind,
  );
  try {
    for (const round of planned) summary.add(round.name, round.arms.length, await round.run(lane));
    await checkAtLast(lane, planned);
    return lane.scollect.total();
  } finally {
    await lane.close();
  }
};

describe.each(crashStoreKinds)('a gateway that is killed on $name', (kind) => {
  it.skipIf(kind.isMissing)(
    `charges no key twice, and reports the outcome of each (${rounds} rounds)`,
    async () => {
      const violations: string[] = [];
      const summary = createSummary();
      const onViolation = (text: string): void => {
        violations.push(text);
        process.stdout.write(`VIOLATION: ${text}\n`);
      };
      const plans = planRounds(rounds, lanes, createRandom(seed));
      const done = await Promise.allSettled(
        plans.map((planned) => runLane(planned, summary, onViolation, kind)),
      );
      const payments = done.map((lane) => (lane.status === 'fulfilled' ? lane.value : 0));
      process.stdout.write(
        summary.text(
          payments.reduce((sum, count) => sum + count, 0),
          violations.length,
        ),
      );
      expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect(violations).toEqual([]);
      expect(summary.rounds()).toBe(rounds);
    },
    60_000 + rounds * 30_000,
  );
});
