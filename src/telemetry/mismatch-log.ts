import type { Log } from './log.ts';

/** Milliseconds between two warnings for one operation. */
const pauseMs = 60_000;

interface Operation {
  readonly system: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

interface Found {
  /** The number since the last warning. */
  count: number;
  warnedAt: number;
}

/** @param now monotonic milliseconds. */
type CreateLog<Report> = (log: Log, tenant: string | null, now?: () => number) => Report;

/**
 * Creates a warning that is logged immediately, and then at most once a minute per operation, with the number since the
 * last one.
 */
const warnsOf =
  (message: string): CreateLog<(operation: Operation, found?: number) => void> =>
  (log, tenant, now = () => performance.now()) => {
    const byOperation = new Map<string, Found>();
    return ({ system: upstream, operation, method, path }, found = 1) => {
      const all = byOperation.get(operation) ?? { count: 0, warnedAt: Number.NEGATIVE_INFINITY };
      byOperation.set(operation, all);
      all.count += found;
      if (now() - all.warnedAt < pauseMs) return;
      const { count } = all;
      Object.assign(all, { count: 0, warnedAt: now() });
      const fields = { upstream, operation, method, path, count };
      log.warn(tenant === null ? fields : { ...fields, tenant }, message);
    };
  };

/** Warns about responses with another key than the requested one. */
export const createMismatchLog = warnsOf('an upstream returned another key than the requested one');

/** Warns about rows without an identifying value that were left out. */
export const createIncompleteLog = warnsOf('an upstream returned incomplete rows');
