import { describe, expect, it } from 'vitest';
import { subscribe } from '../support/events.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { ask, metricOf, startWorkers, until, type Workers } from '../support/workers.ts';

/** By themselves, workers find only what changes within an hour. */
const settings = { UPDATE_INTERVAL_MS: '3600000' };

const notes = `subscription { accountUpdates(fileNumber: "R1001", parts: [NOTES]) {
  changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } } }`;

const noted = (body: string) => ({
  data: { accountUpdates: { changed: ['NOTES'], account: { notes: { edges: [{ node: { body } }] } } } },
});

const addNote = (body: string) => ({
  query: `mutation { addNote(input: { fileNumber: "R1001", body: "${body}", collectorName: "A" }) { __typename } }`,
});

/** Subscribes at both workers, each of which follows the account then: one alone would share its poll. */
const subscribeAtBoth = async (gateway: Workers) => {
  const at = { fetch: (_: string | URL | Request, options?: RequestInit) => fetch(gateway.url, options) };
  const both = [await subscribe(at, notes), await subscribe(at, notes)];
  expect(both.map(({ status }) => status)).toEqual([200, 200]);
  expect(await metricOf(gateway, 'recollect_followed_objects')).toBe(2);
  return both;
};

const reads = (gateway: Workers): Promise<number> =>
  metricOf(gateway, 'recollect_upstream_request_seconds_count', { operation: 'getnotes' });

const bodies = ['first', 'second', 'third', 'fourth'];

/** Expects one poll of each worker for each write, although one of the two has not written. */
const expectUpdates = async (gateway: Workers): Promise<void> => {
  const both = await subscribeAtBoth(gateway);
  const before = await reads(gateway);
  for (const body of bodies) {
    const { data } = await ask(gateway, addNote(body));
    expect(data.addNote.__typename).toBe('AddNoteSuccess');
    expect(await Promise.all(both.map(({ next }) => next()))).toEqual([noted(body), noted(body)]);
  }
  expect((await reads(gateway)) - before).toBe(2 * bodies.length);
  for (const { close } of both) close();
};

describe('subscriptions at two workers', () => {
  it('report at once what either of them has written', async () => {
    await expectUpdates(await startWorkers(null, settings));
  });

  it('continue after a reload, and a write whose workers follow nothing', async () => {
    const gateway = await startWorkers(null, settings);
    expect((await ask(gateway, addNote('before'))).data.addNote.__typename).toBe('AddNoteSuccess');
    gateway.process.kill('SIGHUP');
    await gateway.line(/"msg":"(all workers were replaced)"/);
    await expectUpdates(gateway);
  });

  it.skipIf(!hasRedisServer)('poll once for a write that comes by Redis too', async () => {
    const redis = await startRedisServer();
    const gateway = await startWorkers(null, { ...settings, REDIS_URL: redis.url });
    await until(async () => (await metricOf(gateway, 'recollect_redis_up')) === 1);
    await expectUpdates(gateway);
    gateway.process.kill('SIGTERM');
    // No connection to Redis keeps a worker.
    expect((await gateway.ended).code).toBe(0);
  });
});
