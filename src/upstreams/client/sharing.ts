import { createOpaqueDigest } from '../../lib/opaque-digest.ts';
import { redisPrefix } from '../../redis/redis-prefix.ts';
import type { SharedRedis } from '../../redis/shared-redis.ts';
import type { UpstreamSystem } from '../errors.ts';

/** The uses of the shared Redis by clients of upstreams. */
export type SharedUse = 'token' | 'slots';

/** The Redis that the processes of a gateway share. */
export interface Sharing {
  readonly redis: Pick<SharedRedis, 'run' | 'isUp' | 'onChange'>;
  /** @throws {RangeError} before the ledger is open. */
  gatewayKey(): Buffer;
  /** The number of processes of this gateway on this machine. */
  readonly workers: number;
}

/** The Redis as the client of one upstream uses it. */
export interface UpstreamSharing extends Sharing {
  readonly upstream: SharedUpstream;
  /** Called each time a use of Redis failed, and this process acted on its own. */
  onFailure(use: SharedUse): void;
  /** Adds what is called once the gateway's key is known. */
  onStart(start: () => void): void;
}

/** An upstream of one tenant. */
export interface SharedUpstream {
  readonly system: UpstreamSystem;
  readonly tenant: string | null;
  readonly url: string;
}

/**
 * Returns the beginning of the keys in Redis of one upstream.
 *
 * @param use what the keys are for.
 * @param credential separates the keys of different credentials.
 */
export const sharedKey = (
  gatewayKey: Buffer,
  use: SharedUse,
  { system, tenant, url }: SharedUpstream,
  credential: readonly string[] = [],
): string => {
  const digest = createOpaqueDigest(gatewayKey, 'recollect: upstreams in keys of Redis');
  return `${redisPrefix(gatewayKey)}${use}:${digest(system, JSON.stringify(tenant), url, ...credential)}`;
};
