import type { Caller } from './caller.ts';

/** Nobody is known to ask: the request brings no proof of who does, or one that does not hold. */
export class UnauthenticatedError extends Error {
  /** @param problem a sentence for the caller; it holds nothing of what was brought. */
  constructor(problem: string) {
    super(problem);
    this.name = 'UnauthenticatedError';
  }
}

/**
 * Tells who asks.
 *
 * @throws {UnauthenticatedError}
 */
export type Authenticate = (request: Request) => Caller | Promise<Caller>;
