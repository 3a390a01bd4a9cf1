import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

// Loaded into every Node server by `--import`: tells whoever connects how long the event loop was held up since the
// last one did.

/** How long the event loop was held up, in milliseconds. */
export interface LoopDelay {
  readonly p99Ms: number;
  readonly longestMs: number;
}

// The histogram counts from one timer to the next, which is this long if nothing is in the way.
const resolution = 5;
const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolution);

const folder = process.env['BENCH_PROBES'];

if (folder !== undefined && isMainThread) {
  const path = `${folder}/${process.pid}`;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  const server = createServer((socket) => {
    const told: LoopDelay = { p99Ms: beyond(delay.percentile(99)), longestMs: beyond(delay.max) };
    delay.reset();
    socket.on('error', () => {}).end(JSON.stringify(told));
  });
  // Exclusive: in a worker of a cluster, the first process would listen otherwise.
  server.listen({ path, exclusive: true }).unref();
  process.on('exit', () => rmSync(path, { force: true }));
}
