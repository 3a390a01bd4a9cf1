import type { Log } from './log.ts';
import type { Endpoint } from './upstreams/endpoint.ts';

/** Milliseconds between two warnings about one operation. */
const pauseMs = 60_000;

interface Mismatches {
  /** Those since the last warning. */
  count: number;
  warnedAt: number;
}

/**
 * Warns of answers that name another key than the one requested: at once, then at most once a minute for each
 * operation, with the number of answers since the last warning.
 *
 * @param now milliseconds that never go back.
 */
export const createMismatchLog = (
  log: Log,
  tenant: string | null,
  now: () => number = () => performance.now(),
): ((endpoint: Endpoint) => void) => {
  const byOperation = new Map<string, Mismatches>();
  return ({ system: upstream, operation, method, path }) => {
    const mismatches = byOperation.get(operation) ?? { count: 0, warnedAt: Number.NEGATIVE_INFINITY };
    byOperation.set(operation, mismatches);
    mismatches.count += 1;
    if (now() - mismatches.warnedAt < pauseMs) return;
    const { count } = mismatches;
    Object.assign(mismatches, { count: 0, warnedAt: now() });
    const fields = { upstream, operation, method, path, count };
    log.warn(tenant === null ? fields : { ...fields, tenant }, 'an upstream answered for another key');
  };
};
