import {
  AuthFailedError,
  CircuitOpenError,
  OverloadedError,
  RateLimitedError,
  UnavailableError,
  UpstreamTimeoutError,
} from '../../../src/upstreams/errors.ts';

/** How a request ended. All but `whole` are refusals, or responses with errors. */
export const outcomes = [
  'whole',
  'rate limit',
  'queue full',
  'queue timeout',
  'breaker',
  'timeout',
  'upstream rate limit',
  'credentials',
  'unavailable',
  'process lost',
  'other',
] as const;

export type RequestOutcome = (typeof outcomes)[number];

/** Returns the reason of a failed call. @param waitedMs the milliseconds that it took. */
export const outcomeOfError = (error: unknown, waitedMs: number, maxWaitMs: number): RequestOutcome => {
  if (error instanceof OverloadedError) return waitedMs < maxWaitMs - 1 ? 'queue full' : 'queue timeout';
  if (error instanceof CircuitOpenError) return 'breaker';
  if (error instanceof UpstreamTimeoutError) return 'timeout';
  if (error instanceof RateLimitedError) return 'upstream rate limit';
  if (error instanceof AuthFailedError) return 'credentials';
  return error instanceof UnavailableError ? 'unavailable' : 'other';
};
