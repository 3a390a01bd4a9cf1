// `npm run lint` runs this: it fails for words that have a standard term. scripts/words.json lists them.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files and folders that are checked; of a folder, the files with one of the endings. */
const sources =
  'main.ts audit auth config docs doctor http ledger ledger-commands lib operation request sandbox schema telemetry upstreams values';
const tests =
  'authentication authorization bench clients/journeys clients/src crash faults fuzz leaks ledger memory read-failures redaction sandbox security soak upstreams';
const checked = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs',
  'examples/agent-desk/README.md',
  'examples/agent-desk/server.js',
  'examples/agent-desk/start.js',
  'examples/agent-desk/src',
  ...sources.split(' ').map((name) => `src/${name}`),
  ...tests.split(' ').map((name) => `test/${name}`),
  // The body of /ready, which operator-endpoints.test.ts contains, has a key of an older name.
  ...readdirSync('test')
    .filter((file) => file.endsWith('.ts') && file !== 'operator-endpoints.test.ts')
    .map((file) => `test/${file}`),
];
/** Files with a listed word as data: dispositions of upstreams, and a key of stored ledgers. */
const exempt = ['src/schema/accounts/disposition-words.ts', 'src/schema/payments/keyed-mutation.ts'];
const endings = ['.md', '.ts', '.tsx', '.graphql', '.js'];

const words = JSON.parse(readFileSync(new URL('words.json', import.meta.url), 'utf8')).map(
  ({ pattern, write }) => ({ expression: new RegExp(`\\b(?:${pattern})\\b`, 'gi'), write }),
);

const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, encoding: 'utf8' })
        .filter((file) => endings.some((ending) => file.endsWith(ending)))
        .map((file) => join(path, file))
    : [path];

/** Keys of responses that clients read. */
const publicNames = /\bunderWay\b/g;

const blank = (text) => text.replace(/[^\n]/g, ' ');

/** The prose of a file, in its lines: Markdown without code, a changelog only up to its first release. */
const proseOf = (file, text) => {
  if (!file.endsWith('.md')) return text;
  const prose = text.replace(/^ *```.*?^ *```/gms, blank).replace(/`[^`\n]+`/g, blank);
  return file.endsWith('CHANGELOG.md') ? prose.split(/^## (?!Unreleased)/m, 1)[0] : prose;
};

const lineAt = (text, index) => text.slice(0, index).split('\n').length;

const problemsIn = (file) => {
  const text = proseOf(file, readFileSync(file, 'utf8')).replace(publicNames, blank);
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
const files = paths.flatMap(filesOf).filter((file) => !exempt.includes(file));
const problems = files.flatMap(problemsIn);

if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n')}\n`);
  process.exitCode = 1;
}
