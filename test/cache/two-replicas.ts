import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { z } from 'zod';
import type { CacheStore } from '../../src/upstreams/cache/cache-store.ts';
import { createReadCaches } from '../../src/upstreams/cache/read-cache.ts';
import { type CacheUse, createClient } from '../../src/upstreams/client/client.ts';
import type { Sender, SendOptions } from '../../src/upstreams/client/sender.ts';
import { fixedToken } from '../../src/upstreams/client/token.ts';
import { TransportError } from '../../src/upstreams/client/transport-error.ts';
import { identifier, rows, scollectRead, scollectWrite } from '../../src/upstreams/endpoint/endpoint.ts';
import type { Judged } from '../../src/upstreams/endpoint/verdict.ts';

const value = scollectRead({
  operation: 'value',
  method: 'GET',
  path: '/value/{name}',
  key: { name: 'name' },
  reply: z.number(),
  nothing: 'NOT_FOUND',
  caching: 'allowed',
});

/** A read that no key names: it contains all values. */
const values = scollectRead({
  operation: 'values',
  method: 'GET',
  path: '/values',
  reply: z.record(z.string(), z.number()),
  nothing: 'NOT_FOUND',
  caching: 'allowed',
});

/** All values as a list that is kept for its later pages. */
const list = {
  ...scollectRead({
    operation: 'list',
    method: 'GET',
    path: '/list',
    reply: rows({ name: identifier }),
    nothing: 'NO_ROWS',
    caching: 'rows',
  }),
  rowKey: { name: 'name', read: (name: unknown) => String(name) },
};

const change = scollectWrite({
  operation: 'change',
  method: 'PUT',
  path: '/change/{name}',
  reply: z.number(),
  nothing: 'REFUSED',
});

const names = ['A', 'B'] as const;

type Name = (typeof names)[number];

/** The more frequent ones occur several times. */
const kinds = [
  ...(['read', 'read', 'read', 'readAll', 'refresh'] as const),
  ...(['firstPage', 'laterPage', 'laterPage', 'laterPage', 'laterPage'] as const),
  ...(['write', 'lostWrite', 'unknownChanges'] as const),
] as const;

/** One call at one of the replicas. */
export type Step = {
  readonly replica: number;
  readonly name: Name;
  readonly kind: (typeof kinds)[number];
};

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    replica: fc.nat(1),
    name: fc.constantFrom(...names),
    kind: fc.constantFrom(...kinds),
  }),
  { minLength: 4, maxLength: 14 },
);

/** Lets other steps happen here. */
export type Pause = () => Promise<void>;

/** An upstream whose calls take their effect somewhere between their begin and their end. */
const createUpstream = (pause: Pause) => {
  const present: Record<string, number> = { A: 0, B: 0 };
  let last = 0;
  const judged = (payload: unknown): Judged => ({
    status: 200,
    isUnhealthy: false,
    retryAfter: null,
    text: JSON.stringify(payload),
    verdict: { kind: 'ok', payload, warnings: [], paging: null },
  });
  const payloadOf = (operation: string, name: string): unknown => {
    if (operation === 'list') return Object.entries(present).map(([key, number]) => ({ name: key, number }));
    return operation === 'values' ? { ...present } : present[name];
  };
  const sender: Sender = {
    send: async ({ operation }, { path }, { beforeSending }: SendOptions) => {
      const name = path.split('/').at(-1) ?? '';
      await beforeSending?.();
      await pause();
      if (operation === 'change') {
        last += 1;
        present[name] = last;
      }
      const payload = payloadOf(operation, name);
      await pause();
      return judged(payload);
    },
    acceptRows: (_, __, verdict) => verdict,
    judgeAgain: (_, __, { text }) => judged(JSON.parse(text)),
    state: () => ({ breaker: 'closed', inFlight: 0, waiting: 0, slots: 1 }),
    close: async () => {},
  };
  return { sender, present };
};

const use: CacheUse = { mode: () => 'use', onHit: () => {} };
const refresh: CacheUse = { mode: () => 'refresh', onHit: () => {} };

export interface Run {
  /** Reads that returned a value from before a write that was answered when they began. */
  readonly stale: readonly string[];
  readonly hits: number;
  /** Later pages that were of kept rows. */
  readonly keptPages: number;
}

/**
 * Executes steps at two replicas with a store each, several of them at once.
 *
 * @param concurrency the maximum number of steps at once.
 */
export const runSteps = async (
  all: readonly Step[],
  stores: readonly CacheStore[],
  pause: Pause,
  concurrency = 4,
): Promise<Run> => {
  const gatewayKey = randomBytes(32);
  const { sender, present } = createUpstream(pause);
  let hits = 0;
  let keptPages = 0;
  const clients = stores.map((store) => {
    const lost: Sender = {
      ...sender,
      send: async (endpoint, content, options) => {
        const response = await sender.send(endpoint, content, options);
        if (endpoint.effect === 'write') throw new TransportError('lost', true);
        return response;
      },
    };
    const cache = createReadCaches({
      store,
      ttlSeconds: new Map([
        ['value', 60],
        ['values', 60],
      ]),
      gatewayKey: () => gatewayKey,
      exchangeMs: 1000,
      onResult: (_, result) => {
        if (result === 'hit') hits += 1;
      },
    }).forClient({ tenant: null, system: 'SCOLLECT', url: 'http://upstream/', credentials: {} });
    const token = fixedToken('t');
    return {
      ordinary: createClient(sender, token, undefined, cache),
      lossy: createClient(lost, token, undefined, cache),
    };
  });
  const answered: Record<string, number> = { A: 0, B: 0 };
  const stale: string[] = [];

  const check = (
    step: Step,
    found: Readonly<Record<string, unknown>>,
    least: Record<string, number>,
  ): void => {
    for (const [name, at] of Object.entries(found)) {
      if (Number(at) < (least[name] ?? 0)) stale.push(`${JSON.stringify(step)}: ${at} < ${least[name]}`);
    }
  };

  const execute = async (step: Step): Promise<void> => {
    const client = clients[step.replica];
    if (!client) throw new RangeError('no such replica');
    const { name, kind } = step;
    const least = { ...answered };
    await pause();
    switch (kind) {
      case 'read':
      case 'refresh': {
        const cache = kind === 'read' ? use : refresh;
        check(step, { [name]: await client.ordinary.call(value, { params: { name } }, { cache }) }, least);
        return;
      }
      case 'firstPage':
      case 'laterPage': {
        const input = { params: {} };
        const kept = kind === 'laterPage' ? await client.ordinary.keptRows(list, input) : undefined;
        if (kept) keptPages += 1;
        const reading = kept ?? (await client.ordinary.readRows(list, input));
        const found = await reading.read((page) => page.rows(0, names.length));
        check(step, Object.fromEntries(found.map(({ name: key, number }) => [key, number])), least);
        return;
      }
      case 'readAll':
        check(step, (await client.ordinary.call(values, { params: {} }, { cache: use })) ?? {}, least);
        return;
      default: {
        const changes =
          kind === 'unknownChanges'
            ? undefined
            : [
                { endpoint: value, keys: [{ name: name.toLowerCase() }] },
                { endpoint: values, keys: [{}] },
                { endpoint: list, keys: [{}] },
              ];
        const caller = kind === 'lostWrite' ? client.lossy : client.ordinary;
        const made = await caller
          .call(change, { params: { name } }, { changes })
          .catch(() => present[name] ?? 0);
        answered[name] = Math.max(answered[name] ?? 0, made);
      }
    }
  };

  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let step = left.shift(); step; step = left.shift()) await execute(step);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { stale, hits, keptPages };
};
