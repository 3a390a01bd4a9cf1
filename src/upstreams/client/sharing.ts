import { createOpaqueDigest } from '../../lib/opaque-digest.ts';
import { redisPrefix } from '../../redis/redis-prefix.ts';
import type { RedisUse, SharedRedis } from '../../redis/shared-redis.ts';
import type { ReadCache } from '../cache/read-cache.ts';
import type { UpstreamSystem } from '../errors.ts';

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
  /** Adds what is called once the gateway's key is known. Its promise ends when Redis has answered or failed. */
  onStart(start: () => Promise<void>): void;
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
  use: RedisUse,
  { system, tenant, url }: SharedUpstream,
  credential: readonly string[] = [],
): string => {
  const digest = createOpaqueDigest(gatewayKey, 'recollect: upstreams in keys of Redis');
  return `${redisPrefix(gatewayKey)}${use}:${digest(system, JSON.stringify(tenant), url, ...credential)}`;
};

/** What goes beyond the process of a client; by default nothing. */
export interface ClientOptions {
  readonly cache?: ReadCache | undefined;
  readonly sharing?: UpstreamSharing | undefined;
}
