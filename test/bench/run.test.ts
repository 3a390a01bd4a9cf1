import { describe, expect, it } from 'vitest';
import { durationOf } from '../../bench/src/duration.ts';
import { figuresOf } from '../../bench/src/figures.ts';
import type { Stream } from '../../bench/src/load.ts';
import { runWorkload } from '../../bench/src/run.ts';
import { limit, recollect, type Server } from '../../bench/src/servers.ts';
import type { Measured, Stand } from '../../bench/src/stand.ts';
import { workloads } from '../../bench/src/workloads.ts';

const timing = { starts: 3, rounds: 2, seconds: 4, warmup: 1 };

const measuredBy = (start: number): Measured => ({
  seconds: timing.seconds,
  streams: [{ answers: start, p50Ms: 1, p99Ms: 1 }],
  cpuMs: timing.warmup * 1000,
  peakRssMb: 100,
  peakRssMbEach: [100],
  loopDelay: null,
  upstreamCalls: {},
  otherCore: 0,
});

/** Counts what it starts; each process reports the number of its start. */
const createStand = (fails: (server: Server, start: number) => boolean = () => false) => {
  const starts = new Map<Server, number>();
  const asked: Stream[] = [];
  let running = 0;
  const stand: Stand = {
    setLatency: async () => {},
    start: async (server) => {
      const start = (starts.get(server) ?? 0) + 1;
      starts.set(server, start);
      if (fails(server, start)) throw new Error('It does not listen.');
      let isRunning = true;
      running += 1;
      return {
        server,
        measure: async (streams) => {
          asked.push(...streams);
          return measuredBy(start);
        },
        stop: async () => {
          if (isRunning) running -= 1;
          isRunning = false;
        },
      };
    },
    stop: async () => {},
  };
  return { stand, asked, startsOf: (server: Server) => starts.get(server), running: () => running };
};

const [workload] = workloads;
if (!workload) throw new Error('There are no workloads.');

const run = (stand: Stand) => runWorkload(stand, [limit, recollect], workload, timing, () => {});

describe('a workload', () => {
  it('is measured after each of several starts of every server', async () => {
    const { stand, startsOf, running } = createStand();
    const { servers } = await run(stand);
    for (const { server, rounds } of servers) {
      expect(startsOf(server)).toBe(3);
      expect(rounds.map(({ streams }) => streams[0]?.answers)).toEqual([1, 1, 2, 2, 3, 3]);
    }
    expect(servers.map(({ server }) => server)).toEqual([limit, recollect]);
    expect(running()).toBe(0);
  });

  it('leaves out, by name, a server that fails at one of its starts', async () => {
    const { stand, startsOf, running } = createStand((server, start) => server === limit && start === 2);
    const { servers, absent } = await run(stand);
    expect(servers.map(({ server }) => server)).toEqual([recollect]);
    expect(absent).toEqual({ limit: 'It does not listen.' });
    expect(startsOf(limit)).toBe(2);
    expect(running()).toBe(0);
  });
});

describe('a workload with a reference', () => {
  const reference: Stream = { operation: 'account', clients: 64, haveEqualKeys: false };
  const compared = { ...workload, streams: [{ ...reference, form: 'apollo' }], reference } as const;

  it('has half of it measured before each round and half after, by the same process', async () => {
    const { stand, asked } = createStand();
    const { servers } = await runWorkload(stand, [recollect], compared, timing, () => {});
    const [, , ...firstRound] = asked;
    expect(firstRound.slice(0, 3).map(({ form = 'plain' }) => form)).toEqual(['plain', 'apollo', 'plain']);
    for (const { rounds } of servers) {
      expect(rounds.map(({ reference: own }) => own?.answers)).toEqual([2, 2, 4, 4, 6, 6]);
      expect(rounds.map(({ reference: own }) => own?.cpuMs)).toEqual(rounds.map(({ cpuMs }) => 2 * cpuMs));
    }
  });

  it('gives CPU time as a multiple of that of the reference', () => {
    const round = { ...measuredBy(1), cpuMs: 300, reference: { cpuMs: 200, answers: 2 } };
    expect(figuresOf([round]).timesReference).toBe(3);
    expect(figuresOf([measuredBy(1)]).timesReference).toBeNull();
  });

  it('is left to servers that support its form', async () => {
    const { stand } = createStand();
    const withoutApollo = { ...limit, lacks: { apollo: 'it is old.' } };
    const { absent } = await runWorkload(stand, [withoutApollo, recollect], compared, timing, () => {});
    expect(absent).toEqual({ limit: 'it is old.' });
  });

  it('takes its rounds twice', () => {
    const options = { starts: 1, rounds: 10, seconds: 6, warmup: 25 };
    // Five seconds for a start.
    expect(durationOf([recollect], [workload], options)).toEqual({ least: 2, most: 2 });
    expect(durationOf([recollect], [compared], options)).toEqual({ least: 3, most: 3 });
    const without = { ...recollect, lacks: { account: 'none.' } };
    expect(durationOf([without], [workload], options)).toEqual({ least: 0, most: 0 });
  });
});
