import type { Endpoint, ReplyOf } from '../endpoint/endpoint.ts';
import { leftOutOf } from '../endpoint/left-out.ts';
import { cleanReason } from '../endpoint/reason.ts';
import type { Paging, Verdict } from '../endpoint/verdict.ts';
import {
  AuthFailedError,
  BadInputError,
  BadResponseError,
  CircuitOpenError,
  mismatchedResponse,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RateLimitedError,
  RejectedError,
  UnavailableError,
  UpstreamTimeoutError,
} from '../errors.ts';
import { OverloadError } from './bulkhead.ts';
import { BreakerOpenError } from './sender.ts';
import { TransportError } from './transport-error.ts';

/** Callbacks for parts of a response besides its payload. */
export interface ResponseListeners {
  /** Called with each warning of the upstream, for the caller. */
  readonly onWarning?: ((endpoint: Endpoint, text: string) => void) | undefined;
  /** Called with the paging of a response that is one of several pages. */
  readonly onPaging?: ((paging: Paging) => void) | undefined;
  /**
   * Called if a batch contained rows of other keys, which were left out. Without this callback such a response fails.
   */
  readonly onStrays?: (() => void) | undefined;
  /** Called if rows without an identifying value were left out of a list. */
  readonly onIncomplete?: ((endpoint: Endpoint) => void) | undefined;
}

/** Converts a transport error to an upstream error. Each waiting caller gets an error object of its own. */
export const toUpstreamError = (endpoint: Endpoint, error: unknown): unknown => {
  if (error instanceof BreakerOpenError) return new CircuitOpenError(endpoint, error.retryAfter);
  if (error instanceof OverloadError) return new OverloadedError(endpoint);
  if (!(error instanceof TransportError)) return error;
  if (endpoint.effect === 'write' && error.mayBeSent) return new OutcomeUnknownError(endpoint, error);
  if (error.loss === 'crowded') return new OverloadedError(endpoint);
  if (endpoint.effect === 'write' && error.loss === 'late') {
    return new UpstreamTimeoutError(
      endpoint,
      error,
      'was not called: the deadline of the request had passed',
    );
  }
  if (error.loss === 'timeout' || error.loss === 'late') return new UpstreamTimeoutError(endpoint, error);
  return error.loss === 'tooLarge'
    ? new BadResponseError(endpoint, error)
    : new UnavailableError(endpoint, error);
};

/** Returns the error for a verdict that is no reply. */
const failure = (endpoint: Endpoint, verdict: Exclude<Verdict, { kind: 'ok' }>): Error => {
  switch (verdict.kind) {
    case 'badInput':
      return new BadInputError(
        endpoint,
        cleanReason(verdict.text),
        Object.entries(verdict.texts ?? {}).flatMap(([key, text]) => {
          const reason = cleanReason(text);
          return reason === null ? [] : [{ key, reason }];
        }),
      );
    case 'nothing':
      return new NotFoundError(endpoint);
    case 'refused':
      return new RejectedError(endpoint, cleanReason(verdict.text));
    case 'rateLimited':
      return new RateLimitedError(endpoint, verdict.retryAfter);
    case 'token':
      return new AuthFailedError(endpoint);
    case 'unknown':
      return new OutcomeUnknownError(endpoint);
    case 'failed':
      if (verdict.reason === 'timeout') return new UpstreamTimeoutError(endpoint);
      if (verdict.reason === 'unavailable') return new UnavailableError(endpoint);
      // A response that cannot be parsed proves nothing about a write.
      if (endpoint.effect === 'write') return new OutcomeUnknownError(endpoint);
      return verdict.reason === 'mismatched' ? mismatchedResponse(endpoint) : new BadResponseError(endpoint);
  }
};

/**
 * Converts a verdict to the reply of the operation.
 *
 * @throws {UpstreamError} for every other verdict.
 */
export const toResult = <E extends Endpoint>(
  endpoint: E,
  verdict: Verdict,
  { onWarning, onPaging, onStrays, onIncomplete }: ResponseListeners = {},
): ReplyOf<E> => {
  // The type of the reply follows from the fields of the endpoint, which TypeScript cannot infer for a generic E.
  if (verdict.kind === 'ok') {
    if (verdict.hasStrays && !onStrays) throw mismatchedResponse(endpoint);
    if (verdict.hasStrays) onStrays?.();
    for (const warning of verdict.warnings) {
      // A warning may repeat the input, or contain data of a record that only some callers may see.
      const text = cleanReason(warning);
      if (text !== null) onWarning?.(endpoint, text);
    }
    if (verdict.paging) onPaging?.(verdict.paging);
    if (leftOutOf(verdict.payload).length > 0) onIncomplete?.(endpoint);
    return verdict.payload as ReplyOf<E>;
  }
  if (verdict.kind === 'nothing' && endpoint.effect === 'read') {
    return (endpoint.nothing === 'NO_ROWS' ? [] : null) as ReplyOf<E>;
  }
  throw failure(endpoint, verdict);
};
