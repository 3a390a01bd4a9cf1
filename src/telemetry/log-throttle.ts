import type { Log } from './log.ts';

/** Milliseconds between two warnings for one event. */
const pauseMs = 60_000;

interface Found {
  /** The number since the last warning. */
  count: number;
  warnedAt: number;
}

/** Counts an event. @param details creates the fields of a warning, which also has the `count`. */
export type WarnOnce = (event: string, details: () => object, found?: number) => void;

/**
 * Creates a warning that is logged immediately, and then at most once a minute per event, with the number since the
 * last one.
 *
 * @param now monotonic milliseconds.
 */
export const createThrottledWarning = (
  log: Log,
  tenant: string | null,
  message: string,
  now: () => number = () => performance.now(),
): WarnOnce => {
  const byEvent = new Map<string, Found>();
  return (event, details, found = 1) => {
    const all = byEvent.get(event) ?? { count: 0, warnedAt: Number.NEGATIVE_INFINITY };
    byEvent.set(event, all);
    all.count += found;
    if (now() - all.warnedAt < pauseMs) return;
    const fields = { ...details(), count: all.count };
    Object.assign(all, { count: 0, warnedAt: now() });
    log.warn(tenant === null ? fields : { ...fields, tenant }, message);
  };
};
