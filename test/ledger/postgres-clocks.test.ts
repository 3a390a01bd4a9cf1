import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createLedger } from '../../src/ledger/create-ledger.ts';
import { createDigest } from '../../src/ledger/digest.ts';
import type { Attempt, Outcome, PendingWrite } from '../../src/ledger/ledger.ts';
import { openPostgresStore } from '../../src/ledger/postgres/open-postgres-store.ts';
import type { PostgresStore } from '../../src/ledger/postgres/postgres-store.ts';
import { gatewayKey, held, hour, never, settled, write } from '../support/ledger.ts';
import { hasPostgres } from '../support/postgres.ts';
import { dropDatabaseAtEnd, newPostgresSettings } from '../support/stores.ts';

dropDatabaseAtEnd();

const second = 1000;
const leaseMs = 3 * second;
const base = Date.now();

/** Counts the accesses in flight. */
const observed = (store: PostgresStore, count: (by: 1 | -1) => void): PostgresStore => {
  const counted = ([name, member]: [string, unknown]): [string, unknown] => {
    if (typeof member !== 'function') return [name, member];
    return [
      name,
      async (...args: readonly unknown[]) => {
        count(1);
        try {
          return await member(...args);
        } finally {
          count(-1);
        }
      },
    ];
  };
  const { patient: _, ...own } = store;
  return Object.fromEntries(Object.entries(own).map(counted)) as unknown as PostgresStore;
};

/** Gateways of one database, whose machines agree about how fast time passes, and about nothing else. */
const setUp = async () => {
  const settings = await newPostgresSettings();
  let now = 0;
  let accesses = 0;
  const idle = async (): Promise<void> => {
    do {
      await turn();
      await turn();
    } while (accesses > 0);
  };

  const start = async (clock: { readonly wall: number; readonly origin: number }) => {
    const store = observed(await openPostgresStore(settings, { keyLifeMs: hour }), (by) => {
      accesses += by;
    });
    const periodic = new Set<() => void>();
    const ledger = await createLedger(store, createDigest(gatewayKey), {
      keyLifeMs: hour,
      leaseMs,
      elapsed: () => clock.origin + now,
      wallNow: () => base + clock.wall + now,
      timers: {
        pause: async (milliseconds) => {
          now += milliseconds;
        },
        every: (_, run) => {
          periodic.add(run);
          return () => periodic.delete(run);
        },
      },
    });
    onTestFinished(() => ledger.close());
    return { ledger, store, periodic };
  };
  type Gateway = Awaited<ReturnType<typeof start>>;

  /** Lets time pass, in which some of the gateways run. */
  const pass = async (milliseconds: number, ...running: readonly Gateway[]): Promise<void> => {
    for (let left = milliseconds; left > 0; left -= second) {
      now += Math.min(left, second);
      for (const { periodic } of running) for (const run of periodic) run();
      await idle();
    }
  };
  /** Time passes without any look at the ledger but at its end. */
  const skip = async (milliseconds: number, ...running: readonly Gateway[]): Promise<void> => {
    now += milliseconds - second;
    await pass(second, ...running);
  };
  return { start, pass, skip, idle };
};

const directions = [
  ['ahead of', hour],
  ['behind', -hour],
] as const;

