import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand, say } from './command.ts';
import type { LoadApi, Stream } from './load.ts';
import { median } from './median.ts';
import { readOptions } from './options.ts';
import { root } from './paths.ts';
import { freePort, jwtSecret, temporaryFolder } from './place.ts';
import { cpuMsOf } from './process-tree.ts';
import { startHelper } from './processes.ts';
import { recollectIn, type Server } from './servers.ts';
import type { StubApi } from './stub.ts';

// Measures starts on the Node that runs this: of this checkout, and of another one in turns, if one is named.

const startLimitMs = 60_000;
const pollMs = 2;
const restMs = 2000;

const stream: Stream = { operation: 'account', clients: 1, haveEqualKeys: false };

interface Start {
  readonly readyMs: number;
  readonly cpuMs: number;
  readonly firstQueryMs: number;
  readonly restMb: number;
}

const columns = ['readyMs', 'cpuMs', 'firstQueryMs', 'restMb'] as const satisfies readonly (keyof Start)[];

const serversFor = (checkout: string | undefined): Server[] =>
  [root, ...(checkout === undefined ? [] : [resolve(checkout)])].map((folder) => {
    if (!existsSync(join(folder, 'dist/main.js'))) throw new Error(`Expected a build in ${folder}.`);
    return recollectIn(folder, { name: 'recollect', title: folder });
  });

const isReady = async (port: number): Promise<boolean> => {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ready`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const restMbOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1.024e-3;

const measure = async (): Promise<void> => {
  const servers = serversFor(process.argv[2]);
  const { starts } = readOptions({ BENCH_STARTS: '10', ...process.env }, { workloads: [], servers: [] });
  const stub = startHelper<StubApi>('stub.js');
  const load = startHelper<LoadApi>('load.js');
  const upstream = `http://127.0.0.1:${await stub.call('port', undefined)}`;

  const temporary = temporaryFolder();

  const startOnce = async (server: Server): Promise<Start> => {
    const port = await freePort();
    const folder = join(temporary, String(port));
    mkdirSync(folder);
    const begin = performance.now();
    const running = server.start({ port, upstream, upstreamToken: '', folder, jwtSecret });
    while (!(await isReady(port))) {
      if (!running.isAlive()) throw new Error(`${server.title}: it ended before it was ready.`);
      if (performance.now() - begin > startLimitMs) throw new Error(`${server.title}: it is not ready.`);
      await pause(pollMs);
    }
    const ready = performance.now();
    const cpuMs = cpuMsOf([running.pid]);
    const { dialect, tokens } = server;
    await load.call('check', { target: { port, dialect, tokens }, stream });
    const answered = performance.now();
    await pause(restMs);
    const restMb = restMbOf(running.pid);
    await running.stop();
    rmSync(folder, { recursive: true });
    return { readyMs: ready - begin, cpuMs, firstQueryMs: answered - ready, restMb };
  };

  const measured = servers.map((server) => ({ server, starts: [] as Start[] }));
  // The files are in the page cache from the first start on, and so is the code of the stub.
  for (const server of servers) await startOnce(server);
  for (let start = 0; start < starts; start += 1) {
    for (const each of measured) each.starts.push(await startOnce(each.server));
  }
  say(`Node ${process.version}, medians of ${starts} starts\n`);
  say('| checkout | ready ms | CPU ms until ready | first query ms | RSS at rest MB |');
  say('| --- | --- | --- | --- | --- |');
  for (const each of measured) {
    const figures = columns.map((column) => Math.round(median(each.starts.map((one) => one[column]))));
    say(`| ${[each.server.title, ...figures].join(' | ')} |`);
  }
  await Promise.all([stub.stop(), load.stop()]);
};

await runCommand(measure, 'The starts could not be measured.');
