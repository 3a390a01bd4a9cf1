import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../src/sandbox/random.ts';
import { bringToEnd } from './bring-to-end.ts';
import type { Charge } from './charge.ts';
import type { FirstCall } from './counting-scollect.ts';
import type { KillAt } from './gateway-process.ts';
import type { Lane } from './lane.ts';
import { type End, type Scenario, type Step, scenarios } from './scenarios.ts';

/** One charge that is interrupted at a step, or several at any moment. */
export interface Round {
  readonly name: string;
  /** For each gateway of the round, the step at which it ends itself. */
  readonly arms: readonly (KillAt | undefined)[];
  readonly charges: readonly Charge[];
  /** @returns how its charges ended. */
  run(lane: Lane): Promise<readonly End[]>;
}

const isStep = (killedAt: Scenario['killedAt']): killedAt is Step => typeof killedAt === 'object';

/** How long a slow upstream takes: longer than a gateway is silent about a charge. */
const slowMs = 1600;

const firstCallOf = ({ upstream, killedAt }: Scenario, kill: () => Promise<void>): FirstCall => ({
  conduct: upstream === 'is slow' || upstream === 'is not there' ? 'approves' : upstream,
  ...(upstream === 'is slow' ? { onReceived: () => pause(slowMs) } : {}),
  ...(killedAt === 'received' ? { onReceived: kill } : {}),
  ...(killedAt === 'executed' ? { onExecuted: kill } : {}),
});

/** A round that interrupts one charge at one step. */
export const exactRound = (scenario: Scenario, serial: string): Round => {
  const { name, mutation, upstream, killedAt, killedInResolve, end, calls } = scenario;
  const charge: Charge = {
    mutation,
    idempotencyKey: `key ${serial}`,
    fileNumber: `F${serial}`,
    amount: `${serial}.00`,
  };
  const { amount } = charge;
  const armOf = (step: Step): KillAt => ({ ...step, amount });

  const run = async (lane: Lane): Promise<readonly End[]> => {
    const { scollect } = lane;
    scollect.onFirstCall(
      amount,
      firstCallOf(scenario, () => lane.gateway().kill()),
    );
    if (upstream === 'is not there') await scollect.halt();
    const answer = await lane.send(charge);
    if ((answer !== null) !== (killedAt === 'answered')) {
      lane.violated(charge, `not killed at its step (${name}): ${JSON.stringify(answer)}`);
    }
    await lane.gateway().kill();
    await scollect.idle();
    if (upstream === 'is not there') await scollect.resume();
    if (scollect.calls(amount) !== calls) lane.violated(charge, `${scollect.calls(amount)} calls (${name})`);
    await lane.restart();
    const ended = await bringToEnd(lane, charge, killedInResolve !== undefined);
    if (ended !== end) lane.violated(charge, `ended as ${ended}, not as ${end} (${name})`);
    const isCharged = scollect.charges(amount) === 1;
    if (isCharged !== (end !== 'declined')) lane.violated(charge, `charged at last: ${isCharged} (${name})`);
    lane.checkCounts(charge);
    return [ended];
  };

  const arms = [isStep(killedAt) ? armOf(killedAt) : undefined];
  if (killedInResolve) arms.push(armOf(killedInResolve));
  return { name: `${mutation}: ${name}`, arms, charges: [charge], run };
};

/** How long an upstream stays away after the restart. */
const outageMs = 300;

const conducts = ['approves', 'approves', 'approves', 'loses', 'drops', 'declines'] as const;

/** A round that kills at random moments, while several charges are in flight, some of them sent twice. */
export const randomRound = (random: Random, serial: string): Round => {
  const charges = Array.from(
    { length: random.integer(3, 6) },
    (_, place): Charge => ({
      mutation: random.pick(['runPayment', 'recordPayment']),
      idempotencyKey: `key ${serial} ${place}`,
      // Some share their account: its payments then contain more than one.
      fileNumber: `F${serial}-${random.integer(1, 4)}`,
      amount: `${serial}.${10 + place}`,
    }),
  );
  const kills = random.chance(0.3) ? 2 : 1;
  const isOutage = kills === 1 && random.chance(0.3);

  const run = async (lane: Lane): Promise<readonly End[]> => {
    const { scollect } = lane;
    const later = (most: number) => pause(random.integer(0, most));
    for (const { amount } of charges) {
      const delays = [random.integer(0, 100), random.integer(0, 100)] as const;
      scollect.onFirstCall(amount, {
        conduct: random.pick(conducts),
        onReceived: () => pause(delays[0]),
        onExecuted: () => pause(delays[1]),
      });
    }
    for (let kill = 0; kill < kills; kill += 1) {
      const gateway = lane.gateway();
      // What is sent after the first restart waits for what died with the first gateway.
      const moment = pause(kill === 0 ? random.integer(10, 350) : random.integer(10, 3500));
      const sent = charges.flatMap((charge) =>
        Array.from({ length: random.integer(1, 2) }, async () => {
          await later(kill === 0 ? 150 : 20);
          await lane.sendToAny(charge);
        }),
      );
      const outage = isOutage ? later(300).then(() => scollect.halt()) : undefined;
      await Promise.all([moment.then(() => gateway.kill()), outage, ...sent]);
      await scollect.idle();
      await lane.restart();
    }
    const resumed = isOutage ? pause(outageMs).then(() => scollect.resume()) : undefined;
    const ending = charges.map((charge) => bringToEnd(lane, charge));
    const [ends] = await Promise.all([Promise.all(ending), resumed]);
    for (const charge of charges) lane.checkCounts(charge);
    return ends;
  };

  const name = `any moment, ${isOutage ? 'upstream gone' : kills === 1 ? 'once' : 'twice'}`;
  return { name, arms: Array(kills).fill(undefined), charges, run };
};

/** Rounds come in groups of steps, with random moments at the end of each. */
const groupSize = 3;

/** The rounds of several lanes: every step in turn, and random moments between them. */
export const planRounds = (count: number, lanes: number, random: Random): readonly (readonly Round[])[] => {
  const planned = Array.from({ length: lanes }, (): Round[] => []);
  let steps = 0;
  for (let number = 0; number < count; number += 1) {
    const serial = String(number + 1);
    const isRandom = number % groupSize === groupSize - 1;
    const scenario = scenarios[steps % scenarios.length];
    const round = isRandom || !scenario ? randomRound(random, serial) : exactRound(scenario, serial);
    if (!isRandom) steps += 1;
    planned[Math.floor(number / groupSize) % lanes]?.push(round);
  }
  return planned;
};
