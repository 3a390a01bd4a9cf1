import { randomBytes } from 'node:crypto';
import { traceparentOf } from '../telemetry/tracing/trace-context.ts';
import type { Span, SpanAttributes, TracedRequest } from '../telemetry/tracing/tracing.ts';
import type { CallOptions } from '../upstreams/client/client.ts';
import { isFailure, type VerdictName } from '../upstreams/client/verdict-name.ts';
import type { Endpoint } from '../upstreams/endpoint/endpoint.ts';

type OnCall = NonNullable<CallOptions['onCall']>;
type OnEnd = ReturnType<OnCall>;

/** The spans that the calls of a request belong to. */
export interface CallParent extends TracedRequest {
  /** `undefined` if the request is not sampled. */
  readonly span?: Span | undefined;
  /** The span of the operation, once it has begun. */
  readonly operationSpan?: Span | undefined;
}

const failureOf = (status: number | null, verdict: VerdictName | undefined): string | undefined => {
  if (status === null) return 'no_response';
  if (status >= 400) return String(status);
  return verdict && isFailure(verdict) ? verdict : undefined;
};

/** The path is the template: a filled one may contain an SSN. */
const attributesOf = (
  { system, operation, method, path }: Endpoint,
  isShared: boolean,
  resends: number,
): SpanAttributes => ({
  'http.request.method': method,
  'url.template': path,
  'recollect.upstream': system,
  'recollect.upstream.operation': operation,
  ...(isShared && { 'recollect.upstream.joined': true }),
  ...(resends > 0 && { 'http.request.resend_count': resends }),
});

/** The wait for a list is reported after each of its pages: the span ends with the first. */
const endOf =
  (span: Span): OnEnd =>
  (status, verdict) => {
    if (status !== null) span.add({ 'http.response.status_code': status });
    if (verdict) span.add({ 'recollect.upstream.verdict': verdict });
    span.end(failureOf(status, verdict));
  };

const headersOf = ({ traceId, trace }: CallParent, span: Span | undefined): string[] => {
  const { isSampled = false, state } = trace ?? {};
  const id = span?.id ?? { traceId, spanId: randomBytes(8).toString('hex'), isSampled };
  const headers = ['traceparent', traceparentOf(id)];
  return state === undefined ? headers : [...headers, 'tracestate', state];
};

/**
 * Creates the function that records the upstream calls of a request as spans, and adds `traceparent` to them; `undefined`
 * if there is nothing to do.
 *
 * @param isForwarded whether upstreams receive `traceparent`.
 */
export const createCallSpans = (request: CallParent, isForwarded: boolean): OnCall | undefined => {
  if (!request.span && !isForwarded) return undefined;
  return (endpoint, isShared, resends = 0) => {
    const parent = request.operationSpan ?? request.span;
    const { method, path } = endpoint;
    const span = parent?.child(`${method} ${path}`, 'client', attributesOf(endpoint, isShared, resends));
    const end: OnEnd = span ? endOf(span) : () => {};
    return isForwarded && !isShared ? Object.assign(end, { headers: headersOf(request, span) }) : end;
  };
};

/** Returns one listener for two, each of which may be missing. */
export const bothOf = (one: OnEnd | undefined, other: OnEnd | undefined): OnEnd => {
  if (!one || !other) return one ?? other ?? (() => {});
  const end: OnEnd = (status, verdict) => {
    one(status, verdict);
    other(status, verdict);
  };
  return other.headers ? Object.assign(end, { headers: other.headers }) : end;
};
