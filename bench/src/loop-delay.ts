import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { LoopDelay } from './loop-probe.ts';

/**
 * How long the event loops of processes were held up since this was last asked, whichever was worst.
 *
 * @returns `null` where none of them runs on Node.
 */
export const takeLoopDelay = async (folder: string, pids: readonly number[]): Promise<LoopDelay | null> => {
  const paths = pids.map((pid) => join(folder, String(pid))).filter((path) => existsSync(path));
  const told = await Promise.all(
    paths.map(async (path) => JSON.parse(await text(connect(path))) as LoopDelay),
  );
  if (told.length === 0) return null;
  return {
    p99Ms: Math.max(...told.map(({ p99Ms }) => p99Ms)),
    longestMs: Math.max(...told.map(({ longestMs }) => longestMs)),
  };
};
