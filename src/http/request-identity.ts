import { randomUUID } from 'node:crypto';
import { isForwarded, type RequestHeaders } from '../auth/client-address.ts';
import type { Redactor } from '../telemetry/redaction/redact.ts';
import { isShownRequestId } from '../telemetry/redaction/request-ids.ts';
import { readTraceContext, type TraceContext } from '../telemetry/tracing/trace-context.ts';

/** The ids of a request. */
export interface RequestIdentity {
  readonly requestId: string;
  /** The trace that the request belongs to; `undefined` if it begins one. */
  readonly trace: TraceContext | undefined;
}

/** Returns the ids of a request by its headers. */
export type IdentityOf = (headers: RequestHeaders) => RequestIdentity;

/** An id that the client cannot choose: with an id of its own it could hide behind another's log lines. */
const ownIdentity = (): RequestIdentity => ({ requestId: randomUUID(), trace: undefined });

/**
 * Creates a function that determines the ids of a request. `x-request-id` and `traceparent` are accepted of requests that
 * came through the trusted proxies, which set them or remove those of clients.
 *
 * @param hops the number of trusted proxies.
 */
export const createIdentityOf = (hops: number, redactor: Redactor): IdentityOf => {
  if (hops === 0) return ownIdentity;
  return (headers) => {
    if (!isForwarded(headers, hops)) return ownIdentity();
    const requestId = headers.get('x-request-id');
    return {
      requestId: requestId !== null && isShownRequestId(requestId, redactor) ? requestId : randomUUID(),
      trace: readTraceContext(headers.get('traceparent'), headers.get('tracestate')),
    };
  };
};
