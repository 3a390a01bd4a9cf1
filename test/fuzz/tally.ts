import { type FuzzRequest, shown } from './request.ts';
import type { Outcome } from './send.ts';

/** The sent requests, and their results. */
export interface Tally {
  readonly kinds: Record<string, number>;
  readonly statuses: Record<string, number>;
  slowest: { readonly milliseconds: number; readonly number: number };
  readonly troubles: string[];
}

export const createTally = (): Tally => ({
  kinds: {},
  statuses: {},
  slowest: { milliseconds: 0, number: -1 },
  troubles: [],
});

const addOne = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

export const count = (
  tally: Tally,
  { kind, number }: FuzzRequest,
  outcome: Outcome,
  milliseconds: number,
): void => {
  addOne(tally.kinds, kind);
  const end =
    typeof outcome === 'string' ? outcome : 'trouble' in outcome ? 'trouble' : String(outcome.status);
  addOne(tally.statuses, end);
  if (milliseconds > tally.slowest.milliseconds) tally.slowest = { milliseconds, number };
};

/** Notes what is wrong, with all that is needed to send the request again alone. */
export const addTrouble = (
  tally: Tally,
  seed: number,
  request: FuzzRequest,
  what: string,
  answer: string,
): void => {
  tally.troubles.push(
    `FUZZ_SEED=${seed} FUZZ_ONLY=${request.number} (${request.kind}): ${what}\n${shown(request)}\n-> ${answer.slice(0, 1500)}`,
  );
};

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([name, number]) => `${name} ${number}`)
    .join(', ');

export const summaryOf = ({ kinds, statuses, slowest }: Tally): string =>
  `kinds: ${listed(kinds)}\nends: ${listed(statuses)}\nslowest ${slowest.milliseconds.toFixed(0)} ms (number ${slowest.number})`;
