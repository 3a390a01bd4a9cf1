import { rowsPerCall } from './sizes.ts';

/** Far above any limit, where counting ends. */
export const mostCounted = 100_000;

export const times = (one: number, other: number): number => Math.min(one * other, mostCounted);

/** Calls of one operation: for each of these names so many. Calls for the same name are made once in a request. */
export interface Calls {
  readonly operation: string;
  readonly names: readonly string[];
  readonly each: number;
  /** Whether they are asked for at one moment, many in one call. */
  readonly areTogether?: boolean;
  /** Given where a call is made only if the same one comes with another of these. */
  readonly ifSeveral?: string;
}

/** Counts calls, equal ones once. */
export const createCallCounter = () => {
  const counted = new Map<string, number>();
  const batches = new Map<string, Set<string>>();
  const alone = new Map<string, string>();
  let total = 0;

  const isAlone = (call: string, one: string | undefined): boolean => {
    if (one === undefined) return false;
    const first = alone.get(call) ?? one;
    alone.set(call, first);
    return first === one;
  };

  return {
    add: ({ operation, names, each, areTogether = false, ifSeveral }: Calls): void => {
      if (areTogether) {
        const batch = batches.get(operation) ?? new Set();
        for (const name of names) batch.add(name);
        batches.set(operation, batch);
        return;
      }
      for (const name of names) {
        const call = `${operation} ${name}`;
        const before = counted.get(call) ?? 0;
        if (each <= before || isAlone(call, ifSeveral)) continue;
        counted.set(call, each);
        total = Math.min(total + each - before, mostCounted);
      }
    },
    total: (): number =>
      [...batches.values()].reduce(
        (sum, { size }) => Math.min(sum + Math.ceil(size / rowsPerCall), mostCounted),
        total,
      ),
  };
};

export type CallCounter = ReturnType<typeof createCallCounter>;
