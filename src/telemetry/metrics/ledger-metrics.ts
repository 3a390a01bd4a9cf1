import { Counter, Gauge, type Registry } from 'prom-client';

const states = ['pending', 'unknown', 'settled', 'released'] as const;

/** Writes whose outcome is not known. */
interface PendingOutcomes {
  readonly count: number;
  /** The start of the oldest by the wall clock, in milliseconds; `null` if there is none. */
  readonly oldest: number | null;
}

/** The metrics of the idempotency ledger. */
export interface LedgerMetrics {
  /** Counts an entry that this process added, or moved into another state. */
  readonly onState: (change: { readonly state: Uppercase<(typeof states)[number]> }) => void;
  /** Counts a failure of the store during the execution of a write. */
  readonly onFailure: () => void;
  /** Adds gauges of pending outcomes, and whether the ledger can be read. */
  watch(read: () => Promise<PendingOutcomes>): void;
}

/** Milliseconds for which scrapes share one reading of the ledger. */
const keptMs = 2000;
/** Milliseconds that a scrape waits for the ledger. */
const waitMs = 1000;

interface Clocks {
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly wallNow?: () => number;
}

/** Returns a function that reads at most once in `keptMs`, one read at a time; `null` if the read fails or takes long. */
const readerOf = <Value>(read: () => Promise<Value>, now: () => number): (() => Promise<Value | null>) => {
  let last: { readonly value: Promise<Value | null>; readonly at: number; isDone: boolean } | undefined;
  return async () => {
    if (!last || (last.isDone && now() - last.at >= keptMs)) {
      const value = read().catch(() => null);
      const begun = { value, at: now(), isDone: false };
      last = begun;
      void value.then(() => {
        begun.isDone = true;
      });
    }
    const { value } = last;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), waitMs).unref();
    });
    return Promise.race([value, late]).finally(() => clearTimeout(timer));
  };
};

export const createLedgerMetrics = (
  registers: Registry[],
  { now = () => performance.now(), wallNow = Date.now }: Clocks = {},
): LedgerMetrics => {
  const entries = new Counter({
    name: 'recollect_ledger_entries_total',
    help: 'Entries of the ledger that this process added, or moved into a state.',
    labelNames: ['state'],
    registers,
  });
  // An alert on an increase sees the first one only if the counter exists before.
  for (const state of states) entries.inc({ state }, 0);
  const failures = new Counter({
    name: 'recollect_ledger_failures_total',
    help: 'Failed accesses to the ledger during the execution of writes.',
    registers,
  });
  const gauge = (name: string, help: string, collect: (this: Gauge) => Promise<void>): void => {
    new Gauge({ name, help, registers, collect });
  };
  return {
    onState: ({ state }) => entries.inc({ state: state.toLowerCase() }),
    onFailure: () => failures.inc(),
    watch: (read) => {
      const pending = readerOf(read, now);
      gauge(
        'recollect_ledger_available',
        'Whether the ledger can be read: 1, else 0.',
        async function collect() {
          this.set((await pending()) === null ? 0 : 1);
        },
      );
      gauge(
        'recollect_pending_outcomes',
        'Writes whose outcome is not known, of all tenants and gateways of this ledger. Absent if it cannot be read.',
        async function collect() {
          const found = await pending();
          if (found) this.set(found.count);
          else this.remove();
        },
      );
      gauge(
        'recollect_pending_outcome_oldest_seconds',
        'Time since the start of the oldest write whose outcome is not known; 0 if there is none. Absent if the ledger cannot be read.',
        async function collect() {
          const found = await pending();
          if (!found) this.remove();
          else this.set(found.oldest === null ? 0 : Math.max(0, wallNow() - found.oldest) / 1000);
        },
      );
    },
  };
};
