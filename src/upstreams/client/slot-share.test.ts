import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { hasRedis, testRedisUrl } from '../../../test/support/redis.ts';
import { releaseSlots, renewSlots, slotTimes } from './slot-script.ts';
import { createSlotShare, type SlotGrant, type SlotRenewal, type SlotShare } from './slot-share.ts';

/** The script with the clock of the test, which is its last argument. */
const renewAt = renewSlots.lua.replace("redis.call('TIME')", '{0, ARGV[10] * 1000}');

let client: Redis | undefined;
const redis = (): Redis => {
  client ??= new Redis(testRedisUrl);
  return client;
};
afterAll(() => client?.disconnect());

interface Process {
  readonly name: string;
  readonly share: SlotShare;
  inFlight: number;
  /** Calls in flight that began during the present lease. */
  begun: number;
  waiting: number;
  /** A renewal that Redis has executed, and whose answer is on its way. */
  answer: SlotGrant | undefined;
  isPending: boolean;
}

/** Processes with one clock, and the real script in Redis. */
const createModel = (limit: number, start = `test:${randomUUID()}`) => {
  let now = 1_000_000;
  const keys = [`{${start}}:leases`, `{${start}}:shares`, `{${start}}:lost`];
  const processes: Process[] = [];
  const delayed: (() => Promise<unknown>)[] = [];

  const execute = async (name: string, request: SlotRenewal): Promise<SlotGrant> => {
    const { sequence, isMember, share, inFlight, demand } = request;
    const times = [slotTimes.lease, slotTimes.rotation];
    const args = [name, limit, ...times, sequence, isMember ? 1 : 0, share, inFlight, demand, now];
    const [granted, count] = (await redis().eval(renewAt, 3, ...keys, ...args)) as [number, number];
    return { share: granted, processes: count };
  };

  const begin = (process: Process): SlotRenewal => {
    if (!process.share.isLeased()) process.begun = 0;
    return process.share.begin(process.inFlight, process.inFlight + process.waiting);
  };

  const take = (process: Process, grant: SlotGrant): void => {
    if (grant.share < 0) process.share.fail();
    else process.share.grant(grant);
  };

  const startCalls = (process: Process): void => {
    if (!process.share.isLeased()) process.begun = 0;
    while (process.waiting > 0 && process.inFlight < process.share.bound()) {
      process.waiting -= 1;
      process.inFlight += 1;
      if (process.share.isLeased()) process.begun += 1;
    }
  };

  const endCalls = (process: Process, count: number): void => {
    process.inFlight = Math.max(0, process.inFlight - count);
    process.begun = Math.min(process.begun, process.inFlight);
  };

  return {
    keys,
    processes,
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
    join: (): Process => {
      const share = createSlotShare({ limit, processes: 1, now: () => now });
      const process = {
        name: randomUUID(),
        share,
        inFlight: 0,
        begun: 0,
        waiting: 0,
        answer: undefined,
        isPending: false,
      };
      processes.push(process);
      return process;
    },
    startCalls,
    endCalls,
    /** Sends a renewal, which Redis executes; the answer arrives by `finish`. */
    send: async (process: Process): Promise<void> => {
      if (process.isPending) return;
      process.isPending = true;
      process.answer = await execute(process.name, begin(process));
    },
    finish: (process: Process, isLost: boolean): void => {
      if (!process.isPending) return;
      if (process.answer && !isLost) take(process, process.answer);
      else process.share.fail();
      process.isPending = false;
      process.answer = undefined;
      startCalls(process);
    },
    /** Sends a renewal that Redis executes after the process has given up waiting for it. */
    sendLate: (process: Process): void => {
      if (process.isPending) return;
      const request = begin(process);
      process.share.fail();
      delayed.push(() => execute(process.name, request));
    },
    deliver: async (): Promise<void> => {
      await delayed.shift()?.();
    },
    renew: async (process: Process): Promise<void> => {
      take(process, await execute(process.name, begin(process)));
      startCalls(process);
    },
    release: (process: Process): Promise<unknown> => redis().eval(releaseSlots.lua, 3, ...keys, process.name),
    /** The slots in use, or that may be used at any moment, by processes within their leases. */
    granted: (): number =>
      processes
        .filter(({ share }) => share.isLeased())
        .reduce((sum, { share, begun }) => sum + Math.max(share.bound(), begun), 0),
    cleanUp: () => redis().del(...keys),
  };
};

