import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { root } from './root.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Waits for a line on stdout, or the message of one of the log, and gives the first group of the pattern. */
  line(pattern: RegExp): Promise<string>;
  ended: Promise<Ended>;
}

const dist = join(root, 'dist');

/** The messages in lines of the log, one a line: in production the text at the start is in such lines. */
const messagesIn = (printed: string): string =>
  [...printed.matchAll(/^\{.*"msg":("(?:[^"\\]|\\.)*")\}$/gm)]
    .map(([, message = '""']) => String(JSON.parse(message)))
    .join('\n');

/**
 * Starts a program of `dist/` with these environment variables and hardly any other, in a folder without a `.env`.
 *
 * @param flags of Node's and V8's.
 * @param words that the program is given.
 */
export const run = (
  program: string,
  env: Record<string, string> = {},
  cwd = dist,
  flags: readonly string[] = [],
  words: readonly string[] = [],
): Running => {
  const child = spawn(process.execPath, [...flags, join(dist, program), ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  const ended = Promise.all([once(child, 'exit') as Promise<[number | null]>, text(child.stderr)]).then(
    ([[code], stderr]) => ({ code, stdout: printed, stderr }),
  );
  const line = async (pattern: RegExp): Promise<string> => {
    const found = () => (pattern.exec(printed) ?? pattern.exec(messagesIn(printed)))?.[1];
    const died = ended.then(({ stderr }) => {
      throw new Error(`It ended before it said ${pattern}: ${stderr}`);
    });
    while (found() === undefined) await Promise.race([once(child.stdout, 'data'), died]);
    died.catch(() => {});
    return found() ?? '';
  };
  return { process: child, line, ended };
};
