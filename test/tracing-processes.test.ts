import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCollector } from './support/collector.ts';
import { packagesIn } from './support/loaded-packages.ts';
import { type Running, run } from './support/process.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const query = '{ account(fileNumber: "R1001") { status phones { number } } }';

const start = async (env: Record<string, string> = {}) => {
  const gateway = run('main.js', {
    PORT: '0',
    STORE_URL: `file:${join(temporaryFolder(), 'gateway.db')}`,
    ...env,
  });
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  const ask = async (): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    await response.text();
    return response.status;
  };
  return { gateway, ask };
};

const stop = async ({ process, ended }: Running) => {
  process.kill('SIGTERM');
  return ended;
};

/** The packages of OpenTelemetry that a process loaded. prom-client uses the API, which records nothing by itself. */
const openTelemetryIn = (coverage: string): string[] =>
  packagesIn(coverage).filter((name) => name.startsWith('@opentelemetry/') && name !== '@opentelemetry/api');

describe('OpenTelemetry', () => {
  it.each<[string, Record<string, string>]>([
    ['without an endpoint', {}],
    ['if it is disabled', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }],
  ])('is not loaded %s', async (_, env) => {
    const coverage = temporaryFolder();
    const { gateway, ask } = await start({ NODE_V8_COVERAGE: coverage, ...env });
    expect(await ask()).toBe(200);
    await stop(gateway);
    expect(openTelemetryIn(coverage)).toEqual([]);
  });

  it.each(['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'])(
    'is loaded with %s',
    async (name) => {
      const coverage = temporaryFolder();
      const { url } = await startCollector();
      const { gateway } = await start({ NODE_V8_COVERAGE: coverage, [name]: url });
      await stop(gateway);
      expect(openTelemetryIn(coverage)).toContain('@opentelemetry/sdk-trace-base');
    },
  );
});

describe('a gateway that stops', () => {
  it('exports the last traces before it ends', async () => {
    const collector = await startCollector();
    const { gateway, ask } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    expect(await ask()).toBe(200);
    expect(collector.received).toEqual([]);
    const { code, stdout, stderr } = await stop(gateway);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/"msg":"stopped"\}\n$/);
    expect(collector.spans().map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /graphql', 'query', 'GET /getaccount/{filenumber}']),
    );
    const [request] = collector.spans().filter(({ kind }) => kind === 'server');
    expect(stdout).toContain(`"traceId":"${request?.traceId}"`);
  });

  it.each([
    ['is down', undefined],
    ['is silent', { isSilent: true }],
  ])('ends in good order although the collector %s', async (_, options) => {
    const url = options ? (await startCollector(options)).url : 'http://127.0.0.1:1';
    const { gateway, ask } = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20swordfish',
      OTEL_BSP_SCHEDULE_DELAY: '10',
      SHUTDOWN_TIMEOUT_MS: '5000',
    });
    for (let times = 0; times < 20; times += 1) expect(await ask()).toBe(200);
    const { code, stdout, stderr } = await stop(gateway);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/"msg":"stopped"\}\n$/);
    expect(stdout).not.toMatch(/swordfish|stopped before all was done/);
  });
});
