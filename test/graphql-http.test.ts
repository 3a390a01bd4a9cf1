import { serverAudits } from 'graphql-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/http/server.ts';
import { startGateway } from './support/gateway.ts';

const startServer = async (): Promise<string> => {
  const { gateway } = await startGateway({ scollect: null, recoveryConnect: null });
  const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(async () => {
    const stopped = server.stop();
    server.cut();
    await stopped;
  });
  return `http://127.0.0.1:${server.address.port}/graphql`;
};

let url = '';
const audits = serverAudits({ url: () => url });

describe('GraphQL over HTTP', () => {
  it('asks for more than a few things', () => {
    expect(audits.length).toBeGreaterThan(50);
  });

  // All that a server must, should and may do: nothing of it is left out here.
  it.each(audits.map((audit) => [audit.name, audit] as const))('%s', async (_, audit) => {
    url = await startServer();
    const result = await audit.fn();
    expect([result.status, 'reason' in result ? result.reason : undefined]).toEqual(['ok', undefined]);
  });
});
