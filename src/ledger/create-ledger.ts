import { createBeginnings } from './beginnings.ts';
import { createLedgerClock, latestTime } from './clock.ts';
import type { Digest } from './digest.ts';
import { changesFor, openOutcomeOf, parsed, released, settledAs } from './entry-outcomes.ts';
import { changedSettings } from './identity.ts';
import { createLeases, type Lease } from './leases.ts';
import {
  type Attempt,
  type JsonValue,
  type Ledger,
  LedgerError,
  type Outcome,
  type PendingWrite,
  type StateChange,
  type TenantLedger,
} from './ledger.ts';
import { createLiveness } from './liveness.ts';
import { keyDigestOf } from './new-entry.ts';
import { ensureOwner } from './owner.ts';
import type { Entry, ImpatientStore, LedgerStore } from './store.ts';
import { type LedgerTimers, systemTimers } from './timers.ts';
import { startUpkeep } from './upkeep.ts';

export interface LedgerOptions {
  /** Milliseconds for which a key is kept after its outcome is known. */
  readonly keyLifeMs: number;
  /** Milliseconds without a sign of life after which the process that executes a write counts as dead. */
  readonly leaseMs?: number;
  /** Monotonic milliseconds: the only time that rules depend on. */
  readonly elapsed?: () => number;
  /** Milliseconds since 1970, for people, and as the origin of a new ledger's clock. */
  readonly wallNow?: () => number;
  readonly timers?: LedgerTimers;
  /** Called for an outcome that arrived after the write was started again: it may have been executed twice. */
  readonly onOvertaken?: (outcomeId: string) => void;
  /** Called for each entry that this process adds, or moves into another state. */
  readonly onState?: (change: StateChange) => void;
  /** Called if the store fails during the execution of a write. */
  readonly onFailure?: () => void;
  /** Called once if the store file is deleted or replaced. */
  readonly onReplaced?: () => void;
}

/**
 * Creates the ledger of writes that must not be executed twice.
 *
 * @throws {ForeignStoreError}
 */
