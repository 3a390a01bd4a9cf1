import type { Log } from '../log.ts';
import { createUnrecorded, type Tracing } from './tracing.ts';

/** Protocols of OTLP over HTTP. */
export const otlpProtocols = ['http/protobuf', 'http/json'] as const;

export interface TracingSettings {
  /** The protocol of the exporter; `null` if nothing is exported. The SDK reads everything else from the environment. */
  readonly protocol: (typeof otlpProtocols)[number] | null;
  /** Whether the upstreams receive `traceparent`. */
  readonly isForwarded: boolean;
}

/**
 * Opens the tracing. OpenTelemetry is loaded only if traces are exported.
 *
 * @param worker the number of this process among those that serve the port; `undefined` for the only one.
 */
export const openTracing = async (
  { protocol, isForwarded }: TracingSettings,
  log: Log,
  worker?: number | undefined,
): Promise<Tracing> => {
  if (protocol === null) return createUnrecorded(isForwarded);
  const { openOtlpTracing } = await import('./otlp-tracing.ts');
  return openOtlpTracing({ protocol, isForwarded, log, worker });
};
