import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../src', import.meta.url));

/** From the bottom up. A folder imports from itself and from those in rows before its own. */
const layers = [
  ['values'],
  ['lib', 'telemetry', 'ledger', 'redis'],
  ['upstreams', 'updates'],
  ['operation', 'sandbox'],
  ['config'],
  ['auth', 'ledger-commands'],
  ['audit'],
  ['request'],
  ['schema'],
  ['http', 'docs'],
  ['cluster'],
  ['process'],
  ['main.ts', 'doctor'],
];

/** The same for the folders of a folder; the files that lie in it may import from all. */
const layersWithin: Record<string, readonly (readonly string[])[]> = {
  schema: [['kit'], ['accounts', 'orders', 'people', 'payments']],
  upstreams: [['errors.ts'], ['endpoint'], ['cache'], ['client', 'rows'], ['scollect', 'recoveryconnect']],
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
);

const importsOf = (file: string): string[] => {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(/(?:from |import |import\()'(\.[^']+)'/g)].map(([, path = '']) =>
    relative(root, join(root, dirname(file), path)),
  );
};

const folderOf = (file: string): string => file.split('/')[0] ?? '';

const layerOf = (file: string): number => layers.findIndex((names) => names.includes(folderOf(file)));

const layerWithin = (file: string): number => {
  const [folder = '', name = ''] = file.split('/');
  const found = layersWithin[folder]?.findIndex((names) => names.includes(name)) ?? -1;
  return found === -1 ? Number.POSITIVE_INFINITY : found;
};

/** Whether an import leads from a lower layer to a higher one, or between folders of one layer. */
const isUpward = (from: string, to: string): boolean => {
  if (folderOf(from) !== folderOf(to)) return layerOf(to) >= layerOf(from);
  return layerWithin(to) > layerWithin(from);
};

const systemOf = (file: string): string | undefined =>
  /^upstreams\/(scollect|recoveryconnect)\//.exec(file)?.[1];

describe('src', () => {
  it('has no folder or file without a layer: add it to `layers` in this test', () => {
    expect([...new Set(files.filter((file) => layerOf(file) === -1).map(folderOf))]).toEqual([]);
  });

  it('has no layer without files', () => {
    const folders = new Set(files.map(folderOf));
    expect(layers.flat().filter((folder) => !folders.has(folder))).toEqual([]);
  });

  it.each(layers.flat())('%s imports nothing from its own or a higher layer', (folder) => {
    const upward = files
      .filter((file) => folderOf(file) === folder)
      .flatMap((file) =>
        importsOf(file)
          .filter((imported) => isUpward(file, imported))
          .map((imported) => `${file} -> ${imported}`),
      );
    expect(upward).toEqual([]);
  });

  it('has no import cycle', () => {
    const finished = new Set<string>();
    const cyclesFrom = (file: string, path: readonly string[]): string[] => {
      const begin = path.indexOf(file);
      if (begin !== -1) return [[...path.slice(begin), file].join(' -> ')];
      if (finished.has(file)) return [];
      const cycles = importsOf(file).flatMap((imported) => cyclesFrom(imported, [...path, file]));
      finished.add(file);
      return cycles;
    };
    expect(files.flatMap((file) => cyclesFrom(file, []))).toEqual([]);
  });

  it('has no import between the two systems', () => {
    const crossing = files.filter((file) => {
      const system = systemOf(file);
      return system && importsOf(file).some((imported) => (systemOf(imported) ?? system) !== system);
    });
    expect(crossing).toEqual([]);
  });

  it('imports the sandbox in two files only', () => {
    const importing = files.filter((file) =>
      importsOf(file).some((imported) => imported.startsWith('sandbox/')),
    );
    expect(importing.filter((file) => !file.startsWith('sandbox/')).sort()).toEqual([
      'config/own-sandbox.ts',
      'doctor/shapes/response-shapes.ts',
    ]);
  });
});
