import { setTimeout as pause } from 'node:timers/promises';
import { createLedgerClock, latestTime } from './clock.ts';
import type { Digest } from './digest.ts';
import { changesFor, parsed, released, settledAs, told } from './entry-outcomes.ts';
import { changedSettings } from './identity.ts';
import { createLeases, type Lease } from './leases.ts';
import {
  type Attempt,
  type Ended,
  type Ledger,
  LedgerError,
  type Shown,
  type TenantLedger,
  type Try,
  type WriteOnce,
} from './ledger.ts';
import { createLiveness } from './liveness.ts';
import { newEntry } from './new-entry.ts';
import { ensureOwner } from './owner.ts';
import { isDoubtful, restoredOf } from './restored.ts';
import type { Entry, LedgerStore } from './store.ts';
import { startUpkeep } from './upkeep.ts';

export interface LedgerOptions {
  /** Milliseconds for which a key is kept after its outcome is known. */
  readonly keyLifeMs: number;
  /** Milliseconds after which one who carries out a write and is not heard of is held to be dead. */
  readonly leaseMs?: number;
  /** Monotonic milliseconds: the only time that rules depend on. */
  readonly elapsed?: () => number;
  /** Milliseconds since 1970, for people, and as the origin of a new ledger's clock. */
  readonly wallNow?: () => number;
  /** Hears of an outcome that came after the write was begun again: it may have been carried out twice. */
  readonly onOvertaken?: (outcomeId: string) => void;
  /** Hears that the file of the store is gone or replaced, once. */
  readonly onReplaced?: () => void;
}

/**
 * The ledger of writes that must not be carried out twice.
 *
 * @throws {ForeignStoreError}
 */
