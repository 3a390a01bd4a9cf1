import type { Entry } from '../store.ts';

/** What a store contains of the changes that a process knows. */
export interface Sighting {
  readonly lastChange: number;
  /** The mark `forgotten`: entries that changed until then may have been removed. */
  readonly forgotten: number;
  /** The versions of the expected entries by their ids; a missing one is not in the store. */
  readonly versions: Readonly<Record<string, number>>;
}

/** What a store must contain that is read from now on. */
export interface Expectation {
  /** The ids of the entries whose versions a sighting must contain. */
  readonly ids: readonly string[];
  /** Whether changes are missing in what was read after the expectation was made. */
  isMissing(sighting: Sighting): boolean;
}

/**
 * Detects that a store has lost changes that this process has read or written: after a failover to a server that had
 * not received them, or after a restore while gateways run.
 *
 * A server loses all changes from a moment on, so that the latest ones are witnesses for the earlier ones.
 */
export interface History {
  /** Records a durable change of this process. */
  note(entry: Entry): void;
  expectation(): Expectation;
  /** Begins anew with a store that is older. */
  forget(): void;
  /** Increases with each new beginning. */
  epoch(): number;
}

/** Changes over several connections may become durable in another order than that in which they are reported. */
const mostWitnesses = 16;

type Witness = Pick<Entry, 'id' | 'version' | 'changedAt'>;

const isMissing = ({ id, version, changedAt }: Witness, { versions, forgotten }: Sighting): boolean => {
  const found = versions[id];
  return found === undefined ? forgotten < changedAt : found < version;
};

export const createHistory = (): History => {
  const witnesses = new Map<string, Witness>();
  let seen = 0;
  let epoch = 0;
  return {
    note: ({ id, version, changedAt }) => {
      witnesses.delete(id);
      witnesses.set(id, { id, version, changedAt });
      const [oldest] = witnesses.keys();
      if (witnesses.size > mostWitnesses && oldest !== undefined) witnesses.delete(oldest);
    },
    expectation: () => {
      // Changes that are noted while the store is read may be missing in what is read.
      const expected = [...witnesses.values()];
      const least = seen;
      const begun = epoch;
      return {
        ids: expected.map(({ id }) => id),
        isMissing: (sighting) => {
          if (begun !== epoch) return false;
          if (sighting.lastChange < least || expected.some((one) => isMissing(one, sighting))) return true;
          seen = Math.max(seen, sighting.lastChange);
          return false;
        },
      };
    },
    forget: () => {
      witnesses.clear();
      seen = 0;
      epoch += 1;
    },
    epoch: () => epoch,
  };
};
