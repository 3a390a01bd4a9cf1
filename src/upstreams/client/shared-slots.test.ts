import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hasRedis, testRedisUrl } from '../../../test/support/redis.ts';
import { createSharedProcesses, type SharedProcess } from '../../../test/support/shared-process.ts';
import { createBulkhead, patientRequester, Ticket } from './bulkhead.ts';
import { createSharedSlots } from './shared-slots.ts';

const waits = { timeout: 30_000, interval: 10 };

const addSlots = ({ sharing }: SharedProcess, limit: number) => {
  const slots = createSharedSlots({ sharing, limit });
  onTestFinished(() => slots.close());
  const bulkhead = createBulkhead({
    slots: slots.bound,
    onWait: slots.request,
    maxWaiting: 1000,
    maxWaitMs: 60_000,
  });
  slots.renewFor(bulkhead);
  const leaves: (() => void)[] = [];
  return {
    slots,
    bulkhead,
    /** Begins calls, which end with `end`. */
    call: (count: number): void => {
      for (let n = 0; n < count; n += 1) {
        bulkhead.enter(new Ticket(patientRequester()), undefined).then(
          (leave) => leaves.push(leave),
          () => {},
        );
      }
    },
    end: (): void => {
      for (const leave of leaves.splice(0)) leave();
    },
  };
};

describe.skipIf(!hasRedis)('the shared slots of processes', () => {
  const setUp = async (limit: number, count: number) => {
    const processes = createSharedProcesses(testRedisUrl);
    const all = await Promise.all(
      Array.from({ length: count }, async () => {
        const process = processes.add();
        await process.isUp();
        const slots = addSlots(process, limit);
        await process.start();
        return slots;
      }),
    );
    return { ...processes, all };
  };

  it('grow with the demand up to the limit, and are given back at the end', async () => {
    const { all } = await setUp(8, 2);
    const [one, other] = all as [(typeof all)[0], (typeof all)[0]];
    one.call(500);
    other.call(500);
    // Calls in flight end only when the share of their process is smaller than their number.
    const reduce = (of: typeof one): boolean => {
      if (of.bulkhead.inFlight() > of.slots.bound()) of.end();
      return of.bulkhead.inFlight() === 4;
    };
    await vi.waitUntil(() => [one, other].filter(reduce).length === 2, waits);
    await one.slots.close();
    await vi.waitUntil(() => other.bulkhead.inFlight() === 8, waits);
  });

  it('no key or value in Redis contains a name of the upstream or tenant', async () => {
    const { all, openInspector } = await setUp(8, 1);
    expect(all[0]?.slots.bound()).toBeGreaterThan(0);
    const { client, keys } = await openInspector();
    const names = await keys();
    expect(names).toHaveLength(2);
    const dumps = await Promise.all(names.map(async (name) => `${name} ${await client.dumpBuffer(name)}`));
    expect(dumps.join(' ')).not.toMatch(/scollect|http/i);
  });
});

describe('the shared slots of a process without Redis', () => {
  it('are an equal share, without a wait', async () => {
    const process = createSharedProcesses('redis://127.0.0.1:1').add();
    const { call, bulkhead } = addSlots({ ...process, sharing: { ...process.sharing, workers: 2 } }, 8);
    await process.start();
    call(10);
    await new Promise(setImmediate);
    expect([bulkhead.inFlight(), bulkhead.waiting()]).toEqual([4, 6]);
  });
});
