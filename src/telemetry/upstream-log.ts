import type { Log } from './log.ts';
import { createThrottledWarning } from './log-throttle.ts';

/** The part of an upstream operation that a warning names. Its path is the template. */
interface Operation {
  readonly system: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
}

/** @param now monotonic milliseconds. */
type CreateLog<Report> = (log: Log, tenant: string | null, now?: () => number) => Report;

const fieldsOf = ({ system: upstream, operation, method, path }: Operation) => ({
  upstream,
  operation,
  method,
  path,
});

const warnsOf =
  (message: string): CreateLog<(operation: Operation, found?: number) => void> =>
  (log, tenant, now) => {
    const warn = createThrottledWarning(log, tenant, message, now);
    return (operation, found) => warn(operation.operation, () => fieldsOf(operation), found);
  };

/** Warns about responses with another key than the requested one. */
export const createMismatchLog = warnsOf('an upstream returned another key than the requested one');

/** Warns about rows without an identifying value that were left out. */
export const createIncompleteLog = warnsOf('an upstream returned incomplete rows');

type OnFailure = (operation: Operation, verdict: string, status: number | null, sample: () => string) => void;

/** Warns about failed calls, with the shape of a response. */
export const createFailureLog: CreateLog<OnFailure> = (log, tenant, now) => {
  const warn = createThrottledWarning(log, tenant, 'a call to an upstream failed', now);
  return (operation, verdict, status, sample) =>
    warn(`${operation.operation} ${verdict}`, () => ({
      ...fieldsOf(operation),
      verdict,
      status: status ?? 'none',
      sample: sample(),
    }));
};

/** A deviation from the documented responses, without a value. */
interface Drift {
  readonly kind: string;
  readonly at: string;
  readonly shape: string;
}

/** The deviations of one response that a warning names. */
const mostShown = 10;

const shown = ({ at, shape }: Drift): string => (at === '' ? shape : `${at} ${shape}`);

const sampleOf = (drifts: readonly Drift[]): string =>
  [...drifts.slice(0, mostShown).map(shown), ...(drifts.length > mostShown ? ['…'] : [])].join('; ');

/** Warns about responses that differ from the documented ones, once for each kind of deviation. */
export const createDriftLog: CreateLog<(operation: Operation, drifts: readonly Drift[]) => void> = (
  log,
  tenant,
  now,
) => {
  const warn = createThrottledWarning(log, tenant, 'a response differs from the documented ones', now);
  return (operation, drifts) => {
    for (const kind of new Set(drifts.map((drift) => drift.kind))) {
      const own = drifts.filter((drift) => drift.kind === kind);
      const details = () => ({ ...fieldsOf(operation), kind, sample: sampleOf(own) });
      warn(`${operation.operation} ${kind}`, details, own.length);
    }
  };
};
