import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Digest } from './digest.ts';
import {
  type Attempt,
  type Ended,
  ForeignStoreError,
  type Ledger,
  LedgerError,
  type OpenOutcome,
  type Shown,
  type TenantLedger,
  type Try,
} from './ledger.ts';
import type { Entry, LedgerStore } from './store.ts';

export interface LedgerOptions {
  /** Milliseconds for which a key is kept after its outcome is known. */
  readonly keyLifeMs: number;
  /** Milliseconds after which one who carries out a write and is not heard of is held to be dead. */
  readonly leaseMs?: number;
  readonly now?: () => number;
  /** Hears of an outcome that came after the write was begun again: it may have been carried out twice. */
  readonly onOvertaken?: (outcomeId: string) => void;
}

const parsed = (text: string | null): Shown => (text === null ? null : (JSON.parse(text) as Shown));

const told = ({ id, caller, operation, subject, evidence, startedAt }: Entry): OpenOutcome => ({
  outcomeId: id,
  caller,
  operation,
  subject: parsed(subject),
  evidence: parsed(evidence),
  startedAt: new Date(startedAt),
});

/** The key digest under which a store remembers whose entries it holds. */
const ownerName = 'gateway key';

/**
 * The ledger of writes that must not be carried out twice.
 *
 * @throws {ForeignStoreError}
 */
