import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'rolldown';
import { expect, it, onTestFinished } from 'vitest';
import { root } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Opens and closes the ledger of each line (`<file> <delay in ms>`), and prints how that ended. */
const program = `
  import { createInterface } from 'node:readline';
  const { openLedger } = await import(process.env.PARTS + '/open-ledger.mjs');
  console.log('started');
  for await (const line of createInterface({ input: process.stdin })) {
    const [file, delay] = line.split(' ');
    const begin = performance.now();
    while (performance.now() - begin < Number(delay));
    try {
      const ledger = await openLedger({ file, key: undefined, keyLifeMs: 3600000 });
      await ledger.close();
      console.log('opened');
    } catch (error) {
      console.log(String(error.code ?? error.name));
    }
  }`;

const startOpener = async (parts: string) => {
  const child: ChildProcessWithoutNullStreams = spawn(
    process.execPath,
    ['--input-type=module', '-e', program],
    { env: { ...process.env, PARTS: parts } },
  );
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return async (file: string, delayMs: number): Promise<string> => {
    const ended = once(lines, 'line');
    child.stdin.write(`${file} ${delayMs}\n`);
    return String((await ended)[0]);
  };
};

const rounds = 150;

it.each([2, 4])('%d processes that open a new ledger at the same moment all open it', async (processes) => {
  const parts = temporaryFolder();
  symlinkSync(join(root, 'node_modules'), join(parts, 'node_modules'));
  await build({
    input: join(root, 'src/ledger/open-ledger.ts'),
    platform: 'node',
    external: ['libsql'],
    output: { dir: parts, entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
  });
  const openers = await Promise.all(Array.from({ length: processes }, () => startOpener(parts)));
  const ended = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    const file = join(parts, String(round), 'gateway.db');
    // Steps of a tenth of a millisecond apart: the moments at which two of them meet are that short.
    const all = openers.map((open, index) => open(file, (index * (round % 11)) / 10));
    for (const one of await Promise.all(all)) ended.add(one);
  }
  expect([...ended]).toEqual(['opened']);
});