export const createLedger = async (
  store: LedgerStore,
  digest: Digest,
  {
    keyLifeMs,
    leaseMs = 3000,
    elapsed = () => performance.now(),
    wallNow = Date.now,
    onOvertaken,
    onReplaced,
  }: LedgerOptions,
): Promise<Ledger> => {
  await ensureOwner(store, digest);

  const clock = createLedgerClock(latestTime(await store.marks()) || wallNow(), elapsed);
  const stamp = async (): Promise<number> => clock.adopt(latestTime(await store.marks()));
  const liveness = createLiveness(leaseMs, elapsed);
  const { isDead } = liveness;
  const leases = createLeases(store, { leaseMs, elapsed, wallNow, stamp, liveness });
  const { change, changeOwn } = leases;
  const endUpkeep = await startUpkeep({ store, clock, liveness, everyMs: leaseMs / 3, onReplaced });

  /** The writes that this process carries out. */
  const underWay = new Set<Promise<Ended>>();

  const expiry = (): number => clock.now() + keyLifeMs;

  const record = async <Outcome extends Shown>(
    lease: Lease,
    tried: Try<Outcome>,
    waitMs: number,
  ): Promise<Ended> => {
    if (tried.kind === 'lost') return waitFor(lease.id, waitMs);
    const isOwn = await changeOwn(lease, changesFor(tried, expiry())).catch((error: unknown) => {
      throw new LedgerError(tried.kind !== 'released', error);
    });
    if (!isOwn && tried.kind !== 'released') onOvertaken?.(lease.id);
    return tried.kind === 'unknown' ? { kind: 'unknown', outcomeId: lease.id } : tried;
  };

  const attemptOn = (lease: Lease): Attempt => ({
    outcomeId: lease.id,
    note: async (evidence) => {
      await changeOwn(lease, { evidence: JSON.stringify(evidence) });
    },
    claim: () => leases.claim(lease),
  });

  const carryOutOn = async <Outcome extends Shown>(
    lease: Lease,
    carryOut: (attempt: Attempt) => Promise<Try<Outcome>>,
    waitMs: number,
  ): Promise<Ended> => {
    const stop = leases.keepAlive(lease);
    try {
      const tried = await carryOut(attemptOn(lease)).catch(async (error: unknown) => {
        await record(lease, { kind: 'unknown' }, waitMs);
        throw error;
      });
      return await record(lease, tried, waitMs);
    } finally {
      stop();
    }
  };

  /** Tells how an entry that holds a key ended; `undefined` while that is open. */
  const endOf = async (entry: Entry): Promise<Ended | undefined> => {
    if (isDead(entry)) {
      // Its process died on the way: the call may have been made.
      await change(entry, { state: 'UNKNOWN' });
      return undefined;
    }
    switch (entry.state) {
      case 'PENDING':
        return undefined;
      case 'UNKNOWN':
        return { kind: 'unknown', outcomeId: entry.id };
      case 'SETTLED':
        return { kind: 'settled', outcome: parsed(entry.outcome) };
      case 'RELEASED':
        return { kind: 'released' };
    }
  };

  /** Waits for whoever carries out the write. If that one is not able to, this one does not try after it. */
  const waitFor = async (id: string, waitMs: number): Promise<Ended> => {
    const deadline = elapsed() + waitMs;
    for (let step = 5; ; step = Math.min(step * 2, 200)) {
      const entry = await store.get(id);
      if (!entry) return { kind: 'released' };
      const end = await endOf(entry);
      if (end) return end;
      const left = deadline - elapsed();
      if (left <= 0) return { kind: 'underWay', outcomeId: id };
      await pause(Math.min(step, left));
    }
  };

  const begin = async (
    fresh: Entry,
    waitMs: number,
  ): Promise<{ readonly begun: Lease } | { readonly ended: Ended }> => {
    for (;;) {
      const restored = restoredOf(await store.marks(), clock.now());
      const state = isDoubtful(restored, null) ? 'UNKNOWN' : 'PENDING';
      const since = elapsed();
      const holder = await store.add({ ...fresh, state });
      if (!holder && state === 'UNKNOWN') return { ended: { kind: 'unknown', outcomeId: fresh.id } };
      if (!holder) return { begun: leases.of(fresh, since) };
      const isSame = holder.operation === fresh.operation && holder.fingerprint === fresh.fingerprint;
      if (!isSame) return { ended: { kind: 'conflict' } };
      if (holder.state !== 'RELEASED') return { ended: await waitFor(holder.id, waitMs) };
      if (isDoubtful(restored, holder)) {
        await change(holder, { state: 'UNKNOWN', evidence: null, expiresAt: null });
      } else {
        // The entry keeps its id; whoever takes it first carries out the write.
        const begun = { ...fresh, id: holder.id, version: holder.version + 1 };
        if (await store.replace(begun)) return { begun: leases.of(begun, since) };
      }
    }
  };

  const beginOnce = async (tenant: string, write: WriteOnce): ReturnType<typeof begin> => {
    const time = await stamp();
    await store.removeExpired(time);
    const leaseUntil = wallNow() + leaseMs;
    const fresh = newEntry(digest, tenant, write, { begunAt: time, startedAt: wallNow(), leaseUntil });
    return begin(fresh, write.waitMs);
  };

  /** A tenant's open entries, those of the dead among them told as what they are. */
  const openEntries = async (tenant: string): Promise<Entry[]> => {
    const entries = await store.list(['PENDING', 'UNKNOWN']);
    const dead = entries.filter(isDead);
    for (const entry of dead) await change(entry, { state: 'UNKNOWN' });
    const current = dead.length === 0 ? entries : await store.list(['UNKNOWN']);
    return current.filter((entry) => entry.state === 'UNKNOWN' && entry.tenant === tenant);
  };

  const ledgerOf = (tenant: string): TenantLedger => ({
    once: async (write, carryOut) => {
      const { waitMs } = write;
      const beginning = await beginOnce(tenant, write).catch((error: unknown) => {
        throw new LedgerError(false, error);
      });
      if ('ended' in beginning) return beginning.ended;
      const ending = carryOutOn(beginning.begun, carryOut, waitMs);
      underWay.add(ending);
      return ending.finally(() => underWay.delete(ending));
    },
    open: async () => (await openEntries(tenant)).map(told),
    find: async (outcomeId) => {
      const entry = (await openEntries(tenant)).find(({ id }) => id === outcomeId);
      return entry ? told(entry) : null;
    },
    resolve: async (outcomeId, outcome) => {
      const entry = (await openEntries(tenant)).find(({ id }) => id === outcomeId);
      return entry
        ? change(entry, outcome === null ? released(expiry()) : settledAs(outcome, expiry()))
        : false;
    },
    since: async (outcomeId) => {
      const entries = await store.list(['PENDING', 'UNKNOWN', 'SETTLED']);
      const begun = entries.find(({ id }) => id === outcomeId)?.begunAt;
      const forgotten = (await store.marks()).values.get('forgotten') ?? 0;
      if (begun === undefined || forgotten >= begun) return null;
      return (
        entries
          // What is open since long ago may be carried out any time.
          .filter(
            ({ id, state, changedAt }) => id !== outcomeId && (state !== 'SETTLED' || changedAt >= begun),
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
    holders: (caller) => store.holders(caller, clock.now()),
    changedSettings: (settings) => changedSettings(store, digest, settings, clock.now()),
    close: async () => {
      await Promise.allSettled(underWay);
      await endUpkeep();
      await store.close();
    },
  };
};
