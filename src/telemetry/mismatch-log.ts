import type { Log } from './log.ts';

/** Milliseconds between two warnings about one operation. */
const pauseMs = 60_000;

interface Operation {
  readonly system: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

interface Found {
  /** How many since the last warning. */
  count: number;
  warnedAt: number;
}

/** @param now milliseconds that never go back. */
type CreateLog<Report> = (log: Log, tenant: string | null, now?: () => number) => Report;

/** Warns at once, then at most once a minute for each operation, with the number since the last warning. */
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

/** Warns of answers that name another key than the one requested. */
export const createMismatchLog = warnsOf('an upstream answered for another key');

/** Warns of rows that were left out of answers, since they lack what identifies them. */
export const createIncompleteLog = warnsOf('an upstream answered incomplete rows');
