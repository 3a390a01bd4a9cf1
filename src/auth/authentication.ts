import type { Caller } from '../operation/caller.ts';
import type { RequestHeaders } from './client-address.ts';

/** The value of the header WWW-Authenticate: the token is missing, or invalid. */
export type Challenge = 'Bearer' | 'Bearer error="invalid_token"';

/** The request has no valid credentials. */
export class UnauthenticatedError extends Error {
  readonly challenge: Challenge;

  /** @param problem a sentence for the client, without any part of its credentials. */
  constructor(problem: string, challenge: Challenge = 'Bearer') {
    super(problem);
    this.name = 'UnauthenticatedError';
    this.challenge = challenge;
  }

  /** Whether the request has a token, which is invalid: a failed attempt. */
  get hasToken(): boolean {
    return this.challenge !== 'Bearer';
  }
}

/** The caller is authenticated, but not permitted to use the gateway. */
export class ForbiddenError extends Error {
  readonly caller: Caller;

  /** @param problem a sentence for the client, without any part of its credentials. */
  constructor(problem: string, caller: Caller) {
    super(problem);
    this.name = 'ForbiddenError';
    this.caller = caller;
  }
}

/** The caller cannot be authenticated at the moment, for a reason that is not its fault. */
export class AuthenticationUnavailableError extends Error {
  /** Seconds to wait before a retry. */
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('The keys for verifying tokens are not available at the moment.');
    this.name = 'AuthenticationUnavailableError';
    this.retryAfter = retryAfter;
  }
}

/**
 * Returns the caller of a request.
 *
 * @throws {UnauthenticatedError | ForbiddenError | AuthenticationUnavailableError}
 */
export type Authenticate = (request: { readonly headers: RequestHeaders }) => Caller | Promise<Caller>;
