import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadApi, LoadFigures, Stream, Target } from './load.ts';
import { takeLoopDelay } from './loop-delay.ts';
import type { LoopDelay } from './loop-probe.ts';
import { freePort, jwtSecret, temporaryFolder } from './place.ts';
import { cpuMsOf, forgetPeaks, peakRssOf, treeOf } from './process-tree.ts';
import { type Helper, type ServerProcess, startHelper } from './processes.ts';
import type { Server } from './servers.ts';
import type { Counts, StubApi } from './stub.ts';
import { signedToken } from './token.ts';

/** What one server did under one load. */
export interface Measured extends LoadFigures {
  /** Of the server and what it has started. */
  readonly cpuMs: number;
  readonly peakRssMb: number;
  /** The same of each process: first of the one that was started. */
  readonly peakRssMbEach: readonly number[];
  readonly loopDelay: LoopDelay | null;
  readonly upstreamCalls: Counts;
  /** The share of its core that the stub and the load generator took. */
  readonly otherCore: number;
}

/** A server that runs, and answers as expected. */
export interface StandingServer {
  readonly server: Server;
  measure(streams: readonly Stream[], seconds: number): Promise<Measured>;
  stop(): Promise<void>;
}

/** The upstream and the load generator, and servers between them. */
export interface Stand {
  setLatency(milliseconds: number): Promise<void>;
  /** Starts a server, and asks it everything that it will be asked; fails where an answer is not as expected. */
  start(server: Server, streams: readonly Stream[]): Promise<StandingServer>;
  stop(): Promise<void>;
}

const startLimitMs = 60_000;

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
    socket.once('connect', () => socket.destroy());
  });

const outputOf = (folder: string): string => {
  try {
    return readFileSync(join(folder, 'output.log'), 'utf8').slice(-2000);
  } catch {
    return '';
  }
};

const untilListening = async (process: ServerProcess, port: number): Promise<void> => {
  const end = performance.now() + startLimitMs;
  while (!(await isListening(port))) {
    if (!process.isAlive()) throw new Error('It ended before it listened.');
    if (performance.now() > end) throw new Error('It does not listen.');
    await pause(50);
  }
};

/** Starts the upstream and the load generator. */
export const startStand = async (): Promise<Stand> => {
  const stub: Helper<StubApi> = startHelper('stub.js');
  const load: Helper<LoadApi> = startHelper('load.js');
  const helpers = [stub.pid, load.pid];
  const upstream = `http://127.0.0.1:${await stub.call('port', undefined)}`;
  const upstreamToken = signedToken({ sub: 'bench' }, 'the secret of the stub');
  const folder = temporaryFolder();

  const measure = async (
    process: ServerProcess,
    target: Target,
    probes: string,
    streams: readonly Stream[],
    seconds: number,
  ): Promise<Measured> => {
    const pids = treeOf(process.pid);
    await takeLoopDelay(probes, pids);
    await stub.call('takeCounts', undefined);
    forgetPeaks(pids);
    const [before, beforeOther] = [cpuMsOf(pids), cpuMsOf(helpers)];
    const figures = await load.call('run', { target, streams, seconds });
    const peakRssMbEach = peakRssOf(pids);
    return {
      ...figures,
      cpuMs: cpuMsOf(pids) - before,
      otherCore: (cpuMsOf(helpers) - beforeOther) / (figures.seconds * 1000),
      peakRssMb: peakRssMbEach.reduce((sum, each) => sum + each, 0),
      peakRssMbEach,
      loopDelay: await takeLoopDelay(probes, pids),
      upstreamCalls: await stub.call('takeCounts', undefined),
    };
  };

  const start = async (server: Server, streams: readonly Stream[]): Promise<StandingServer> => {
    const port = await freePort();
    const own = join(folder, `${server.name}-${port}`);
    mkdirSync(own);
    const process = server.start({ port, upstream, upstreamToken, folder: own, jwtSecret });
    const target: Target = { port, dialect: server.dialect, tokens: server.tokens };
    try {
      await untilListening(process, port);
      for (const stream of streams) await load.call('check', { target, stream });
    } catch (error) {
      await process.stop();
      throw new Error(`${server.title}: ${(error as Error).message}\n${outputOf(own)}`);
    }
    return {
      server,
      measure: (asked, seconds) => measure(process, target, own, asked, seconds),
      stop: process.stop,
    };
  };

  return {
    setLatency: async (milliseconds) => {
      await stub.call('setLatency', milliseconds);
    },
    start,
    stop: async () => {
      await Promise.all([stub.stop(), load.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
