import { expect, onTestFinished, vi } from 'vitest';
import { serve } from '../../src/http/server.ts';
import type { Scope } from '../../src/operation/caller.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { startGateway } from '../support/gateway.ts';
import type { Running, Sent } from './journeys/running.ts';

interface Options {
  readonly scopes?: readonly Scope[];
  readonly access?: NonNullable<Parameters<typeof startGateway>[0]>['access'];
}

const noteSent = (): Sent[] => {
  const sent: Sent[] = [];
  const original = globalThis.fetch;
  vi.stubGlobal('fetch', (input: string | URL | Request, init: RequestInit = {}) => {
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : {};
    sent.push({ method: init.method ?? 'GET', body: body as Sent['body'] });
    return original(input, init);
  });
  onTestFinished(() => {
    vi.unstubAllGlobals();
  });
  return sent;
};

export const startRunning = async ({ scopes, access }: Options = {}): Promise<Running> => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const { gateway, query } = await startGateway({
    sandbox,
    ...(scopes && { scopes }),
    ...(access && { access }),
  });
  let isNextLost = false;
  const handle: typeof gateway.handle = (request, response) => {
    if (isNextLost) {
      isNextLost = false;
      response.write = () => true;
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    return gateway.handle(request, response);
  };
  const server = await serve(handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.cut());
  return {
    url: `http://127.0.0.1:${server.address.port}/graphql`,
    failNotes: () => sandbox.faults.set([{ operation: 'getnotes', fault: 'wrong-types' }]),
    slowNotes: () => sandbox.faults.set([{ operation: 'getnotes', fault: 'delay', milliseconds: 1500 }]),
    ssn: scopes?.includes('pii:read') ? /^9\d\d-\d\d-1077$/ : /^\*{3}-\*{2}-1077$/,
    sent: noteSent(),
    loseNextResponse: () => {
      isNextLost = true;
    },
    ask: async (document, variables) => {
      const { data, errors } = await query(document, variables);
      expect(errors).toBeUndefined();
      return data;
    },
  };
};
