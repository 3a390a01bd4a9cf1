import { onTestFinished, vi } from 'vitest';
import { openTracing } from '../../src/telemetry/tracing/open-tracing.ts';
import { startCollector } from './collector.ts';
import { silentLog, startGateway } from './gateway.ts';

type GatewayOptions = NonNullable<Parameters<typeof startGateway>[0]>;

/** A gateway whose traces are exported to a collector. */
export const startTraced = async (
  options: GatewayOptions & { readonly isForwarded?: boolean } = {},
  variables: Readonly<Record<string, string>> = {},
) => {
  const collector = await startCollector();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { isForwarded = false, ...rest } = options;
  const tracing = await openTracing({ protocol: 'http/json', isForwarded }, rest.log ?? silentLog);
  const gateway = await startGateway({ ...rest, tracing });
  return {
    ...gateway,
    collector,
    /** Exports all spans so far, of which there are no more. */
    end: async () => {
      await tracing.close(10_000);
      return collector.spans();
    },
  };
};
