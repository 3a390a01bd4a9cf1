import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from '../support/root.ts';

const pages = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs')).map((file) => `docs/${file}`),
  'examples/agent-desk/README.md',
];

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The anchors of a page, as GitHub makes them from its headings. */
const anchorsOf = (page: string): string[] =>
  read(page)
    .split('\n')
    .filter((line) => /^#+ /.test(line))
    .map((line) =>
      line
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );

/** Relative links that lead nowhere. */
const brokenLinks = (page: string): string[] =>
  [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    .filter(([, path = '', anchor]) => {
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    })
    .map(([link]) => link);

/** Paths of the project that do not exist; `…`, `<name>`, `*` and braces stand for any name. */
const missingPaths = (page: string): string[] =>
  [...read(page).matchAll(/`((?:src|test|bench|scripts|docs)\/[^`\s]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !/[<*{…]/.test(path) && !existsSync(join(root, path)))
    // Written by the benchmark.
    .filter((path) => path !== 'bench/results.json');

const scripts = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts,
);

describe('README.md, SECURITY.md, CHANGELOG.md and docs', () => {
  it.each(pages)('%s: every relative link leads to a file, and to a heading in it', (page) => {
    expect(brokenLinks(page), `${page}: correct these links.`).toEqual([]);
  });

  it.each(pages)('%s: every path of the project exists', (page) => {
    expect(missingPaths(page), `${page}: these files have moved; correct their paths.`).toEqual([]);
  });

  it.each(pages)('%s: every `npm run` command is in package.json', (page) => {
    const commands = [...read(page).matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(commands.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it('README.md: the table of commands has every script of package.json', () => {
    const run = scripts.filter((name) => !name.startsWith('pre') || !scripts.includes(name.slice(3)));
    const rows =
      read('README.md')
        .match(/^\| `npm .*/gm)
        ?.join('\n') ?? '';
    const missing = run.filter((name) => !new RegExp(`\`npm (?:run )?${name}(?: |\`)`).test(rows));
    expect(missing, 'README.md: add these commands to the table of commands.').toEqual([]);
  });

  it('README.md: the table of documents has every page of docs', () => {
    const listed = [...read('README.md').matchAll(/^\| \[[^\]]+\]\((docs\/[^)]+)\)/gm)].map(
      ([, page = '']) => page,
    );
    expect(listed.toSorted()).toEqual(pages.filter((page) => page.startsWith('docs/')).toSorted());
  });
});
