import { setTimeout as pause } from 'node:timers/promises';
import type { ReadCaches } from './cache/read-cache.ts';
import type { SenderState } from './client/sender.ts';
import type { Sharing } from './client/sharing.ts';
import type { UpstreamObserver } from './client/upstream-observer.ts';
import type { UpstreamSystem } from './errors.ts';
import { createRowCache, rowCacheBytes } from './rows/row-cache.ts';
import {
  closeUpstreams,
  createUpstreams,
  type TenantSharing,
  type UpstreamLimits,
  type UpstreamSettings,
  type Upstreams,
} from './upstreams.ts';

/** The credentials of one tenant; at least one of the two is present. */
export type TenantCredentials = Pick<UpstreamSettings, 'scollect' | 'recoveryConnect'>;

/** The state of each system. */
export type UpstreamStates = Readonly<Record<UpstreamSystem, { state(): SenderState | null }>>;

/** The clients of all tenants. They share no connection, token, call, queue or circuit breaker. */
export interface TenantUpstreams {
  /** @throws {RangeError} if the tenant does not exist. */
  of(tenant: string | null): Upstreams;
  has(tenant: string): boolean;
  /** The state of each system for all tenants: the worst circuit breaker state, and the sums of calls and slots. */
  readonly states: UpstreamStates;
  /**
   * Begins to share concurrency slots with other processes. The gateway's key is known from now on.
   *
   * Waits for the first shares, but not for long: without them, each process has an equal share.
   */
  startSharing(): Promise<void>;
  /** Waits for the calls in flight, and closes all connections. */
  close(): Promise<void>;
}

/** The maximum milliseconds for which the start waits for Redis. */
const longestStartMs = 1000;

const breakerRanks = ['closed', 'half-open', 'open'] as const;

const worst = (one: SenderState, other: SenderState): SenderState => ({
  breaker:
    breakerRanks.indexOf(one.breaker) > breakerRanks.indexOf(other.breaker) ? one.breaker : other.breaker,
  inFlight: one.inFlight + other.inFlight,
  waiting: one.waiting + other.waiting,
  slots: one.slots + other.slots,
});

const stateAmong = (all: readonly Upstreams[], system: UpstreamSystem) => ({
  state: (): SenderState | null => {
    const states = all.flatMap((upstreams) => upstreams[system].state() ?? []);
    return states.length === 0 ? null : states.reduce(worst);
  },
});

/** What goes beyond one process; by default nothing. */
export interface TenantUpstreamsOptions {
  /** The caches of reads. */
  readonly caches?: ReadCaches | null;
  /** Shares log-ins and concurrency slots with other processes. */
  readonly sharing?: Sharing | null;
  /** The size of the cache of rows that all tenants share. */
  readonly keptBytes?: number;
}

/**
 * Creates the clients of all tenants.
 *
 * @param credentials by tenant; `null` stands for a gateway without tenants.
 * @param observerFor creates the callbacks for the exchanges of a tenant.
 */
export const createTenantUpstreams = (
  credentials: ReadonlyMap<string | null, TenantCredentials>,
  limits: UpstreamLimits,
  observerFor: (tenant: string | null) => UpstreamObserver = () => ({}),
  { caches = null, sharing = null, keptBytes = rowCacheBytes }: TenantUpstreamsOptions = {},
): TenantUpstreams => {
  const starts: (() => Promise<void>)[] = [];
  const sharingOf = (tenant: string | null): TenantSharing | undefined =>
    sharing ? { ...sharing, tenant, onStart: (start) => void starts.push(start) } : undefined;
  // One cache limit for all; each client has its own part.
  const kept = createRowCache({ maxBytes: keptBytes });
  const clients = new Map(
    [...credentials].map(([tenant, own]) => [
      tenant,
      createUpstreams({ ...limits, ...own }, observerFor(tenant), kept, {
        cacheFor: (client) => caches?.forClient({ tenant, ...client }),
        sharing: sharingOf(tenant),
      }),
    ]),
  );
  const all = [...clients.values()];
  return {
    of: (tenant) => {
      const upstreams = clients.get(tenant);
      if (!upstreams) throw new RangeError('There are no credentials for this tenant.');
      return upstreams;
    },
    has: (tenant) => clients.has(tenant),
    states: {
      SCOLLECT: stateAmong(all, 'SCOLLECT'),
      RECOVERY_CONNECT: stateAmong(all, 'RECOVERY_CONNECT'),
    },
    startSharing: async () => {
      if (starts.length === 0) return;
      const begun = Promise.all(starts.splice(0).map((start) => start()));
      await Promise.race([begun, pause(longestStartMs)]);
    },
    close: async () => {
      await Promise.all(all.map(closeUpstreams));
    },
  };
};
