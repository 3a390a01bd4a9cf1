import type { Caller } from '../operation/caller.ts';
import type { RequestHeaders } from './client-address.ts';

/** What the header WWW-Authenticate says: that a token is missing, or that the one brought does not hold. */
export type Challenge = 'Bearer' | 'Bearer error="invalid_token"';

/** Nobody is known to ask: the request brings no proof of who does, or one that does not hold. */
export class UnauthenticatedError extends Error {
  readonly challenge: Challenge;

  /** @param problem a sentence for the caller; it holds nothing of what was brought. */
  constructor(problem: string, challenge: Challenge = 'Bearer') {
    super(problem);
    this.name = 'UnauthenticatedError';
    this.challenge = challenge;
  }

  /** Whether the request has a token, which is not valid: a failed attempt. */
  get hasToken(): boolean {
    return this.challenge !== 'Bearer';
  }
}

/** It is known who asks, and that nobody of the kind is let in. */
export class ForbiddenError extends Error {
  readonly caller: Caller;

  /** @param problem a sentence for the caller; it holds nothing of what was brought. */
  constructor(problem: string, caller: Caller) {
    super(problem);
    this.name = 'ForbiddenError';
    this.caller = caller;
  }
}

/** Who asks cannot be told at the moment, for a fault that is not the caller's. */
export class AuthenticationUnavailableError extends Error {
  /** Seconds to wait before it is worth while to ask again. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('The keys that tokens are checked with cannot be had at the moment.');
    this.name = 'AuthenticationUnavailableError';
    this.retryAfter = retryAfter;
  }
}

/**
 * Tells who asks.
 *
 * @throws {UnauthenticatedError | ForbiddenError | AuthenticationUnavailableError}
 */
export type Authenticate = (request: { readonly headers: RequestHeaders }) => Caller | Promise<Caller>;
