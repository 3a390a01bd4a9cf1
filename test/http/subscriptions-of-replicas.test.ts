import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { redisPrefix } from '../../src/redis/redis-prefix.ts';
import { openSharedRedis } from '../../src/redis/shared-redis.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { Polls } from '../../src/updates/polls.ts';
import { createRedisReports } from '../../src/updates/redis-reports.ts';
import { subscribe } from '../support/events.ts';
import { startGateway } from '../support/gateway.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';

const patiently = { timeout: 30_000, interval: 20 };
const hourMs = 60 * 60 * 1000;

const notes = `subscription { accountUpdates(fileNumber: "R1001", parts: [NOTES]) {
  changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } } }`;

const noted = (body: string) => ({
  data: { accountUpdates: { changed: ['NOTES'], account: { notes: { edges: [{ node: { body } }] } } } },
});

const addNote = (body: string): string =>
  `mutation { addNote(input: { fileNumber: "R1001", body: "${body}", collectorName: "A" }) { __typename } }`;

/** The replicas of a gateway, which find by themselves only what changes within an hour. */
const startFleet = async () => {
  const server = await startRedisServer();
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  const gatewayKey = randomBytes(32);
  const startReplica = async (group: string) => {
    const redis = openSharedRedis(server.url);
    onTestFinished(() => redis.close());
    const reports = createRedisReports({ redis, gatewayKey: () => gatewayKey, group });
    const polls = new Polls({ intervalMs: hourMs, maxObjects: 10 }, reports);
    onTestFinished(() => polls.end());
    return { redis, polls, ...(await startGateway({ sandbox, polls, gatewayKey })) };
  };
  const [one, other] = [await startReplica('one'), await startReplica('other')];
  const areUp = () => vi.waitUntil(() => one.redis.isUp() && other.redis.isUp(), patiently);
  await areUp();
  return { server, gatewayKey, one, other, areUp };
};

const write = async ({ query }: Pick<Awaited<ReturnType<typeof startGateway>>, 'query'>, body: string) => {
  const { data } = await query(addNote(body));
  expect(data.addNote.__typename).toBe('AddNoteSuccess');
};

describe.skipIf(!hasRedisServer)('a subscription at one of two replicas with Redis', () => {
  it('reports at once what the other has written, by messages without personal data', async () => {
    const { server, gatewayKey, one, other } = await startFleet();
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    const messages: string[] = [];
    client.on('message', (_, message) => void messages.push(message));
    await client.subscribe(`${redisPrefix(gatewayKey)}updates`);

    const { next, close } = await subscribe(one.gateway, notes);
    for (const body of ['first', 'second']) {
      await write(other, body);
      expect(await next()).toEqual(noted(body));
    }
    await vi.waitFor(() => expect(messages).toHaveLength(2), patiently);
    for (const message of messages) {
      const { scopes } = JSON.parse(message) as { scopes: string[] };
      expect(scopes.length).toBeGreaterThan(0);
      // Digests, and nothing else.
      for (const scope of scopes) expect(scope).toMatch(/^[\w-]{22}$/);
      expect(message).not.toMatch(/R1001|first|second/);
    }
    close();
  });

  it('reports what was written although the outcome is unknown there', async () => {
    const { one, other } = await startFleet();
    const { next, close } = await subscribe(one.gateway, notes);
    const { call } = other.upstreams.SCOLLECT;
    vi.spyOn(other.upstreams.SCOLLECT, 'call').mockImplementation(async (...args) => {
      await call(...args);
      throw new Error('The response was lost.');
    });
    await other.query(addNote('lost'));
    expect(await next()).toEqual(noted('lost'));
    close();
  });
});

describe.skipIf(!hasRedisServer)('with a Redis that fails, replicas', () => {
  it('write and report their own writes, and report those of others once it is back', async () => {
    const { server, one, other, areUp } = await startFleet();
    const { next, close } = await subscribe(one.gateway, notes);
    await server.kill();
    await write(other, 'not known to the one');
    await write(one, 'own');
    expect(await next()).toEqual(noted('own'));
    // One that begins now is not delayed.
    const late = await subscribe(other.gateway, notes);
    expect(late.status).toBe(200);
    await server.start();
    await areUp();
    const back = next();
    let isReported = false;
    void back.then(() => {
      isReported = true;
    });
    await vi.waitFor(async () => {
      await write(other, 'back');
      expect(isReported).toBe(true);
    }, patiently);
    expect(await back).toEqual(noted('back'));
    late.close();
    close();
  });

  it('write without waiting for one that does not answer', async () => {
    const { server, one } = await startFleet();
    const { next, close } = await subscribe(one.gateway, notes);
    server.hang();
    await write(one, 'own');
    expect(await next()).toEqual(noted('own'));
    close();
  });
});
