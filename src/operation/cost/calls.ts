/** Far above any limit: counting ends here. */
export const mostCounted = 100_000;

export const times = (one: number, other: number): number => Math.min(one * other, mostCounted);

/** Calls of one operation: `each` for each of these names. Calls for the same name are made once in a request. */
export interface Calls {
  readonly operation: string;
  readonly names: readonly string[];
  readonly each: number;
  /** The number of names that one call serves, if all that are requested at one moment are one batch. */
  readonly perCall?: number;
  /** Set for a call that is made only if another call of its name has another value here. */
  readonly ifSeveral?: string;
}

interface Batch {
  readonly names: Set<string>;
  readonly perCall: number;
}

/** Counts calls, equal ones once. */
export const createCallCounter = () => {
  const counted = new Map<string, number>();
  const batches = new Map<string, Batch>();
  const alone = new Map<string, string>();
  let total = 0;

  const isAlone = (call: string, one: string | undefined): boolean => {
    if (one === undefined) return false;
    const first = alone.get(call) ?? one;
    alone.set(call, first);
    return first === one;
  };

  const addToBatch = (operation: string, names: readonly string[], perCall: number): void => {
    const batch = batches.get(operation) ?? { names: new Set(), perCall };
    for (const name of names) batch.names.add(name);
    batches.set(operation, batch);
  };

  return {
    add: ({ operation, names, each, perCall, ifSeveral }: Calls): void => {
      if (perCall !== undefined) {
        addToBatch(operation, names, perCall);
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
    total: (): number => {
      let sum = total;
      // A plain loop: the total is requested for every selection set.
      for (const { names, perCall } of batches.values()) sum += Math.ceil(names.size / perCall);
      return Math.min(sum, mostCounted);
    },
  };
};

export type CallCounter = ReturnType<typeof createCallCounter>;
