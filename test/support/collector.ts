import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** A span as it was exported. */
export interface ExportedSpan {
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'other';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly isError: boolean;
  readonly milliseconds: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly boolValue?: boolean;
  readonly arrayValue?: { readonly values: readonly OtlpValue[] };
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: OtlpValue;
}

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly attributes: readonly OtlpAttribute[];
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

const kinds = ['other', 'internal', 'server', 'client'] as const;

const otlpValue = ({ stringValue, intValue, boolValue, arrayValue }: OtlpValue): unknown =>
  stringValue ?? boolValue ?? (arrayValue ? arrayValue.values.map(otlpValue) : Number(intValue));

const attributesOf = (attributes: readonly OtlpAttribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, otlpValue(value)]));

const spanOf = (span: OtlpSpan): ExportedSpan => ({
  name: span.name,
  kind: kinds[span.kind] ?? 'other',
  traceId: span.traceId,
  spanId: span.spanId,
  parentId: span.parentSpanId || undefined,
  isError: span.status.code === 2,
  milliseconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
  attributes: attributesOf(span.attributes),
});

export interface CollectorOptions {
  /** The status of its responses; 200 by default. */
  readonly status?: number;
  /** Receives requests, and responds to none. */
  readonly isSilent?: boolean;
}

/** Starts a collector of traces, which receives OTLP over HTTP. */
export const startCollector = async ({ status = 200, isSilent = false }: CollectorOptions = {}) => {
  const received: {
    readonly path: string;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: Buffer;
  }[] = [];
  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    received.push({ path, headers, body: await buffer(request) });
    if (!isSilent) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const requests = () => received.map(({ body }) => JSON.parse(body.toString()) as OtlpRequest);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    /** All exported bytes so far, without random ids and times, which have digits of their own. */
    text: (): string =>
      received
        .map(({ path, headers, body }) => `${path}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`)
        .join('\n')
        .replace(
          /"(?:traceId|spanId|parentSpanId)":"[\da-f]{16,32}"|"(?:start|end)TimeUnixNano":"\d{19}"/g,
          '""',
        ),
    /** The resources of exports in JSON. */
    resources: () =>
      requests().flatMap(({ resourceSpans }) =>
        resourceSpans.map(({ resource }) => attributesOf(resource.attributes)),
      ),
    /** The spans of exports in JSON, in the order of their ends. */
    spans: (): ExportedSpan[] =>
      requests().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(spanOf))),
      ),
  };
};
