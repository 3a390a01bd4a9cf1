import { hash } from 'node:crypto';
import { createLedger, type LedgerOptions } from '../../../src/ledger/create-ledger.ts';
import type { Digest } from '../../../src/ledger/digest.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import type { Entry, LedgerStore } from '../../../src/ledger/store.ts';
import { type Committed, type Method, transactionsOn } from './model-store.ts';

/** A call to the store that has no answer yet. */
export interface StoreCall {
  readonly method: Method;
  readonly args: readonly unknown[];
  /** The store has executed it, and its answer is on the way. */
  result?: { readonly value: unknown };
  /** Whether it releases a key because an operator said so. */
  readonly isRelease: boolean;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface SimulatedTimer {
  readonly kind: 'pause' | 'renew' | 'upkeep';
  due: number;
  readonly everyMs: number | null;
  readonly run: () => void;
}

/** The time of a world: the machine's monotonic clock, and how far its wall clock is from it. */
export interface WorldTime {
  now: number;
  wallOffset: number;
}

export const leaseMs = 30;
/** Model time moves in thirds of a lease: the interval in which a live process renews it. */
export const tickMs = leaseMs / 3;

/** Changes one rule of the protocol. */
export interface Mutation {
  readonly store?: (store: LedgerStore, gateway: string) => LedgerStore;
  readonly options?: (time: WorldTime, gateway: string) => Partial<LedgerOptions>;
}

/** One process that runs the ledger of the gateway, on a store and timers whose steps are chosen by a test. */
export interface SimulatedGateway {
  readonly name: string;
  readonly ledger: Ledger;
  isAlive: boolean;
  readonly calls: Map<number, StoreCall>;
  readonly timers: Map<number, SimulatedTimer>;
  /** Everything that it has learned so far: its state is a function of it. */
  readonly history: () => string;
  learn(event: string): void;
  /** Whether an operator currently releases a key with its help. */
  isReleasing: boolean;
}

/** Replaces a keyed digest: what it hides does not matter here. */
const digest: Digest = (purpose, value) => JSON.stringify([purpose, value]);

const methods: readonly Method[] = [
  'add',
  'get',
  'holderOf',
  'replace',
  'startedIn',
  'list',
  'removeExpired',
  'remember',
  'recall',
  'marks',
  'raise',
  'clear',
  'holders',
  'close',
];

export interface GatewayParts {
  readonly name: string;
  readonly committed: Committed;
  readonly time: WorldTime;
  readonly keyLifeMs: number;
  /** The calls to the store that take no step. */
  readonly immediate: readonly Method[];
  readonly mutation: Mutation;
  /** Called with each entry that it sends to the store, to name its ids. */
  readonly onEntry: (gateway: string, entry: Entry) => void;
}

/** Starts a process: the store answers at once until its ledger is open. */
export const startSimulatedGateway = async (parts: GatewayParts): Promise<SimulatedGateway> => {
  const { name, committed, time, keyLifeMs, immediate, mutation, onEntry } = parts;
  const calls = new Map<number, StoreCall>();
  const timers = new Map<number, SimulatedTimer>();
  const transactions = transactionsOn(committed) as Record<Method, (...args: unknown[]) => unknown>;
  let isOpen = false;
  let numbers = 0;
  let learned = name;
  let knownTime = Number.NaN;

  const learn = (event: string): void => {
    learned = hash('md5', `${learned} ${event}`);
  };
  const readTime = (): number => {
    if (isOpen && knownTime !== time.now) {
      knownTime = time.now;
      learn(`at ${knownTime}`);
    }
    return time.now;
  };

  const gateway = { isReleasing: false };
  const call =
    (method: Method) =>
    (...args: unknown[]): Promise<unknown> => {
      if (method === 'add' || method === 'replace') onEntry(name, args[0] as Entry);
      if (!isOpen || immediate.includes(method)) return Promise.resolve(transactions[method](...args));
      return new Promise((resolve, reject) => {
        numbers += 1;
        const isRelease =
          gateway.isReleasing && method === 'replace' && (args[0] as Entry).state === 'RELEASED';
        calls.set(numbers, { method, args, isRelease, resolve, reject });
      });
    };
  const plain = Object.fromEntries(methods.map((method) => [method, call(method)])) as unknown as LedgerStore;

  const addTimer = (kind: SimulatedTimer['kind'], milliseconds: number, run: () => void): number => {
    numbers += 1;
    const everyMs = kind === 'pause' ? null : milliseconds;
    timers.set(numbers, { kind, due: readTime() + milliseconds, everyMs, run });
    return numbers;
  };

  const ledger = await createLedger(mutation.store?.(plain, name) ?? plain, digest, {
    keyLifeMs,
    leaseMs,
    elapsed: readTime,
    wallNow: () => time.now + time.wallOffset,
    timers: {
      pause: (milliseconds) =>
        new Promise<void>((resolve) => {
          addTimer('pause', milliseconds, resolve);
        }),
      every: (milliseconds, run) => {
        const number = addTimer(isOpen ? 'renew' : 'upkeep', milliseconds, run);
        return () => void timers.delete(number);
      },
    },
    ...mutation.options?.(time, name),
  });
  isOpen = true;
  return Object.assign(gateway, {
    name,
    ledger,
    isAlive: true,
    calls,
    timers,
    history: () => learned,
    learn,
  });
};
