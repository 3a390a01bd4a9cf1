// `npm test` runs the fast suite. `npm test -- <word>`, as `npm test -- getnotes`, runs what concerns a word: all tests of
// the files that have it in their path or text, and of all other files the tests that have it in their name.
// Other arguments, as `-t`, go to vitest.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param {readonly string[]} args */
const vitest = (args) =>
  spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'fast', ...args],
    { cwd: root, stdio: 'inherit' },
  ).status ?? 1;

/** @param {string} word */
const filesWith = (word) =>
  ['src', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join(root, folder, file))
      .filter((file) =>
        `${relative(root, file)}\n${readFileSync(file, 'utf8')}`.toLowerCase().includes(word),
      ),
  );

const args = process.argv.slice(2);
const [word] = args;

if (args.length === 1 && word !== undefined && !word.startsWith('-')) {
  const files = filesWith(word.toLowerCase());
  const statuses = [
    ...(files.length > 0 ? [vitest(['--passWithNoTests', ...files])] : []),
    // A path is no part of a test's name.
    ...(word.includes('/') ? [] : [vitest(['-t', word.replace(/[^\w ]/g, '\\$&')])]),
  ];
  process.exitCode = statuses.find((status) => status !== 0) ?? 0;
} else process.exitCode = vitest(args);
