// `npm test` runs the fast suite. `npm test -- <word>`, as `npm test -- getnotes`, runs the tests of the fast suite that
// concern a word: all tests of the files that have it in their path or text, and of all other files the tests that have
// it in their name. Other arguments, as `-t`, go to vitest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'fast'];

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

/** @param {readonly string[]} args */
const run = async (args) => {
  const child = spawn(process.execPath, [...vitest, ...args], { cwd: root, stdio: 'inherit' });
  const [code] = await once(child, 'close');
  return code ?? 1;
};

/**
 * Runs the tests with a pattern in their name. Files of which all tests are skipped are not printed.
 *
 * @param {string} pattern
 */
const runNamed = async (pattern) => {
  const env = process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
  const child = spawn(process.execPath, [...vitest, '-t', pattern], {
    cwd: root,
    env,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) if (!line.includes('↓')) say(line);
  const [code] = await closed;
  return code ?? 1;
};

/** @param {string} word */
const filesWith = (word) =>
  ['src', 'test']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => `${file}\n${readFileSync(join(root, file), 'utf8')}`.toLowerCase().includes(word));

const args = process.argv.slice(2);
const [word] = args;

if (args.length === 1 && word !== undefined && !word.startsWith('-')) {
  const files = filesWith(word.toLowerCase());
  say(`Test files with "${word}" in their path or text (those of other suites do not run):`);
  for (const file of files.length > 0 ? files : ['none']) say(`  ${file}`);
  const codes = files.length > 0 ? [await run(['--passWithNoTests', ...files])] : [];
  // A path is no part of a test's name.
  if (!word.includes('/')) {
    say(`Tests with "${word}" in their name:`);
    codes.push(await runNamed(word.replace(/[^\w ]/g, '\\$&')));
  }
  process.exitCode = codes.find((code) => code !== 0) ?? 0;
} else process.exitCode = await run(args);
