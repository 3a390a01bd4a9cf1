// `npm run lint` runs this: it fails for words that have a standard term. scripts/words.json lists them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders that are checked; of a folder, the files with one of the endings. */
const sources =
  'main.ts audit auth config docs doctor ledger ledger-commands lib operation request sandbox telemetry upstreams values';
const checked = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs',
  ...sources.split(' ').map((name) => `src/${name}`),
];
const endings = ['.md', '.ts', '.js'];

const words = JSON.parse(readFileSync(new URL('words.json', import.meta.url), 'utf8')).map(
  ({ pattern, write }) => ({ expression: new RegExp(`\\b(?:${pattern})\\b`, 'gi'), write }),
);

const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((file) => endings.some((ending) => file.endsWith(ending)))
        .map((file) => join(path, file))
    : [path];

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** The prose of a file, in its lines: Markdown without code, a changelog only up to its first release. */
const proseOf = (file, text) => {
  if (!file.endsWith('.md')) return text;
  const prose = text.replace(/^ *```.*?^ *```/gms, blank).replace(/`[^`\n]+`/g, blank);
  return file.endsWith('CHANGELOG.md') ? prose.split(/^## (?!Unreleased)/m, 1)[0] : prose;
};

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

const problemsIn = (file) => {
  const text = proseOf(file, readFileSync(file, 'utf8'));
  return words
    .flatMap(({ expression, write }) =>
      [...text.matchAll(expression)].map(({ 0: word, index }) => ({
        line: lineAt(text, index),
        word,
        write,
      })),
    )
    .sort((a, b) => a.line - b.line)
    .map(({ line, word, write }) => `${file}:${line}: “${word}”: write ${write}`);
};

const paths = process.argv.length > 2 ? process.argv.slice(2) : checked;
const problems = paths.flatMap(filesOf).flatMap(problemsIn);

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
}
