import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { ErrorCode } from '../lib/error-codes.ts';
import { withoutStack } from '../lib/without-stack.ts';
import type { Log } from '../telemetry/log.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import {
  AuthFailedError,
  BadInputError,
  BadResponseError,
  CircuitOpenError,
  NotConfiguredError,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RateLimitedError,
  RejectedError,
  UnavailableError,
  UpstreamError,
  UpstreamTimeoutError,
} from '../upstreams/errors.ts';

const codes = new Map<unknown, ErrorCode>([
  [NotConfiguredError, 'UPSTREAM_UNAVAILABLE'],
  [UnavailableError, 'UPSTREAM_UNAVAILABLE'],
  [CircuitOpenError, 'UPSTREAM_UNAVAILABLE'],
  [OverloadedError, 'UPSTREAM_UNAVAILABLE'],
  [UpstreamTimeoutError, 'UPSTREAM_TIMEOUT'],
  [RateLimitedError, 'UPSTREAM_RATE_LIMITED'],
  [BadInputError, 'BAD_USER_INPUT'],
  [RejectedError, 'UPSTREAM_REJECTED'],
  [NotFoundError, 'UPSTREAM_REJECTED'],
  [BadResponseError, 'UPSTREAM_BAD_RESPONSE'],
  [AuthFailedError, 'UPSTREAM_AUTH_FAILED'],
  // Writes return a member of their union. If one throws anyway, this code names what matters.
  [OutcomeUnknownError, 'UPSTREAM_TIMEOUT'],
]);

const retryAfterOf = (error: UpstreamError): number | null =>
  error instanceof RateLimitedError || error instanceof UnavailableError ? error.retryAfter : null;

const withRetryAfter = (error: UpstreamError): GraphQLErrorExtensions => {
  const retryAfter = retryAfterOf(error);
  return retryAfter === null ? {} : { retryAfter };
};

const extensionsOf = (error: UpstreamError): GraphQLErrorExtensions => ({
  code: codes.get(error.constructor) ?? 'UPSTREAM_UNAVAILABLE',
  upstream: error.call.system,
  operation: error.call.operation,
  retryable: error.retryable,
  ...withRetryAfter(error),
});

/** What the log contains of an unexpected error: its kind and where it was thrown, never its text. */
const traceOf = (error: unknown, redactor: Redactor): object =>
  error instanceof Error ? (redactor.value(error) as object) : { thrown: typeof error };

const unforeseen = 'INTERNAL_SERVER_ERROR';

/** Returns the code of an error that the caller receives, masked or not. */
export const codeOf = (error: unknown): string => {
  const at = error instanceof GraphQLError ? error : undefined;
  const cause = at ? (at.originalError ?? undefined) : error;
  if (cause instanceof UpstreamError) return String(extensionsOf(cause)['code']);
  if (!at || (cause !== undefined && !(cause instanceof GraphQLError))) return unforeseen;
  return typeof at.extensions['code'] === 'string' ? at.extensions['code'] : 'BAD_USER_INPUT';
};

/** The ids of the request in which an error occurred, for the log. */
interface RequestIds {
  readonly requestId: string;
  readonly traceId: string;
}

/** Returns what a caller receives of an error. */
export type MaskError = (error: unknown, request?: RequestIds) => GraphQLError;

/**
 * Creates the function that determines what a caller receives of an error.
 *
 * A failed call to an upstream gets its code. An error of GraphQL itself, which is about the caller's own document, is
 * unchanged. Anything else is logged and reported as unexpected.
 */
export const createErrorMasking =
  (log: Log, redactor: Redactor): MaskError =>
  (error, request) => {
    const at = error instanceof GraphQLError ? error : undefined;
    const cause = at ? (at.originalError ?? undefined) : error;
    const place = { nodes: at?.nodes ?? null, path: at?.path ?? null };
    if (cause instanceof UpstreamError) {
      const extensions = extensionsOf(cause);
      return withoutStack(() => new GraphQLError(cause.message, { ...place, extensions }));
    }
    if (at && (cause === undefined || cause instanceof GraphQLError)) return at;
    const errorId = randomUUID();
    const ids = request && { requestId: request.requestId, traceId: request.traceId };
    log.error({ errorId, ...ids, path: at?.path, ...traceOf(cause, redactor) }, 'unexpected error');
    const extensions = { code: unforeseen, errorId };
    return new GraphQLError(`Unexpected error, logged as ${errorId}.`, { ...place, extensions });
  };
