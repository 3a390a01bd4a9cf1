import type { SenderState, UpstreamObserver } from './client/sender.ts';
import type { UpstreamSystem } from './errors.ts';
import { createRowCache } from './rows/row-cache.ts';
import {
  closeUpstreams,
  createUpstreams,
  type UpstreamLimits,
  type UpstreamSettings,
  type Upstreams,
} from './upstreams.ts';

/** What the calls for one tenant are made with; at least one of the two is there. */
export type TenantCredentials = Pick<UpstreamSettings, 'scollect' | 'recoveryConnect'>;

/** How each system is. */
export type UpstreamStates = Readonly<Record<UpstreamSystem, { state(): SenderState | null }>>;

/** The clients of all tenants. Nothing is shared by two of them: no connection, token, call, turn or breaker. */
export interface TenantUpstreams {
  /** @throws {RangeError} for a tenant that is not there. */
  of(tenant: string | null): Upstreams;
  has(tenant: string): boolean;
  /** How each system is to all of them: as it is to the one that has it worst, with the calls of all. */
  readonly states: UpstreamStates;
  /** Lets calls under way finish and closes all connections. */
  close(): Promise<void>;
}

const breakerRanks = ['closed', 'half-open', 'open'] as const;

const worst = (one: SenderState, other: SenderState): SenderState => ({
  breaker:
    breakerRanks.indexOf(one.breaker) > breakerRanks.indexOf(other.breaker) ? one.breaker : other.breaker,
  underWay: one.underWay + other.underWay,
  waiting: one.waiting + other.waiting,
});

const stateAmong = (all: readonly Upstreams[], system: UpstreamSystem) => ({
  state: (): SenderState | null => {
    const states = all.flatMap((upstreams) => upstreams[system].state() ?? []);
    return states.length === 0 ? null : states.reduce(worst);
  },
});

/**
 * @param credentials of each tenant; `null` stands for those who have none.
 * @param observerFor makes what hears what happens between the gateway and the upstreams of a tenant.
 */
export const createTenantUpstreams = (
  credentials: ReadonlyMap<string | null, TenantCredentials>,
  limits: UpstreamLimits,
  observerFor: (tenant: string | null) => UpstreamObserver = () => ({}),
): TenantUpstreams => {
  // Together they keep no more than one would; each has its own.
  const kept = createRowCache();
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
