import type { Scenario } from './scenario.ts';
import { startWorld, type World } from './world.ts';

export interface Violation {
  readonly what: string;
  /** The steps that lead to it. */
  readonly steps: readonly string[];
}

export interface Exploration {
  readonly violation: Violation | null;
  /** Distinct states that were reached. */
  readonly states: number;
  readonly transitions: number;
  /** Whether every reachable state was reached. */
  readonly isComplete: boolean;
}

export interface ExploreOptions {
  /** The number of states at which it is given up. */
  readonly most?: number;
  /** Every how many states the requests are also brought to their ends. States without a step always are. */
  readonly finishEvery?: number;
}

const replay = async (scenario: Scenario, steps: readonly string[]): Promise<World> => {
  const world = await startWorld(scenario);
  for (const step of steps) await world.perform(step);
  return world;
};

/** A state whose further steps are not all explored yet. */
interface Frame {
  readonly steps: readonly string[];
  readonly next: string[];
}

/**
 * Reaches every state of a scenario, depth first. Running processes cannot be copied, so another step from an earlier
 * state repeats the steps that led to it.
 */
export const explore = async (
  scenario: Scenario,
  { most = Number.POSITIVE_INFINITY, finishEvery = 50 }: ExploreOptions = {},
): Promise<Exploration> => {
  const seen = new Set<string>();
  let world = await startWorld(scenario);
  let transitions = 0;
  /** The state that `world` is in. */
  let position: readonly string[] | null = [];
  const frames: Frame[] = [{ steps: [], next: world.enabled() }];
  const result = (violation: Violation | null, isComplete: boolean): Exploration => ({
    violation,
    states: seen.size,
    transitions,
    isComplete,
  });
  for (;;) {
    const frame = frames.at(-1);
    if (!frame) return result(null, true);
    const step = frame.next.pop();
    if (step === undefined) {
      frames.pop();
      continue;
    }
    if (position !== frame.steps) world = await replay(scenario, frame.steps);
    const steps: readonly string[] = [...frame.steps, step];
    await world.perform(step);
    transitions += 1;
    position = null;
    const what = world.violation();
    if (what !== null) return result({ what, steps }, false);
    const key = world.key();
    if (seen.has(key)) continue;
    seen.add(key);
    const next = world.enabled();
    if (next.length === 0 || seen.size % finishEvery === 0) {
      await world.finish();
      const unfinished = world.violation();
      if (unfinished !== null)
        return result({ what: unfinished, steps: [...steps, '(no more failures)'] }, false);
    } else position = steps;
    if (seen.size >= most) return result(null, false);
    frames.push({ steps, next });
  }
};

/** Takes one of the possible steps for each number, and then brings all requests to their ends. */
export const follow = async (scenario: Scenario, choices: readonly number[]): Promise<Violation | null> => {
  const world = await startWorld(scenario);
  const steps: string[] = [];
  for (const choice of choices) {
    const enabled = world.enabled();
    const step = enabled[choice % enabled.length];
    if (step === undefined) break;
    steps.push(step);
    await world.perform(step);
    const what = world.violation();
    if (what !== null) return { what, steps };
  }
  await world.finish();
  const what = world.violation();
  return what === null ? null : { what, steps };
};
