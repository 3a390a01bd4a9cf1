import { createHmac } from 'node:crypto';

/**
 * Returns the beginning of all keys of one gateway in a Redis, which others may use too. Gateways with another key
 * cannot read the values of this one, and do not share its limits.
 *
 * The braces make a Redis Cluster keep all of them on one node, as scripts with several keys require.
 */
export const redisPrefix = (gatewayKey: Buffer): string =>
  `recollect:{${createHmac('sha256', gatewayKey).update('redis').digest('base64url').slice(0, 10)}}:`;