type Model = ReturnType<typeof createModel>;

const actions = {
  demand: ({ startCalls }, process, amount) => {
    process.waiting += amount;
    startCalls(process);
  },
  end: ({ endCalls, startCalls }, process, amount) => {
    endCalls(process, amount);
    startCalls(process);
  },
  renew: async (model, process) => {
    await model.send(process);
    model.finish(process, false);
  },
  send: (model, process) => model.send(process),
  answer: (model, process) => model.finish(process, false),
  lose: (model, process) => model.finish(process, true),
  sendLate: (model, process) => model.sendLate(process),
  deliver: (model) => model.deliver(),
  crash: ({ processes }, process) => void processes.splice(processes.indexOf(process), 1),
  join: (model) => void (model.processes.length < 6 && model.join()),
  pass: (model, _, amount) => model.pass(amount * 130),
  // A process that is stopped past its lease, and then continues.
  passLease: (model) => model.pass(slotTimes.lease),
} satisfies Record<string, (model: Model, process: Process, amount: number) => void | Promise<void>>;

/** Rarer actions have fewer entries. */
const actionNames = fc.constantFrom<keyof typeof actions>(
  ...(['demand', 'demand', 'end', 'end', 'renew', 'renew', 'renew', 'renew', 'pass', 'pass'] as const),
  ...([
    'send',
    'send',
    'answer',
    'answer',
    'lose',
    'sendLate',
    'deliver',
    'join',
    'crash',
    'passLease',
  ] as const),
);

const histories = fc.array(
  fc.record({ action: actionNames, of: fc.nat({ max: 5 }), amount: fc.integer({ min: 1, max: 12 }) }),
  { minLength: 20, maxLength: 70 },
);

const play = async (
  model: Model,
  steps: typeof histories extends fc.Arbitrary<infer History> ? History : never,
  check: () => void,
): Promise<void> => {
  for (const { action, of, amount } of steps) {
    const process = model.processes[of % Math.max(1, model.processes.length)] ?? model.join();
    await actions[action](model, process, amount);
    check();
  }
};

/** Lets all processes renew every second, with calls that end and more calls that wait. */
const settle = async (model: Model, seconds: number, seen: (process: Process) => void): Promise<void> => {
  for (let second = 0; second < seconds; second += 1) {
    for (const process of model.processes) {
      model.finish(process, true);
      process.waiting = 50;
      model.endCalls(process, process.inFlight);
      await model.renew(process);
      // As soon as fewer slots are used, Redis is informed.
      await model.renew(process);
      seen(process);
    }
    model.pass(1000);
  }
};

