import type { SpanId, TraceContext } from './trace-context.ts';

/** Values of attributes: names, numbers and codes of the gateway, never a value of a client or an upstream. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A recorded part of a request. Spans of requests that are not sampled do not exist. */
export interface Span {
  readonly id: SpanId;
  /** Begins a part of this span: `client` for a call to another system. */
  child(name: string, kind: 'internal' | 'client', attributes: SpanAttributes): Span;
  add(attributes: SpanAttributes): void;
  /**
   * Ends the span; later ends and attributes have no effect.
   *
   * @param failure the low-cardinality name of an error, if the span ended with one.
   */
  end(failure?: string): void;
}

/** A request as far as its trace is concerned. */
export interface TracedRequest {
  readonly traceId: string;
  /** The position in the trace of the caller; `undefined` if the request begins a trace. */
  readonly trace: TraceContext | undefined;
}

/** Records requests as traces. */
export interface Tracing {
  /** Whether the upstreams receive `traceparent`. */
  readonly isForwarded: boolean;
  /** Whether requests are recorded at all. */
  readonly isRecording: boolean;
  /** Begins the span of a request; `undefined` if it is not sampled. */
  begin(request: TracedRequest, name: string, attributes: SpanAttributes): Span | undefined;
  /**
   * Exports the spans that are left, and ends.
   *
   * @param milliseconds the maximum time for it.
   * @returns whether the exporter has ended by then.
   */
  close(milliseconds: number): Promise<boolean>;
}

/** Creates a tracing that records nothing. */
export const createUnrecorded = (isForwarded = false): Tracing => ({
  isForwarded,
  isRecording: false,
  begin: () => undefined,
  close: () => Promise.resolve(true),
});
