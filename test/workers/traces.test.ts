import { describe, expect, it } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { ask, startWorkers, type Workers } from '../support/workers.ts';

const reloaded = /"msg":"(all workers were replaced)"/;

const stop = async (gateway: Workers): Promise<void> => {
  gateway.process.kill('SIGTERM');
  await gateway.ended;
};

/** Each new connection goes to the next worker. */
const askBoth = async (gateway: Workers): Promise<void> => {
  for (let n = 0; n < 2; n += 1) await ask(gateway, { query: '{ __typename }' });
};

describe('service.instance.id', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['by default', {}, /^worker-([12])-[\da-f-]{36}$/],
    [
      'if the environment gives one to all',
      { OTEL_RESOURCE_ATTRIBUTES: 'service.instance.id=pod-7' },
      /^pod-7-worker-([12])-[\da-f-]{36}$/,
    ],
  ])('differs between workers, their successors and replicas %s', async (_, env, form) => {
    const collector = await startCollector();
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      ...env,
    };
    const [first, second] = [await startWorkers(null, traced), await startWorkers(null, traced)];
    await askBoth(first);
    await askBoth(second);
    first.process.kill('SIGHUP');
    await first.line(reloaded);
    await askBoth(first);
    await stop(first);
    await stop(second);
    const ids = new Set(collector.resources().map((resource) => String(resource['service.instance.id'])));
    const numbers = [...ids].map((id) => form.exec(id)?.[1]);
    expect(numbers.sort()).toEqual(['1', '1', '1', '2', '2', '2']);
  });
});
