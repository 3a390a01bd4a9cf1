import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** Names that several files may export, with the reason. */
const allowed: Readonly<Record<string, string>> = {};

// The sandbox is a program of its own. It names its handlers after the upstream operations, as the gateway's endpoints.
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('sandbox/'),
);

const declaration =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;

const exportsOf = (file: string): string[] => [
  ...new Set([...readFileSync(join(root, file), 'utf8').matchAll(declaration)].map(([, name = '']) => name)),
];

const filesByName = (): Map<string, string[]> => {
  const byName = new Map<string, string[]>();
  for (const file of files) {
    for (const name of exportsOf(file)) byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return byName;
};

it('src: every export is a declaration that the test of names finds', () => {
  const others = files.filter((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .some((line) => line.startsWith('export ') && !line.match(declaration)),
  );
  expect(others).toEqual([]);
});

it('src: no two files of the gateway export the same name', () => {
  const byName = filesByName();
  expect(byName.size).toBeGreaterThan(1000);
  const repeated = [...byName].filter(([name, { length }]) => length > 1 && !Object.hasOwn(allowed, name));
  expect(Object.fromEntries(repeated)).toEqual({});
});

it('src: every allowed repetition of a name exists', () => {
  const byName = filesByName();
  expect(Object.keys(allowed).filter((name) => (byName.get(name)?.length ?? 0) < 2)).toEqual([]);
});
