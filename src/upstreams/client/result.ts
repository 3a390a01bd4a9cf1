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

/** Who hears what an answer says besides its payload. */
export interface ResponseListeners {
  /** Hears the upstream's warnings, which are meant for the caller. */
  readonly onWarning?: ((endpoint: Endpoint, text: string) => void) | undefined;
  /** Hears of the pages, where the answer is one of several. */
  readonly onPaging?: ((paging: Paging) => void) | undefined;
  /** Hears that a batch had rows of other keys, which were left out. Without this listener such an answer fails. */
  readonly onStrays?: (() => void) | undefined;
  /** Hears that rows were left out of a list, since they lack what identifies them. */
  readonly onIncomplete?: ((endpoint: Endpoint) => void) | undefined;
}

/** Tells of what was not sent, or not answered, in the upstream's terms: a new error for each who waited for the call. */
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
      'was not asked, since the time for the request was over',
    );
  }
  if (error.loss === 'timeout' || error.loss === 'late') return new UpstreamTimeoutError(endpoint, error);
  return error.loss === 'tooLarge'
    ? new BadResponseError(endpoint, error)
    : new UnavailableError(endpoint, error);
};

/** What a verdict says that is no reply. */
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
      // An answer that cannot be understood proves nothing of a write.
      if (endpoint.effect === 'write') return new OutcomeUnknownError(endpoint);
      return verdict.reason === 'mismatched' ? mismatchedResponse(endpoint) : new BadResponseError(endpoint);
  }
};

/**
 * Turns a verdict into the operation's reply.
 *
 * @throws {UpstreamError} what else it says.
 */
export const toResult = <E extends Endpoint>(
  endpoint: E,
  verdict: Verdict,
  { onWarning, onPaging, onStrays, onIncomplete }: ResponseListeners = {},
): ReplyOf<E> => {
  // The types of the reply follow from the endpoint's own fields, which TypeScript cannot see while E is open.
  if (verdict.kind === 'ok') {
    if (verdict.hasStrays && !onStrays) throw mismatchedResponse(endpoint);
    if (verdict.hasStrays) onStrays?.();
    for (const warning of verdict.warnings) {
      // It may repeat what was sent, or tell of a record what only some callers may see.
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
