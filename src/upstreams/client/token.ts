import { setTimeout as pause } from 'node:timers/promises';
import { AuthFailedError, BadResponseError, RateLimitedError, type UpstreamError } from '../errors.ts';
import {
  type HeldToken,
  heldToken,
  LogInPausedError,
  logInPauses,
  type SharedLogIns,
  type Token,
} from './held-token.ts';

export interface TokenSource {
  /** Returns the present token; `undefined` if a log-in is needed. */
  current(): string | undefined;
  /**
   * Returns the present token. Concurrent callers without a token share one log-in.
   *
   * @throws {AuthFailedError} at once, while log-ins are paused after a refusal.
   */
  get(): Promise<string>;
  /**
   * Returns a new token for one that was refused. The first caller to get it tries it. The others wait for a limited
   * time for the result.
   *
   * @returns `null` if another attempt is pointless.
   * @throws {AuthFailedError}
   */
  replace(refused: string): Promise<string | null>;
  /** Reports whether a replacement token was accepted; `undefined` if that is unknown. */
  reportTrial(isTaken: boolean | undefined): void;
}

/** Returns the claims of a JWT without verification, which is up to the upstream. */
const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * Returns the lifetime of a JWT in seconds; `null` if it has none.
 *
 * The time since it was issued is measured by the issuer's clock, which may differ from that of this machine.
 */
export const lifetimeOf = (token: string, now = Date.now()): number | null => {
  const { exp, iat } = claimsOf(token);
  if (typeof exp !== 'number') return null;
  const seconds = exp - (typeof iat === 'number' ? iat : now / 1000);
  return seconds > 0 ? seconds : null;
};

// The first operation with a new token may be slow.
const longestTrialMs = 1000;

export interface TokenSourceOptions {
  readonly shared?: SharedLogIns | undefined;
  readonly now?: () => number;
}

/** Whether the next log-in would fail the same way. Unavailability is handled by the circuit breaker. */
const isLogInFailure = (error: unknown): error is UpstreamError =>
  error instanceof AuthFailedError || error instanceof BadResponseError || error instanceof RateLimitedError;

/**
 * Keeps one token in memory. It gets a new one if there is none, or the present one is about to expire.
 *
 * Log-ins pause for increasing times while the credentials, or the new tokens, are refused.
 *
 * @param shared log-ins that are shared with other processes; by default this one logs in itself.
 * @param now monotonic milliseconds: steps of the wall clock affect neither pauses nor lifetimes.
 */
export const createTokenSource = (
  logIn: () => Promise<Token>,
  { shared, now = () => performance.now() }: TokenSourceOptions = {},
): TokenSource => {
  let current: HeldToken | undefined;
  /** The last token that was refused: another process may still have it. */
  let lastRefused: string | undefined;
  let pending: Promise<string> | undefined;
  /** The error of the last log-in, if an immediate repetition is pointless. */
  let refusal: UpstreamError | undefined;
  let failedLogIns = 0;
  let heldOffUntil = 0;
  /** Set while a replacement token is tried for the first time. */
  let trial: { readonly end: Promise<void>; readonly resolve: () => void } | undefined;

  const isHeldOff = (): boolean => now() < heldOffUntil;

  const holdOff = (leastMs = 0): void => {
    // Concurrent failures count once.
    if (isHeldOff()) return;
    const pauseMs = Math.max(leastMs, logInPauses.firstMs * 2 ** failedLogIns);
    heldOffUntil = now() + Math.min(pauseMs, logInPauses.longestMs);
    failedLogIns += 1;
  };

  const renew = async (): Promise<string> => {
    try {
      current = shared ? await shared.obtain(logIn, lastRefused) : heldToken(await logIn(), now());
      // The credentials are accepted again. Its use will show whether the token is.
      if (refusal) failedLogIns = 0;
      refusal = undefined;
      return current.value;
    } catch (error) {
      if (error instanceof LogInPausedError) {
        // All processes pause until the same time, and count the same failures.
        refusal = error.refusal;
        failedLogIns = error.failures;
        heldOffUntil = now() + error.pauseMs;
        throw refusal;
      }
      if (isLogInFailure(error)) {
        refusal = error;
        holdOff(error instanceof RateLimitedError ? (error.retryAfter ?? 0) * 1000 : 0);
      }
      throw error;
    }
  };

  const beginTrial = (): void => {
    let resolveTrial = (): void => {};
    const end = new Promise<void>((resolve) => {
      resolveTrial = resolve;
    });
    trial = { end, resolve: resolveTrial };
  };

  const currentValue = (): string | undefined =>
    current && now() < current.renewAt ? current.value : undefined;

  const get = async (): Promise<string> => {
    const value = currentValue();
    if (value !== undefined) return value;
    if (refusal && isHeldOff())
      throw refusal instanceof AuthFailedError ? new AuthFailedError(refusal.call) : refusal;
    pending ??= renew().finally(() => {
      pending = undefined;
    });
    return pending;
  };

  return {
    current: currentValue,
    get,
    replace: async (refused) => {
      if (trial) {
        await Promise.race([trial.end, pause(longestTrialMs, undefined, { ref: false })]);
      } else if (current?.value === refused && !isHeldOff()) {
        current = undefined;
        lastRefused = refused;
        beginTrial();
      }
      // During a pause another token was tried and refused. Other calls may still be accepted with it.
      return isHeldOff() ? null : get();
    },
    reportTrial: (isTaken) => {
      if (isTaken === true) failedLogIns = 0;
      if (isTaken === false) holdOff();
      trial?.resolve();
      trial = undefined;
    },
  };
};

/** Creates the source of a configured token, which cannot be renewed. */
export const fixedToken = (value: string): TokenSource => ({
  current: () => value,
  get: () => Promise.resolve(value),
  replace: () => Promise.resolve(null),
  reportTrial: () => {},
});
