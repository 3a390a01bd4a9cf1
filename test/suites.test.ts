import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { suites } from './suites.ts';
import { root } from './support/root.ts';

const table = 'test/suites.ts';

const testFiles = ['src', 'test', 'bench/src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules'))
    .map((file) => join(folder, file)),
);

const isAt = (file: string, place: string): boolean =>
  place.endsWith('/') ? file.startsWith(place) : file === place;

const suitesOf = (file: string): string[] =>
  Object.entries(suites).flatMap(([name, { places }]) =>
    places.filter((place) => isAt(file, place)).map(() => name),
  );

const fastFiles = testFiles.filter((file) => suitesOf(file).length === 0);

const sources = new Map<string, string>();

const sourceOf = (file: string): string => {
  const source = sources.get(file) ?? readFileSync(join(root, file), 'utf8');
  sources.set(file, source);
  return source;
};

/** What a file imports: other modules by name, and files of this project by their path in it. */
const importsOf = (file: string): string[] =>
  [...sourceOf(file).matchAll(/(?:^import|^\} from|^export .* from| from|import\() ?'([^']+)'/gm)].map(
    ([, name = '']) => (name.startsWith('.') ? relative(root, join(root, dirname(file), name)) : name),
  );

const slowModules = ['node:child_process', 'node:cluster', 'playwright-core', 'test/support/build.ts'];

/** Whether a file names `dist`, the folder that the build writes. */
const namesDist = (file: string): boolean => /['"`/]dist['"`/]/.test(sourceOf(file));

/** What a file in `test/` uses that the fast suite must not, by itself or by other files in `test/`. */
const slowThingsIn = (file: string, seen = new Set<string>()): string[] => {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = importsOf(file);
  const own = [
    ...imports.filter((name) => slowModules.includes(name)),
    ...(namesDist(file) ? ['dist/'] : []),
  ];
  const further = imports.filter((name) => name.startsWith('test/') && name.endsWith('.ts'));
  return [
    ...own.map((name) => `${file} uses ${name}`),
    ...further.flatMap((next) => slowThingsIn(next, seen)),
  ];
};

describe('the table of test suites', () => {
  it('assigns each test file to one suite', () => {
    const several = testFiles.filter((file) => suitesOf(file).length > 1);
    expect(several, `These test files are in several suites: edit ${table}.`).toEqual([]);
    expect(fastFiles.length).toBeGreaterThan(100);
  });

  it('names only files and folders that exist', () => {
    const places = Object.values(suites).flatMap((suite) => suite.places);
    const stale = places.filter((place) => !testFiles.some((file) => isAt(file, place)));
    expect(stale, `There are no test files at these places: edit ${table}.`).toEqual([]);
  });

  it('keeps tests that start processes, need dist/ or need a browser out of the fast suite', () => {
    const slow = fastFiles
      .filter((file) => file !== 'test/suites.test.ts')
      .flatMap((file) => slowThingsIn(file).map((why) => `${file}: ${why}`));
    expect(slow, `These test files belong to a named suite: edit ${table}.`).toEqual([]);
  });

  it('recognizes each kind of test that is kept out', () => {
    const found = (file: string) => slowThingsIn(file).map((why) => why.replace(/.* uses /, ''));
    expect(found('test/audit-stdout.test.ts')).toEqual(['node:child_process', 'dist/']);
    expect(found('test/graphiql.test.ts')).toEqual(
      expect.arrayContaining(['playwright-core', 'node:child_process']),
    );
    expect(found('test/build.test.ts')).toEqual(['dist/']);
  });

  it('has a command and a row in docs/testing.md for each suite', () => {
    const documented = readFileSync(join(root, 'docs/testing.md'), 'utf8');
    for (const name of Object.keys(suites)) {
      const script = `test:${name}`;
      expect(manifest.scripts, `Add the script ${script} to package.json.`).toHaveProperty([script]);
      expect(documented, `Add \`npm run ${script}\` to docs/testing.md.`).toContain(`\`npm run ${script}\``);
    }
  });
});
