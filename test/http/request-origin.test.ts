import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noTrail } from '../../src/audit/audit-trail.ts';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { startGateway } from '../support/gateway.ts';

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('x-request-id', () => {
  it.each([200, 401, 404])('is an id of its own for each request (%i)', async (status) => {
    const authenticate = () => {
      throw new UnauthenticatedError('No.');
    };
    const { gateway } = await startGateway({ access: status === 401 ? { authenticate } : {} });
    const url = status === 404 ? 'http://gateway/nothing' : 'http://gateway/graphql?query={__typename}';
    const ids = new Set<string | null>();
    for (let asked = 0; asked < 2; asked += 1) {
      const response = await gateway.fetch(url, { headers: { 'x-request-id': 'mine' } });
      expect(response.status).toBe(status);
      expect(response.headers.get('x-request-id')).toMatch(uuid);
      ids.add(response.headers.get('x-request-id'));
    }
    expect(ids.size).toBe(2);
  });
});

describe("the client's address", () => {
  it('is that of the connection, and counts by it', async () => {
    const rateLimits = { perCaller: null, perAddress: 1, failuresPerAddress: null };
    const { gateway } = await startGateway({ access: { rateLimits } });
    const server = createServer(gateway.handle).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = (forwarded: string) =>
      fetch(`http://127.0.0.1:${port}/graphql?query={__typename}`, {
        headers: { 'x-forwarded-for': forwarded },
      });
    expect((await ask('198.51.100.1')).status).toBe(200);
    expect((await ask('198.51.100.2')).status).toBe(429);
    const from = await gateway.fetch('http://gateway/graphql?query={__typename}');
    expect(from.status).toBe(200);
  });
});

describe('authentication that fails in a way that nobody foresaw', () => {
  it('tells no more than that, and nothing of where', async () => {
    const authenticate = () => {
      throw new Error('SECRET at /home/somebody');
    };
    const { gateway, calls } = await startGateway({ access: { authenticate } });
    const response = await gateway.fetch('http://gateway/graphql?query={portfolios{name}}');
    const text = await response.text();
    expect([response.status, calls()]).toEqual([500, []]);
    expect(text).not.toMatch(/SECRET|\/home|\.ts|node_modules/);
    expect(JSON.parse(text).errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });
});

describe('an unexpected error while the response is made', () => {
  it.each([
    ['graphql-yoga', 0],
    ['the handler', 1],
  ])('is reported without its text, if %s executes the operation', async (_, preceding) => {
    let fails = false;
    const writeBatched = async (): Promise<void> => {
      if (fails) throw new Error('SECRET at /home/somebody');
    };
    const { gateway, lives, metrics } = await startGateway({ audit: { ...noTrail, writeBatched } });
    const send = () => gateway.fetch('http://gateway/graphql?query={__typename}');
    for (let times = 0; times < preceding; times += 1) await send();
    fails = true;
    const response = await send();
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/SECRET|\/home|\.ts|node_modules/);
    expect(JSON.parse(text).errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
    expect(response.headers.get('x-request-id')).toMatch(uuid);
    expect(await metrics.read()).toContain('refusals_total{reason="internal_error"} 1');
    expect(lives.count()).toBe(0);
  });
});