describe.skipIf(!hasRedis)('shares in the slots of an upstream', () => {
  it('never exceed the limit, with crashes, pauses, and answers that are lost, late or out of order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        histories,
        async (limit, count, steps) => {
          const model = createModel(limit);
          for (let n = 0; n < count; n += 1) model.join();
          try {
            await play(model, steps, () => expect(model.granted()).toBeLessThanOrEqual(limit));
          } finally {
            await model.cleanUp();
          }
        },
      ),
      { numRuns: 600 },
    );
  }, 120_000);

  it('are all granted again after any history, and every process with calls gets slots', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), histories, async (limit, steps) => {
        const model = createModel(limit);
        model.join();
        try {
          await play(model, steps, () => {});
          if (model.processes.length === 0) model.join();
          model.pass(2 * slotTimes.lease);
          const served = new Map<string, number>();
          await settle(model, 40, ({ name, share }) =>
            served.set(name, Math.max(served.get(name) ?? 0, share.bound())),
          );
          expect(Math.min(...model.processes.map(({ name }) => served.get(name) ?? 0))).toBeGreaterThan(0);
          // Slots move between processes only if there are more processes than slots.
          if (model.processes.length <= limit) expect(model.granted()).toBe(limit);
          expect(model.granted()).toBeLessThanOrEqual(limit);
        } finally {
          await model.cleanUp();
        }
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it('of a process that ended return to the others after its lease', async () => {
    const model = createModel(10);
    const [one, other] = [model.join(), model.join()];
    await settle(model, 5, () => {});
    expect([one.share.bound(), other.share.bound()]).toEqual([5, 5]);
    model.processes.shift();
    await settle(model, slotTimes.lease / 1000 + 1, () => {});
    expect(other.share.bound()).toBe(10);
    await model.cleanUp();
  });

  it('of a process that stops return at once, and only its own', async () => {
    const model = createModel(10);
    const [one, other] = [model.join(), model.join()];
    await settle(model, 5, () => {});
    await model.release(one);
    await model.release(one);
    model.processes.shift();
    await model.renew(other);
    expect(other.share.bound()).toBe(10);
    await model.cleanUp();
  });

  it('follow the demand: a process without calls leaves slots for those that need them at once', async () => {
    const model = createModel(32);
    const [busy, idle] = [model.join(), model.join()];
    // They know of each other.
    for (const process of [idle, busy, idle, idle, busy]) await model.renew(process);
    busy.waiting = 20;
    await model.renew(busy);
    expect(busy.inFlight).toBe(20);
    expect(idle.share.bound()).toBeGreaterThanOrEqual(1);
    await model.cleanUp();
  });

  it('of different upstreams or tenants are independent', async () => {
    const models = [createModel(4), createModel(4)];
    for (const model of models) {
      const process = model.join();
      process.waiting = 50;
      await model.renew(process);
    }
    expect(models.map((model) => model.granted())).toEqual([4, 4]);
    for (const model of models) await model.cleanUp();
  });

  it('do not grow while a Redis that lost its data does not know all of them again', async () => {
    const model = createModel(10);
    const [one, other] = [model.join(), model.join()];
    await settle(model, 5, () => {});
    model.endCalls(one, 10);
    await model.cleanUp();
    await model.renew(one);
    // Redis knows the slots of one process only.
    const joined = model.join();
    joined.waiting = 10;
    await model.renew(joined);
    expect([model.granted(), joined.share.bound()]).toEqual([10, 0]);
    await model.renew(other);
    await settle(model, 7, () => expect(model.granted()).toBeLessThanOrEqual(10));
    expect(joined.share.bound()).toBeGreaterThanOrEqual(3);
    await model.cleanUp();
  });
});

describe('the share of a process without Redis', () => {
  const setUp = (processes: number) => {
    let now = 0;
    const share = createSlotShare({ limit: 32, processes, now: () => now });
    const pass = (milliseconds: number): void => {
      now += milliseconds;
    };
    return { share, pass };
  };

  it('is an equal one, at least one slot', () => {
    expect([1, 3, 64].map((processes) => setUp(processes).share.bound())).toEqual([32, 10, 1]);
  });

  it('remains the last one for its lease, and is an equal one when all leases have ended', () => {
    const { share, pass } = setUp(1);
    share.begin(0, 0);
    share.grant({ share: 3, processes: 4 });
    const bounds: number[] = [];
    for (const milliseconds of [3499, 2, 3998, 2]) {
      pass(milliseconds);
      bounds.push(share.bound());
    }
    expect(bounds).toEqual([3, 3, 3, 8]);
  });

  it('is reduced to an equal one when its lease ends', () => {
    const { share, pass } = setUp(1);
    share.begin(0, 0);
    share.grant({ share: 30, processes: 4 });
    pass(3500);
    expect(share.bound()).toBe(8);
  });

  it('is measured from the moment before the request', () => {
    const { share, pass } = setUp(1);
    share.begin(0, 0);
    pass(3600);
    share.grant({ share: 30, processes: 2 });
    expect([share.isLeased(), share.bound()]).toEqual([false, 16]);
  });

  it('grows only after the answer to the first renewal', () => {
    const { share } = setUp(1);
    share.begin(2, 9);
    expect(share.bound()).toBe(2);
    share.fail();
    expect(share.bound()).toBe(32);
  });
});
