import type { SenderState } from './client/sender.ts';
import type { UpstreamObserver } from './client/upstream-observer.ts';
import type { UpstreamSystem } from './errors.ts';
import { createRowCache, rowCacheBytes } from './rows/row-cache.ts';
import {
  closeUpstreams,
  createUpstreams,
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
  /** The state of each system for all tenants: the worst circuit breaker state, and the sums of calls. */
  readonly states: UpstreamStates;
  /** Waits for the calls in flight, and closes all connections. */
  close(): Promise<void>;
}

const breakerRanks = ['closed', 'half-open', 'open'] as const;

const worst = (one: SenderState, other: SenderState): SenderState => ({
  breaker:
    breakerRanks.indexOf(one.breaker) > breakerRanks.indexOf(other.breaker) ? one.breaker : other.breaker,
  inFlight: one.inFlight + other.inFlight,
  waiting: one.waiting + other.waiting,
});

const stateAmong = (all: readonly Upstreams[], system: UpstreamSystem) => ({
  state: (): SenderState | null => {
    const states = all.flatMap((upstreams) => upstreams[system].state() ?? []);
    return states.length === 0 ? null : states.reduce(worst);
  },
});

/**
 * Creates the clients of all tenants.
 *
 * @param credentials by tenant; `null` stands for a gateway without tenants.
 * @param observerFor creates the callbacks for the exchanges of a tenant.
 * @param keptBytes the size of the cache of rows that all of them share.
 */
export const createTenantUpstreams = (
  credentials: ReadonlyMap<string | null, TenantCredentials>,
  limits: UpstreamLimits,
  observerFor: (tenant: string | null) => UpstreamObserver = () => ({}),
  keptBytes: number = rowCacheBytes,
): TenantUpstreams => {
  // One cache limit for all; each client has its own part.
  const kept = createRowCache({ maxBytes: keptBytes });
  const clients = new Map(
    [...credentials].map(([tenant, own]) => [
      tenant,
      createUpstreams({ ...limits, ...own }, observerFor(tenant), kept),
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
    close: async () => {
      await Promise.all(all.map(closeUpstreams));
    },
  };
};