describe.skipIf(!hasPostgres).each(directions)(
  'a gateway whose clock is an hour %s that of another one',
  (_, wall) => {
    const startBoth = async () => {
      const world = await setUp();
      const own = await world.start({ wall, origin: 7 });
      const other = await world.start({ wall: 0, origin: 9 * hour });
      return { ...world, own, other };
    };
    const unknownId = (ended: Outcome): string => {
      if (ended.kind !== 'unknown') throw new Error(`The outcome is ${ended.kind}.`);
      return ended.outcomeId;
    };

    it('and the other one execute each key once', async () => {
      const { own, other } = await startBoth();
      const calls = vi.fn();
      const ended = await Promise.all(
        Array.from({ length: 12 }, (_one, index) => {
          const idempotencyKey = `key ${index % 3}`;
          const { ledger } = index % 2 ? own : other;
          return ledger.once({ ...write, idempotencyKey, waitMs: hour }, () => {
            calls(idempotencyKey);
            return settled(idempotencyKey)();
          });
        }),
      );
      expect(calls.mock.calls.flat().toSorted()).toEqual(['key 0', 'key 1', 'key 2']);
      expect(ended.map((one) => one.kind)).toEqual(Array(12).fill('settled'));
    });

    it('keeps its claim for as long as it renews it', async () => {
      const { own, other, pass } = await startBoth();
      for (const [first, second_] of [
        [own, other],
        [other, own],
      ] as const) {
        const used = { ...write, idempotencyKey: first === own ? 'own' : 'other' };
        const { execute, end } = held();
        const ending = first.ledger.once(used, execute);
        await pass(4 * leaseMs, first, second_);
        expect(await second_.ledger.open()).toEqual([]);
        expect(await second_.ledger.once({ ...used, waitMs: 0 }, never)).toMatchObject({ kind: 'inFlight' });
        end({ kind: 'settled', outcome: 'paid' });
        await ending;
        expect(await second_.ledger.once(used, never)).toEqual({ kind: 'settled', outcome: 'paid' });
        expect(execute).toHaveBeenCalledTimes(1);
      }
    });

    /** One of the gateways stands still with a claim for longer than a lease, while the other one runs. */
    const pauseWith = async (execute: (attempt: PendingWrite) => Promise<Attempt<string>>) => {
      const world = await startBoth();
      const { own, other, pass } = world;
      let resume = () => {};
      const standsStill = new Promise<void>((resolve) => {
        resume = resolve;
      });
      const ending = own.ledger.once(write, async (attempt) => {
        await standsStill;
        return execute(attempt);
      });
      await world.idle();
      await pass(leaseMs + second, other);
      const outcomeId = unknownId(await other.ledger.once(write, never));
      return { ...world, resume, ending, outcomeId };
    };
    const claiming = (calls: () => void) => async (attempt: PendingWrite) => {
      if (!(await attempt.claim())) return { kind: 'lost' } as const;
      calls();
      return settled('paid')();
    };

    it('that stood still for longer than its claim sends one call under another id', async () => {
      const calls = vi.fn();
      const { other, resume, ending, outcomeId } = await pauseWith(claiming(calls));
      resume();
      expect(await ending).toEqual({ kind: 'settled', outcome: 'paid' });
      // What was found before the call resolves nothing.
      expect(await other.ledger.resolve(outcomeId, null)).toBe(false);
      expect(await other.ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'paid' });
      expect(calls).toHaveBeenCalledTimes(1);
    });

    it('that stood still sends nothing once the other one has executed the write', async () => {
      const calls = vi.fn();
      const { other, resume, ending, outcomeId } = await pauseWith(claiming(calls));
      expect(await other.ledger.resolve(outcomeId, null)).toBe(true);
      expect(await other.ledger.once(write, settled('by the other one'))).toMatchObject({ kind: 'settled' });
      resume();
      expect(await ending).toEqual({ kind: 'settled', outcome: 'by the other one' });
      expect(calls).not.toHaveBeenCalled();
    });

    it('that stood still after its call does not replace an outcome that was recorded meanwhile', async () => {
      const { other, resume, ending, outcomeId } = await pauseWith(settled('late'));
      expect(await other.ledger.resolve(outcomeId, 'found')).toBe(true);
      resume();
      expect(await ending).toEqual({ kind: 'settled', outcome: 'found' });
      expect(await other.ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'found' });
    });

    it('that stood still after its call records its outcome if there is none', async () => {
      const { other, resume, ending } = await pauseWith(settled('late'));
      resume();
      expect(await ending).toEqual({ kind: 'settled', outcome: 'late' });
      expect(await other.ledger.once(write, never)).toEqual({ kind: 'settled', outcome: 'late' });
    });

    it('forgets no key early and none late: the clock of the ledger decides, which the server began', async () => {
      const { own, other, skip } = await startBoth();
      for (const [first, later] of [
        [own, other],
        [other, own],
      ] as const) {
        const used = { ...write, idempotencyKey: first === own ? 'own' : 'other' };
        await first.ledger.once(used, settled('first'));
        if (first === own) {
          const [entry] = await own.store.list(['SETTLED']);
          const begun = { text: 'SELECT (extract(epoch FROM now()) * 1000)::bigint AS now' };
          const [row] = (await own.store.database.execute(begun)).rows as readonly { now: number }[];
          expect(Math.abs((entry?.begunAt ?? 0) - (row?.now ?? 0))).toBeLessThan(hour / 2);
        }
        await skip(hour - 10 * second, own, other);
        expect(await later.ledger.once(used, never)).toEqual({ kind: 'settled', outcome: 'first' });
        await skip(20 * second, own, other);
        expect(await later.ledger.once(used, settled('second'))).toEqual({
          kind: 'settled',
          outcome: 'second',
        });
      }
    });
  },
);
