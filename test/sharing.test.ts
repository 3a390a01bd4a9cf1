import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startGateway } from './support/gateway.ts';
import { type Answer, jwt, startUpstream } from './support/upstream.ts';

const document = '{ account(fileNumber: "R1001") { fileNumber client phones { number } } }';

const bearerOf = (apiKey: string): string => `Bearer ${jwt({ iat: 0, exp: 900, apiKey })}`;

const success = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });

/** A Scollect that gives each API key a token and an account of its own, and takes its time for all but log-ins. */
const startScollect = () =>
  startUpstream(async ({ path, headers, body }) => {
    if (path === '/login') {
      const { apikey: apiKey } = body as { apikey: string };
      return success({ access_token: jwt({ iat: 0, exp: 900, apiKey }) });
    }
    await setTimeout(200);
    if (path.startsWith('/getphones/')) return success([]);
    return success([{ filenumber: 'R1001', clientname: `client of ${headers['authorization']}` }]);
  });

describe('equal requests at one moment', () => {
  it('share their calls', async () => {
    const scollect = await startScollect();
    const { query } = await startGateway({ scollect });
    const replies = await Promise.all(Array.from({ length: 20 }, () => query(document)));
    const account = { fileNumber: 'R1001', client: `client of ${bearerOf('key')}`, phones: [] };
    expect(replies).toEqual(Array(20).fill({ status: 200, data: { account } }));
    expect(scollect.calls()).toEqual(['/getaccount/R1001', '/getphones/R1001']);
  });

  it('of two credentials share nothing with each other', async () => {
    const scollect = await startScollect();
    const { query } = await startGateway({ scollect, apiKeys: { ann: 'key of Ann', bob: 'key of Bob' } });
    const callers = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'ann' : 'bob'));
    const replies = await Promise.all(callers.map((caller) => query(document, {}, { 'x-caller': caller })));
    const [ofAnn, ofBob] = [bearerOf('key of Ann'), bearerOf('key of Bob')];
    expect(replies.map(({ data }) => data.account.client)).toEqual(
      callers.map((caller) => `client of ${caller === 'ann' ? ofAnn : ofBob}`),
    );
    const sent = (path: string) =>
      scollect.received.filter((one) => one.path === path).map(({ headers }) => headers['authorization']);
    expect(sent('/getaccount/R1001').sort()).toEqual([ofAnn, ofBob].sort());
    expect(sent('/getphones/R1001').sort()).toEqual([ofAnn, ofBob].sort());
    expect(sent('/login')).toHaveLength(2);
  });

  it('fail together, each at its own path, and the next one calls again', async () => {
    let calls = 0;
    const scollect = await startUpstream(async ({ path }) => {
      if (path === '/login') return success({ access_token: jwt({}) });
      calls += 1;
      if (calls > 1) return success([{ filenumber: 'R1001' }]);
      await setTimeout(200);
      return { status: 500, html: 'no' };
    });
    const { query } = await startGateway({ scollect });
    const ask = (alias: string) => query(`{ ${alias}: account(fileNumber: "R1001") { fileNumber } }`);
    const aliases = Array.from({ length: 20 }, (_, n) => `a${n}`);
    const replies = await Promise.all(aliases.map(ask));
    expect(replies).toMatchObject(
      aliases.map((alias) => ({
        data: { [alias]: null },
        errors: [{ path: [alias], extensions: { code: 'UPSTREAM_UNAVAILABLE', operation: 'getaccount' } }],
      })),
    );
    expect(calls).toBe(1);
    expect((await ask('again')).data).toEqual({ again: { fileNumber: 'R1001' } });
    expect(calls).toBe(2);
  });

  it('are served on when one of their callers leaves', async () => {
    const scollect = await startScollect();
    const { gateway, query } = await startGateway({ scollect });
    const leaving = new AbortController();
    const left = gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
      signal: leaving.signal,
    });
    const stays = query(document);
    await setTimeout(100);
    leaving.abort();
    await Promise.allSettled([left]);
    expect((await stays).data.account.fileNumber).toBe('R1001');
    expect(scollect.calls()).toEqual(['/getaccount/R1001', '/getphones/R1001']);
  });
});
