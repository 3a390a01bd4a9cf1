import { serverAudits } from 'graphql-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/http/server.ts';
import { startGateway } from './support/gateway.ts';

const startServer = async () => {
  const { gateway, metrics } = await startGateway({ scollect: null, recoveryConnect: null });
  const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    const stopped = server.stop();
    server.cut();
    await stopped;
  });
  /** The number of queries that were executed directly, without graphql-yoga. */
  const countDirect = async (): Promise<number> => {
    const [, count] = /^recollect_fast_path_queries_total (\d+)$/m.exec(await metrics.read()) ?? [];
    return Number(count ?? Number.NaN);
  };
  return { url: `http://127.0.0.1:${server.address.port}/graphql`, countDirect };
};

let url = '';
const audits = serverAudits({ url: () => url });
const each = audits.map((audit) => [audit.name, audit] as const);

type Audit = (typeof audits)[number];

const resultOf = async (audit: Audit): Promise<readonly unknown[]> => {
  const result = await audit.fn();
  return [result.status, 'reason' in result ? result.reason : undefined];
};

describe('GraphQL over HTTP', () => {
  it('has more than fifty audits', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  // All that a server must, should and may do: nothing of it is left out here.
  it.each(each)('%s: the first request', async (_, audit) => {
    ({ url } = await startServer());
    expect(await resultOf(audit)).toEqual(['ok', undefined]);
  });

  it('every audit: repeated requests, of which those for known queries are executed directly', async () => {
    const server = await startServer();
    ({ url } = server);
    const results = new Map<string, readonly unknown[]>();
    for (let round = 0; round < 3; round += 1) {
      for (const [name, audit] of each) results.set(`${name}, round ${round}`, await resultOf(audit));
    }
    expect([...results].filter(([, [status]]) => status !== 'ok')).toEqual([]);
    expect(results.size).toBe(3 * audits.length);
    expect(await server.countDirect()).toBeGreaterThan(audits.length / 2);
  });
});
