import type { UpstreamError } from '../errors.ts';

/** A token and its lifetime. */
export interface Token {
  readonly value: string;
  /** Seconds; `null` if unknown: then the token is used until it is refused. */
  readonly lifetime: number | null;
}

/** A token, and the monotonic milliseconds at which it is renewed; infinite if its lifetime is unknown. */
export interface HeldToken {
  readonly value: string;
  readonly renewAt: number;
}

/**
 * Tokens are renewed this long before they expire, so that none expires in flight; at most a tenth of their lifetime.
 */
const marginMs = 30_000;

/** The minimum time until a token is renewed, whatever its lifetime. */
const leastLifeMs = 10_000;

/** Returns a token that a log-in returned at the given time. */
export const heldToken = ({ value, lifetime }: Token, now: number): HeldToken => {
  const life = lifetime === null ? Number.POSITIVE_INFINITY : Math.max(lifetime * 1000, leastLifeMs);
  return { value, renewAt: now + life - Math.min(marginMs, life / 10) };
};

/** Repeated log-ins with wrong credentials can lock the account. */
export const logInPauses = { firstMs: 1000, longestMs: 60_000 } as const;

/** The credentials were refused: log-ins of all processes pause. */
export class LogInPausedError extends Error {
  /** The error of the last log-in. */
  readonly refusal: UpstreamError;
  /** Milliseconds until the next log-in. */
  readonly pauseMs: number;
  /** The number of log-ins that were refused one after the other. */
  readonly failures: number;

  constructor(refusal: UpstreamError, pauseMs: number, failures: number) {
    super('Log-ins pause.', { cause: refusal });
    this.name = 'LogInPausedError';
    this.refusal = refusal;
    this.pauseMs = pauseMs;
    this.failures = failures;
  }
}

/** The log-ins of one credential, which several processes share. */
export interface SharedLogIns {
  /**
   * Returns the token that another process obtained, or logs in for all.
   *
   * @param refused a token that is not returned, and is removed for all.
   * @throws {LogInPausedError}
   * @throws {UpstreamError} that the log-in threw.
   */
  obtain(logIn: () => Promise<Token>, refused: string | undefined): Promise<HeldToken>;
}
