import { randomUUID } from 'node:crypto';
import type { AddressOf, RequestHeaders } from '../auth/client-address.ts';
import type { Caller } from '../operation/caller.ts';
import type { MeasuredRequest, RequestOutcome, RequestType } from '../telemetry/metrics/request-metrics.ts';
import type { TraceContext } from '../telemetry/tracing/trace-context.ts';
import type { Span } from '../telemetry/tracing/tracing.ts';
import {
  type JsonResponseType,
  jsonResponseTypeFor,
  type PartsFormat,
  partsFormatFor,
} from './media-types.ts';
import type { Parameters } from './parameters.ts';
import type { Body } from './request-body.ts';
import type { IdentityOf } from './request-identity.ts';
import { isGraphQLPath, type Route } from './routes.ts';

/** A request as its transport delivers it. */
export interface TransportRequest {
  readonly method: string;
  /** The target in the first line: a path with its query, or a whole address. */
  readonly target: string;
  readonly headers: RequestHeaders;
  /** Header lines of the request. */
  readonly headerCount: number;
  /** The header `Host`. */
  readonly host: string | undefined;
  readonly httpVersion: string;
  /** The remote address of the connection. */
  readonly socketAddress: string | undefined;
  /** Reads the body; at most once. */
  readBody(maxBytes: number): Promise<Body>;
  /** Calls a function if the client disconnects before its response is sent. Returns a function that ends that. */
  onLeave(listener: () => void): () => void;
}

/** The address of RFC 9112, 3.2.2, as clients send it to proxies. */
const absolute = /^https?:\/\/([^/?#]*)(.*)$/is;

/** A host and a target without it: the host of an absolute target replaces the header's. */
const splitTarget = ({
  target,
  host,
}: TransportRequest): { readonly host: string | undefined; readonly target: string } => {
  if (target.startsWith('/')) return { host, target };
  const [isAbsolute, authority = '', rest = ''] = absolute.exec(target) ?? [];
  if (isAbsolute === undefined) return { host, target };
  return { host: authority, target: rest.startsWith('/') ? rest : `/${rest}` };
};

/** A request from its arrival until its response. Guards add what they find out. */
export class IncomingRequest implements MeasuredRequest {
  /** The id of the request in the log, the audit trail and the response. */
  readonly requestId: string;
  /** The trace of the caller that the request belongs to; `undefined` if it begins one. */
  readonly trace: TraceContext | undefined;
  readonly time = new Date();
  /** The time of arrival by the monotonic clock. */
  readonly begin = performance.now();
  readonly transport: TransportRequest;
  readonly method: string;
  readonly headers: RequestHeaders;
  /** The host and port that the client requested; `undefined` in HTTP/1.0 without a header. */
  readonly host: string | undefined;
  readonly path: string;
  /** What follows the `?`. */
  readonly search: string;
  /** The address of the client, as trusted proxies report it. */
  readonly address: string;
  route: Route = 'other';
  /** The caller, once it is authenticated. */
  caller: Caller | undefined;
  /** The body, once it is read. */
  body: Buffer | undefined;
  parameters: Parameters | undefined;
  /** The text of the document, once it is known. */
  document: string | undefined;
  /** Whether the document is one of the trusted documents, requested by its id: its name is not the client's. */
  isTrusted = false;
  type: RequestType = 'other';
  /** As long as nothing is executed, and nothing failed. */
  outcome: RequestOutcome = 'refused';
  trustedOperation: string | undefined;
  /** The span of the request; `undefined` if it is not sampled. */
  span: Span | undefined;
  operationSpan: Span | undefined;
  /** Whether the client disconnected before its body was complete. */
  isAborted = false;
  #mediaType: JsonResponseType | null | undefined;
  #searchParameters: URLSearchParams | undefined;
  #traceId: string | undefined;

  constructor(transport: TransportRequest, addressOf: AddressOf, identityOf: IdentityOf) {
    const { requestId, trace } = identityOf(transport.headers);
    this.requestId = requestId;
    this.trace = trace;
    this.transport = transport;
    this.method = transport.method;
    this.headers = transport.headers;
    const { host, target } = splitTarget(transport);
    this.host = host;
    const end = target.indexOf('?');
    this.path = end < 0 ? target : target.slice(0, end);
    this.search = end < 0 ? '' : target.slice(end + 1);
    this.address = addressOf(this, transport.socketAddress);
  }

  /** The id of the trace. A new trace has the digits of a random UUID. */
  get traceId(): string {
    this.#traceId ??= this.trace?.traceId ?? randomUUID().replaceAll('-', '');
    return this.#traceId;
  }

  /** The address of the gateway as the client knows it. It is valid if the guard of the head admitted the request. */
  get url(): string {
    return `http://${this.host ?? 'localhost'}/`;
  }

  /** Whether the request is for an operation, or GraphiQL's page. */
  get isForGraphQL(): boolean {
    return isGraphQLPath(this.path);
  }

  /** The parameters in the address. */
  get searchParameters(): URLSearchParams {
    this.#searchParameters ??= new URLSearchParams(this.search);
    return this.#searchParameters;
  }

  /** The media type of a result; `undefined` if the client accepts no JSON. */
  get mediaType(): JsonResponseType | undefined {
    this.#mediaType ??= jsonResponseTypeFor(this.headers.get('accept')) ?? null;
    return this.#mediaType ?? undefined;
  }

  /** How a response can come in parts; `undefined` if the client does not name such a form, or prefers JSON. */
  get partsFormat(): PartsFormat | undefined {
    return partsFormatFor(this.headers.get('accept'));
  }

  /** How a response is sent that comes at once. */
  get responseFormat(): JsonResponseType | PartsFormat {
    const format = this.mediaType ?? this.partsFormat;
    if (!format) throw new Error('Expected a request whose `Accept` was checked.');
    return format;
  }
}
