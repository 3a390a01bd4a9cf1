import type { Entry, LedgerStore, MarkName, Marks } from '../../../src/ledger/store.ts';

/** What a store has committed. Entries are never changed in place. */
export interface Committed {
  readonly entries: Map<string, Entry>;
  readonly remembered: Map<string, string>;
  readonly marks: Map<MarkName, number>;
}

export const emptyStore = (): Committed => ({
  entries: new Map(),
  remembered: new Map(),
  marks: new Map(),
});

/** The methods of a store as functions that take no time: each is one transaction. */
type Transactions = {
  readonly [Name in keyof LedgerStore]: (
    ...args: Parameters<LedgerStore[Name]>
  ) => Awaited<ReturnType<LedgerStore[Name]>>;
};

export type Method = keyof LedgerStore;

const raise = (marks: Map<MarkName, number>, name: MarkName, value: number): void => {
  marks.set(name, Math.max(marks.get(name) ?? 0, value));
};

/** Implements the contract of `LedgerStore` on maps. */
export const transactionsOn = ({ entries, remembered, marks }: Committed): Transactions => {
  const all = (): Entry[] => [...entries.values()].sort((one, other) => one.begunAt - other.begunAt);
  const holderOf = (key: Pick<Entry, 'caller' | 'keyDigest'>): Entry | null =>
    all().find(({ caller, keyDigest }) => caller === key.caller && keyDigest === key.keyDigest) ?? null;
  const marksNow = (): Marks => ({
    values: new Map(marks),
    lastChange: Math.max(marks.get('forgotten') ?? 0, ...all().map(({ changedAt }) => changedAt)),
  });
  return {
    holderOf,
    add: (entry) => {
      const holder = holderOf(entry);
      if (!holder) entries.set(entry.id, entry);
      return holder;
    },
    get: (id) => entries.get(id) ?? null,
    replace: (entry) => {
      if (entries.get(entry.id)?.version !== entry.version - 1) return false;
      entries.set(entry.id, entry);
      return true;
    },
    startedIn: (state) => {
      const started = all().filter((entry) => entry.state === state);
      return {
        count: started.length,
        oldest: started.length === 0 ? null : Math.min(...started.map((entry) => entry.startedAt)),
      };
    },
    list: (states) => all().filter(({ state }) => states.includes(state)),
    removeExpired: (before) => {
      for (const { id, expiresAt, changedAt } of all()) {
        if (expiresAt === null || expiresAt > before) continue;
        entries.delete(id);
        raise(marks, 'forgotten', changedAt);
      }
    },
    remember: (name, text) => {
      const kept = remembered.get(name) ?? text;
      remembered.set(name, kept);
      return kept;
    },
    recall: (name) => remembered.get(name) ?? null,
    marks: marksNow,
    raise: (raised) => {
      for (const [name, value] of Object.entries(raised)) raise(marks, name as MarkName, value ?? 0);
    },
    clear: (names) => {
      for (const name of names) marks.delete(name);
    },
    holders: () => [],
    close: () => {},
  };
};

const changing: readonly Method[] = ['add', 'replace', 'removeExpired', 'remember', 'raise', 'clear'];

/** Whether a call that was sent may change the store, even if nobody waits for its end any more. */
export const isChanging = (method: Method): boolean => changing.includes(method);
