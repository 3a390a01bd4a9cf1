import { redisPrefix } from '../redis/redis-prefix.ts';
import type { RedisChannels } from '../redis/shared-redis.ts';
import { scopesIn, type WriteReports } from './write-reports.ts';

export interface RedisReportsOptions {
  readonly redis: RedisChannels;
  /** It is called when a report is first sent or received. */
  gatewayKey(): Buffer;
  /** The processes with the same one report to each other by another way. */
  readonly group: string;
}

const messageIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Creates reports by a channel of Redis, between gateways with the same key. */
export const createRedisReports = ({ redis, gatewayKey, group }: RedisReportsOptions): WriteReports => {
  const channel = (): string => `${redisPrefix(gatewayKey())}updates`;
  return {
    send: (scopes) => redis.publish(channel(), JSON.stringify({ group, scopes })),
    receive: (listener) =>
      redis.subscribe(channel(), (text) => {
        const message = messageIn(text);
        const scopes = scopesIn(message);
        if ((message as { readonly group?: unknown } | null)?.group !== group) listener(scopes);
      }),
  };
};
