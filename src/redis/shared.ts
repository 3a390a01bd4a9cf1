import { type OpenedRedis, openSharedRedis, type SharedRedis } from './shared-redis.ts';

/** What the processes of a gateway share: a Redis, and the key that keeps its contents apart and unreadable. */
export interface Shared {
  readonly redis: SharedRedis;
  /**
   * Returns the gateway key.
   *
   * @throws {RangeError} before the ledger, which may hold it, is open. No request is executed until then.
   */
  gatewayKey(): Buffer;
}

export interface OpenedShared extends Shared {
  readonly redis: OpenedRedis;
  /** Sets the gateway key. */
  useGatewayKey(key: Buffer): void;
}

/** Connects to the Redis of a gateway. */
export const openShared = (url: string): OpenedShared => {
  let gatewayKey: Buffer | undefined;
  return {
    redis: openSharedRedis(url),
    gatewayKey: () => {
      if (!gatewayKey)
        throw new RangeError('Expected the gateway key, which is known once the ledger is open.');
      return gatewayKey;
    },
    useGatewayKey: (key) => {
      gatewayKey = key;
    },
  };
};