export const createLedger = async (
  store: LedgerStore,
  digest: Digest,
  { keyLifeMs, leaseMs = 3000, now = Date.now, onOvertaken }: LedgerOptions,
): Promise<Ledger> => {
  const owner = digest('gateway', ownerName);
  if ((await store.remember(ownerName, owner)) !== owner) throw new ForeignStoreError();

  /** The writes that this process carries out. */
  const underWay = new Set<Promise<Ended>>();

  const isDead = ({ state, leaseUntil }: Entry): boolean => state === 'PENDING' && leaseUntil <= now();

  /** Puts a changed entry in the place of another; false if that has been changed by somebody else. */
  const change = (entry: Entry, changes: Partial<Entry>): Promise<boolean> =>
    store.replace({ ...entry, ...changes, changedAt: now(), version: entry.version + 1 });

  /** Changes this try's own entry, whatever others have made of it meanwhile. */
  const changeOwn = async (id: string, attempt: string, changes: Partial<Entry>): Promise<boolean> => {
    for (;;) {
      const entry = await store.get(id);
      if (entry?.attempt !== attempt) return false;
      if (await change(entry, changes)) return true;
    }
  };

  /** Tells who looks at the entry that this process lives, until the returned function is called. */
  const keepAlive = ({ id, attempt }: Entry): (() => void) => {
    const renew = async (): Promise<void> => {
      const entry = await store.get(id);
      if (entry?.attempt === attempt && entry.state === 'PENDING') {
        await change(entry, { leaseUntil: now() + leaseMs });
      }
    };
    // One that fails is made good by the next, or else the outcome counts as unknown until it is recorded.
    const timer = setInterval(() => void renew().catch(() => {}), leaseMs / 3);
    return () => clearInterval(timer);
  };

  const settledAs = (outcome: Shown): Partial<Entry> => ({
    state: 'SETTLED',
    outcome: JSON.stringify(outcome),
    expiresAt: now() + keyLifeMs,
  });

  const released = (): Partial<Entry> => ({ state: 'RELEASED', expiresAt: now() + keyLifeMs });

  const changesFor = <Outcome extends Shown>(
    tried: Exclude<Try<Outcome>, { kind: 'lost' }>,
  ): Partial<Entry> => {
    if (tried.kind === 'settled') return settledAs(tried.outcome);
    return tried.kind === 'unknown' ? { state: 'UNKNOWN' } : released();
  };

  const record = async <Outcome extends Shown>(
    entry: Entry,
    tried: Try<Outcome>,
    waitMs: number,
  ): Promise<Ended> => {
    if (tried.kind === 'lost') return waitFor(entry.id, waitMs);
    const isOwn = await changeOwn(entry.id, entry.attempt, changesFor(tried)).catch((error: unknown) => {
      throw new LedgerError(tried.kind !== 'released', error);
    });
    if (!isOwn && tried.kind !== 'released') onOvertaken?.(entry.id);
    return tried.kind === 'unknown' ? { kind: 'unknown', outcomeId: entry.id } : tried;
  };

  const attemptOn = ({ id, attempt }: Entry): Attempt => ({
    outcomeId: id,
    note: async (evidence) => {
      await changeOwn(id, attempt, { evidence: JSON.stringify(evidence) });
    },
    claim: async () => {
      for (;;) {
        const entry = await store.get(id);
        if (entry?.attempt !== attempt || (entry.state !== 'PENDING' && entry.state !== 'UNKNOWN'))
          return false;
        // While others hold it to be alive, nobody touches it.
        if (entry.state === 'PENDING' && entry.leaseUntil > now() + leaseMs / 3) return true;
        // Looked at again then: the store may have kept this waiting for longer than the lease.
        await change(entry, { state: 'PENDING', leaseUntil: now() + leaseMs });
      }
    },
  });

  const carryOutOn = async <Outcome extends Shown>(
    entry: Entry,
    carryOut: (attempt: Attempt) => Promise<Try<Outcome>>,
    waitMs: number,
  ): Promise<Ended> => {
    const stop = keepAlive(entry);
    try {
      const tried = await carryOut(attemptOn(entry)).catch(async (error: unknown) => {
        await record(entry, { kind: 'unknown' }, waitMs);
        throw error;
      });
      return await record(entry, tried, waitMs);
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
    const deadline = now() + waitMs;
    for (let step = 5; ; step = Math.min(step * 2, 200)) {
      const entry = await store.get(id);
      if (!entry) return { kind: 'released' };
      const end = await endOf(entry);
      if (end) return end;
      const left = deadline - now();
      if (left <= 0) return { kind: 'underWay', outcomeId: id };
      await pause(Math.min(step, left));
    }
  };

  const begin = async (
    fresh: Entry,
    waitMs: number,
  ): Promise<{ readonly begun: Entry } | { readonly ended: Ended }> => {
    for (;;) {
      const holder = await store.add(fresh);
      if (!holder) return { begun: fresh };
      const isSame = holder.operation === fresh.operation && holder.fingerprint === fresh.fingerprint;
      if (!isSame) return { ended: { kind: 'conflict' } };
      if (holder.state === 'RELEASED') {
        // The entry keeps its id; whoever takes it first carries out the write.
        const begun = { ...fresh, id: holder.id, version: holder.version + 1 };
        if (await store.replace(begun)) return { begun };
      } else {
        return { ended: await waitFor(holder.id, waitMs) };
      }
    }
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
    once: async ({ caller, idempotencyKey, operation, input, subject, waitMs }, carryOut) => {
      const time = now();
      const fresh: Entry = {
        id: randomUUID(),
        tenant,
        caller,
        keyDigest: digest('key', [...(tenant === '' ? [] : [tenant]), caller, idempotencyKey]),
        operation,
        fingerprint: digest('input', [operation, input]),
        state: 'PENDING',
        attempt: randomUUID(),
        subject: JSON.stringify(subject),
        evidence: null,
        outcome: null,
        startedAt: time,
        changedAt: time,
        leaseUntil: time + leaseMs,
        expiresAt: null,
        version: 1,
      };
      const beginning = await store
        .removeExpired(time)
        .then(() => begin(fresh, waitMs))
        .catch((error: unknown) => {
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
      return entry ? change(entry, outcome === null ? released() : settledAs(outcome)) : false;
    },
    since: async (outcomeId) => {
      const entries = await store.list(['PENDING', 'UNKNOWN', 'SETTLED']);
      const begun = entries.find(({ id }) => id === outcomeId)?.startedAt;
      if (begun === undefined || begun + keyLifeMs <= now()) return null;
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
    close: async () => {
      await Promise.allSettled(underWay);
      await store.close();
    },
  };
};
