import { setTimeout as pause } from 'node:timers/promises';
import { AuthFailedError, BadResponseError, RateLimitedError, type UpstreamError } from '../errors.ts';

/** A token and how long it lives. */
export interface Token {
  readonly value: string;
  /** Seconds; `null` where it is not told, then it serves until it is refused. */
  readonly lifetime: number | null;
}

export interface TokenSource {
  /** The token that is there; `undefined` where one has to be waited for. */
  current(): string | undefined;
  /**
   * The current token. Any number of callers that find none wait for one and the same log-in.
   *
   * @throws {AuthFailedError} at once, while a refused log-in is not to be tried again yet.
   */
  get(): Promise<string>;
  /**
   * Gives another token for one that was refused. The first caller to get it tries it; the others wait for a while to
   * hear whether it is taken.
   *
   * @returns `null` where there is no use in trying another one.
   * @throws {AuthFailedError}
   */
  replace(refused: string): Promise<string | null>;
  /** Says whether a token that replaced a refused one was taken; `undefined` where that did not show. */
  reportTrial(isTaken: boolean | undefined): void;
}

/** Tokens are renewed this much before their end, so that none ends on its way; at most a tenth of their life. */
const marginMs = 30_000;

/** No token is renewed sooner than this, whatever is told of its life. */
const leastLifeMs = 10_000;

/** The claims of a JWT, unverified: the gateway is not the one to verify it. */
const claimsOf = (token: string): Readonly<Record<string, unknown>> => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * Reads a JWT's lifetime in seconds from its claims; `null` where it has none.
 *
 * The time since it was issued is measured on the issuer's clock, which need not agree with this machine's.
 */
export const lifetimeOf = (token: string, now = Date.now()): number | null => {
  const { exp, iat } = claimsOf(token);
  if (typeof exp !== 'number') return null;
  const seconds = exp - (typeof iat === 'number' ? iat : now / 1000);
  return seconds > 0 ? seconds : null;
};

// Whoever logs in with wrong credentials again and again gets locked out.
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

// A slow operation may be the first to try a token.
const longestTrialMs = 1000;

/** Whether the next log-in would end as this one did. An upstream that is down is the breaker's. */
const isLogInFailure = (error: unknown): error is UpstreamError =>
  error instanceof AuthFailedError || error instanceof BadResponseError || error instanceof RateLimitedError;

/**
 * Keeps one token in memory and gets a new one by `logIn` when there is none, or it nears its end.
 *
 * Log-ins that bring nothing, since the credentials are refused or the token that they give, are held off for pauses
 * that grow.
 *
 * @param now monotonic milliseconds: a step of the wall clock neither holds off log-ins nor keeps a token too long.
 */
export const createTokenSource = (
  logIn: () => Promise<Token>,
  now: () => number = () => performance.now(),
): TokenSource => {
  let current: { value: string; renewAt: number } | undefined;
  let pending: Promise<string> | undefined;
  /** Why the last log-in failed, where another one at once would be of no use. */
  let refusal: UpstreamError | undefined;
  let failedLogIns = 0;
  let heldOffUntil = 0;
  /** Under way while a token that replaced a refused one is tried for the first time. */
  let trial: { readonly end: Promise<void>; readonly tell: () => void } | undefined;

  const isHeldOff = (): boolean => now() < heldOffUntil;

  const holdOff = (leastMs = 0): void => {
    // Those who failed together count once.
    if (isHeldOff()) return;
    const pauseMs = Math.max(leastMs, firstPauseMs * 2 ** failedLogIns);
    heldOffUntil = now() + Math.min(pauseMs, longestPauseMs);
    failedLogIns += 1;
  };

  const renew = async (): Promise<string> => {
    try {
      const { value, lifetime } = await logIn();
      const life = lifetime === null ? Number.POSITIVE_INFINITY : Math.max(lifetime * 1000, leastLifeMs);
      current = { value, renewAt: now() + life - Math.min(marginMs, life / 10) };
      // The credentials are good again; whether the token is, its use will tell.
      if (refusal) failedLogIns = 0;
      refusal = undefined;
      return value;
    } catch (error) {
      if (isLogInFailure(error)) {
        refusal = error;
        holdOff(error instanceof RateLimitedError ? (error.retryAfter ?? 0) * 1000 : 0);
      }
      throw error;
    }
  };

  const beginTrial = (): void => {
    let tell = (): void => {};
    const end = new Promise<void>((resolve) => {
      tell = resolve;
    });
    trial = { end, tell };
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
        beginTrial();
      }
      // Held off, another one was tried in vain; other calls may be taken with it all the same.
      return isHeldOff() ? null : get();
    },
    reportTrial: (isTaken) => {
      if (isTaken === true) failedLogIns = 0;
      if (isTaken === false) holdOff();
      trial?.tell();
      trial = undefined;
    },
  };
};

/** A token that was given and cannot be renewed. */
export const fixedToken = (value: string): TokenSource => ({
  current: () => value,
  get: () => Promise.resolve(value),
  replace: () => Promise.resolve(null),
  reportTrial: () => {},
});
