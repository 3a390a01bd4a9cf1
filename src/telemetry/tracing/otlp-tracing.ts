import { randomUUID } from 'node:crypto';
import {
  type Span as ApiSpan,
  type Attributes,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import type { Log } from '../log.ts';
import type { SpanId } from './trace-context.ts';
import type { Span, SpanAttributes, TracedRequest, Tracing } from './tracing.ts';

export interface OtlpOptions {
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly isForwarded: boolean;
  readonly log: Log;
  /** The number of this process among those that serve the port. */
  readonly worker?: number | undefined;
}

const logIntervalMs = 60_000;

/** An HTTP status or an error code of Node in a message of the SDK. */
const codeIn = (message: string): string | undefined =>
  /"code":"?([A-Z][A-Z_]{2,30}|\d{3})"?/.exec(message)?.[1];

/**
 * Logs problems of the SDK: names of invalid variables at its start, then failed exports, once a minute. The SDK's own
 * messages contain the address of the collector, and what it returned.
 */
const reportProblems = (log: Log): { readonly started: () => void } => {
  let isStarting = true;
  let failures = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;
  const report = (message: unknown): void => {
    const text = String(message);
    if (isStarting) {
      const [variable] = /OTEL_[A-Z_]{1,60}/.exec(text) ?? [];
      log.warn({ variable }, 'a variable of OpenTelemetry cannot be used');
      return;
    }
    failures += 1;
    if (performance.now() - loggedAt < logIntervalMs) return;
    log.warn({ code: codeIn(text), failures }, 'traces cannot be exported');
    loggedAt = performance.now();
    failures = 0;
  };
  const ignore = (): void => {};
  // The detector of resources reports an invalid variable at this level.
  const reportDetector = (message: unknown): void => {
    if (/^EnvDetector failed/.test(String(message))) report(message);
  };
  const listen = (logLevel: DiagLogLevel): void => {
    const logger = { error: report, warn: report, info: ignore, debug: reportDetector, verbose: ignore };
    diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
  };
  listen(DiagLogLevel.DEBUG);
  return {
    started: () => {
      isStarting = false;
      listen(DiagLogLevel.WARN);
    },
  };
};

const exporterFor = async (protocol: OtlpOptions['protocol']): Promise<SpanExporter> => {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
};

const kinds = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT } as const;

/** The SDK copies attributes, and does not change them. */
const attributesOf = (attributes: SpanAttributes): Attributes => attributes as Attributes;

class RecordedSpan implements Span {
  readonly #span: ApiSpan;
  readonly #tracer: Tracer;

  constructor(span: ApiSpan, tracer: Tracer) {
    this.#span = span;
    this.#tracer = tracer;
  }

  get id(): SpanId {
    const { traceId, spanId } = this.#span.spanContext();
    return { traceId, spanId, isSampled: true };
  }

  child(name: string, kind: 'internal' | 'client', attributes: SpanAttributes): Span {
    const context = trace.setSpan(ROOT_CONTEXT, this.#span);
    const options = { kind: kinds[kind], attributes: attributesOf(attributes) };
    return new RecordedSpan(this.#tracer.startSpan(name, options, context), this.#tracer);
  }

  add(attributes: SpanAttributes): void {
    if (this.#span.isRecording()) this.#span.setAttributes(attributesOf(attributes));
  }

  end(failure?: string): void {
    if (!this.#span.isRecording()) return;
    if (failure !== undefined) {
      this.#span.setAttribute('error.type', failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end();
  }
}

/** Gives new traces the ids that their requests have in the log. */
class GivenTraceIds extends RandomIdGenerator {
  given = '';
  override generateTraceId = (): string => this.given;
}

/** The context of a caller's span. Its `tracestate` may hold any text, and is not exported. */
const contextOf = ({ trace: caller }: TracedRequest) => {
  if (!caller) return ROOT_CONTEXT;
  const { traceId, parentId: spanId, isSampled } = caller;
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};

const end = async (provider: BasicTracerProvider): Promise<true> => {
  try {
    await provider.shutdown();
  } catch {
    // The last spans are lost.
  }
  return true;
};

const within = async (milliseconds: number, ended: Promise<true>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const hasEnded = await Promise.race([ended, late]);
  clearTimeout(timer);
  return hasEnded;
};

const instanceId = 'service.instance.id';

/**
 * Returns the id of this process. All workers inherit the one that the environment may give, so theirs have something
 * of their own: the number, and since a worker and the one that replaces it run at the same time, a random part.
 */
const instanceOf = (worker: number | undefined, given: unknown): string => {
  const own = typeof given === 'string' && given !== '' ? given : undefined;
  if (worker === undefined) return own ?? randomUUID();
  const ofWorker = `worker-${worker}-${randomUUID()}`;
  return own === undefined ? ofWorker : `${own}-${ofWorker}`;
};

/** Opens the tracing with an exporter. OpenTelemetry's variables determine its address, sampling and queue. */
export const openOtlpTracing = async ({
  protocol,
  isForwarded,
  log,
  worker,
}: OtlpOptions): Promise<Tracing> => {
  const problems = reportProblems(log);
  const given = detectResources({ detectors: [envDetector] });
  const instance = instanceOf(worker, given.attributes[instanceId]);
  const idGenerator = new GivenTraceIds();
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'recollect' }))
      .merge(given)
      .merge(resourceFromAttributes({ [instanceId]: instance })),
    idGenerator,
    spanProcessors: [new BatchSpanProcessor(await exporterFor(protocol))],
  });
  const tracer = provider.getTracer('recollect');
  problems.started();
  return {
    isForwarded,
    isRecording: true,
    begin: (request, name, attributes) => {
      idGenerator.given = request.traceId;
      const options = { kind: SpanKind.SERVER, attributes: attributesOf(attributes) };
      const span = tracer.startSpan(name, options, contextOf(request));
      return span.isRecording() ? new RecordedSpan(span, tracer) : undefined;
    },
    close: (milliseconds) => within(milliseconds, end(provider)),
  };
};