export const createLedger = async (
  store: ImpatientStore,
  digest: Digest,
  {
    keyLifeMs,
    leaseMs = 3000,
    elapsed = () => performance.now(),
    wallNow = Date.now,
    timers = systemTimers,
    onOvertaken,
    onState = () => {},
    onFailure,
    onReplaced,
  }: LedgerOptions,
): Promise<Ledger> => {
  await ensureOwner(store, digest);

  const clock = createLedgerClock(latestTime(await store.marks()) || wallNow(), elapsed);
  /** Two changes within one millisecond differ too: the last change distinguishes an older copy of the store. */
  const stampOf =
    ({ marks: read }: Pick<LedgerStore, 'marks'>) =>
    async (): Promise<number> => {
      const marks = await read();
      return clock.adopt(Math.max(latestTime(marks), marks.lastChange + 1));
    };
  const stamp = stampOf(store);
  const liveness = createLiveness(leaseMs, elapsed);
  const { isDead } = liveness;
  const reportState = ({ attempt, tenant, operation, state }: Entry): void =>
    onState({ outcomeId: attempt, tenant: tenant === '' ? null : tenant, operation, state });
  const leaseOptions = { keyLifeMs, leaseMs, elapsed, wallNow, timers, liveness, onState: reportState };
  const leases = createLeases(store, { ...leaseOptions, stamp });
  const { change, changeOwn } = leases;
  /** Before a call, waiting helps nobody. After it, an outcome that is given up is unknown. */
  const changeSent = store.patient
    ? createLeases(store.patient, { ...leaseOptions, stamp: stampOf(store.patient) }).changeOwn
    : changeOwn;

  /** The writes that this process executes. */
  const inFlight = new Set<Promise<Outcome>>();
  /** The ids of their entries. */
  const executing = new Set<string>();

  /** Records the outcome of a write as unknown, since its process died; false if the store does not permit it now. */
  const endDead = (entry: Entry): Promise<boolean> =>
    change(entry, { state: 'UNKNOWN' }).then(
      () => true,
      () => false,
    );

  const endUpkeep = await startUpkeep({
    store,
    clock,
    liveness,
    timers,
    everyMs: leaseMs / 3,
    endDead: async (pending) => {
      // After a blocked event loop, an own entry may not be renewed yet.
      for (const entry of pending) if (!executing.has(entry.id) && isDead(entry)) await endDead(entry);
    },
    onReplaced,
  });

  /** Reports a failure of the store, and passes it on. */
  const reportingFailure = async <Value>(access: Promise<Value>): Promise<Value> => {
    try {
      return await access;
    } catch (error) {
      onFailure?.();
      throw error;
    }
  };

  const record = async <Result extends JsonValue>(
    lease: Lease,
    attempt: Attempt<Result>,
    waitMs: number,
  ): Promise<Outcome> => {
    const isSent = attempt.kind === 'settled' || attempt.kind === 'unknown';
    try {
      // A lost attempt was not sent, so its key is free, unless others have recorded something else.
      const changes = attempt.kind === 'lost' ? released : changesFor(attempt);
      const isOwn = await reportingFailure((isSent ? changeSent : changeOwn)(lease, changes));
      beginnings.recorded(lease);
      if (attempt.kind === 'lost' || attempt.kind === 'released') {
        return isOwn ? { kind: 'released' } : await waitFor(lease.id, waitMs);
      }
      // Resolved meanwhile: every request with the key gets the outcome that is recorded.
      const isResolved = !isOwn && (await store.get(lease.id))?.attempt === lease.attempt;
      if (isResolved) return await waitFor(lease.id, waitMs);
      if (!isOwn) onOvertaken?.(lease.attempt);
      return attempt.kind === 'unknown' ? { kind: 'unknown', outcomeId: lease.attempt } : attempt;
    } catch (error) {
      throw new LedgerError(isSent, error, { outcomeId: lease.attempt });
    }
  };

  const pendingWriteOf = (lease: Lease): PendingWrite => ({
    get outcomeId() {
      return lease.attempt;
    },
    note: async (evidence) => {
      await reportingFailure(changeOwn(lease, { evidence: JSON.stringify(evidence) }));
    },
    claim: () => reportingFailure(leases.claim(lease)),
  });

  const executeOn = async <Result extends JsonValue>(
    lease: Lease,
    execute: (attempt: PendingWrite) => Promise<Attempt<Result>>,
    waitMs: number,
  ): Promise<Outcome> => {
    const stop = leases.keepAlive(lease);
    executing.add(lease.id);
    try {
      const attempt = await execute(pendingWriteOf(lease)).catch(async (error: unknown) => {
        await record(lease, { kind: 'unknown' }, waitMs);
        throw error;
      });
      return await record(lease, attempt, waitMs);
    } finally {
      executing.delete(lease.id);
      stop();
    }
  };

  /** Returns the outcome of an entry that holds a key; `undefined` while it is open. */
  const endOf = async (entry: Entry): Promise<Outcome | undefined> => {
    if (isDead(entry)) {
      // Its process died during the write: the call may have been sent.
      return (await endDead(entry)) ? undefined : { kind: 'unknown', outcomeId: entry.attempt };
    }
    switch (entry.state) {
      case 'PENDING':
        return undefined;
      case 'UNKNOWN':
        return { kind: 'unknown', outcomeId: entry.attempt };
      case 'SETTLED':
        return { kind: 'settled', outcome: parsed(entry.outcome) };
      case 'RELEASED':
        return { kind: 'released' };
    }
  };

  /** Waits for the process that executes the write, without executing it if that one fails. */
  const waitFor = async (id: string, waitMs: number): Promise<Outcome> => {
    const deadline = elapsed() + waitMs;
    for (let step = 5; ; step = Math.min(step * 2, 200)) {
      const entry = await store.get(id);
      if (!entry) return { kind: 'released' };
      const end = await endOf(entry);
      if (end) return end;
      const left = deadline - elapsed();
      if (left <= 0) return { kind: 'inFlight', outcomeId: entry.attempt };
      await timers.pause(Math.min(step, left));
    }
  };

  const beginnings = createBeginnings({
    store,
    digest,
    clock,
    stamp,
    leases,
    leaseMs,
    elapsed,
    wallNow,
    waitFor,
    onState: reportState,
  });

  /** A tenant's open entries. Those of dead writers count without a write: the store may not take any. */
  const openEntries = async (tenant: string): Promise<Entry[]> => {
    const entries = await store.list(['PENDING', 'UNKNOWN']);
    return entries.filter((entry) => entry.tenant === tenant && (entry.state === 'UNKNOWN' || isDead(entry)));
  };

  const ledgerOf = (tenant: string): TenantLedger => ({
    once: async (write, execute) => {
      const { waitMs } = write;
      const beginning = await reportingFailure(beginnings.begin(tenant, write));
      if ('ended' in beginning) return beginning.ended;
      const ending = executeOn(beginning.begun, execute, waitMs);
      inFlight.add(ending);
      return ending.finally(() => inFlight.delete(ending));
    },
    recorded: async (key) => {
      const keyDigest = keyDigestOf(digest, tenant, key);
      const holder = await store.holderOf({ caller: key.caller, keyDigest });
      return holder?.state === 'SETTLED' ? parsed(holder.outcome) : null;
    },
    open: async () => (await openEntries(tenant)).map(openOutcomeOf),
    find: async (outcomeId) => {
      const entry = (await openEntries(tenant)).find(({ attempt }) => attempt === outcomeId);
      return entry ? openOutcomeOf(entry) : null;
    },
    resolve: async (outcomeId, outcome) => {
      const entry = (await openEntries(tenant)).find(({ attempt }) => attempt === outcomeId);
      return entry ? change(entry, outcome === null ? released : settledAs(outcome)) : false;
    },
    since: async (outcomeId) => {
      const entries = await store.list(['PENDING', 'UNKNOWN', 'SETTLED']);
      const begun = entries.find(({ attempt }) => attempt === outcomeId)?.begunAt;
      const forgotten = (await store.marks()).values.get('forgotten') ?? 0;
      if (begun === undefined || forgotten >= begun) return null;
      return (
        entries
          // An old open write may still be executed.
          .filter(
            ({ attempt, state, changedAt }) =>
              attempt !== outcomeId && (state !== 'SETTLED' || changedAt >= begun),
          )
          .map(({ subject }) => parsed(subject))
      );
    },
  });

  return {
    ...ledgerOf(''),
    of: (tenant) => ledgerOf(tenant ?? ''),
    check: async () => {
      await store.get('');
    },
    pending: async () => {
      // In this order, so that an entry that becomes unknown meanwhile is not missed.
      const dead = (await store.list(['PENDING'])).filter(isDead);
      const unknown = await store.startedIn('UNKNOWN');
      const starts = [
        ...(unknown.oldest === null ? [] : [unknown.oldest]),
        ...dead.map((one) => one.startedAt),
      ];
      return {
        count: unknown.count + dead.length,
        oldest: starts.length === 0 ? null : Math.min(...starts),
      };
    },
    holders: (caller) => store.holders(caller, clock.now()),
    changedSettings: (settings) => changedSettings(store, digest, settings, clock.now()),
    close: async () => {
      await Promise.allSettled(inFlight);
      await endUpkeep();
      await store.close();
    },
  };
};
