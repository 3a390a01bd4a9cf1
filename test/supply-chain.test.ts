import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './support/root.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

const versions = z.record(z.string(), z.string());

const manifest = z
  .object({ dependencies: versions, devDependencies: versions, overrides: versions })
  .parse(read('package.json'));

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      hasInstallScript: z.boolean().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});

type Lockfile = z.output<typeof lockfile>;

const packagesIn = ({ packages: all }: Lockfile) => Object.entries(all).filter(([path]) => path !== '');

/** Those that come from elsewhere, or without a hash. */
const strangersIn = (lock: Lockfile) =>
  packagesIn(lock).filter(
    ([, { resolved = '', integrity = '' }]) =>
      // Where nothing is said of it, it is the registry.
      !['', 'https://registry.npmjs.org'].includes(resolved && new URL(resolved).origin) ||
      !integrity.startsWith('sha512-'),
  );

const locked = lockfile.parse(read('package-lock.json'));

const packages = packagesIn(locked);

describe('the packages', () => {
  it('have exact versions, which are those of the lockfile', () => {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.values({ ...wanted, ...manifest.overrides })).toEqual(
      expect.not.arrayContaining([expect.not.stringMatching(/^\d+\.\d+\.\d+$/)]),
    );
    for (const [name, version] of Object.entries(wanted)) {
      expect([name, locked.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
  });

  it('come from the registry, each with its hash', () => {
    expect(strangersIn(locked)).toEqual([]);
    expect(packages.length).toBeGreaterThan(100);
  });

  it('that run in production run nothing when they are installed', () => {
    expect(packages.filter(([, { dev, hasInstallScript }]) => !dev && hasInstallScript)).toEqual([]);
  });

  it('that run in production are those that the sources import', () => {
    const source = join(root, 'src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const imported = files.flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return [...text.matchAll(/(?:from |import |import\()'((?:@[\w-]+\/)?[\w-]+)[\w/.-]*'/g)].map(
        ([, name]) => name,
      );
    });
    const fromNode = (name: string | undefined) => name === 'node';
    expect([...new Set(imported)].filter((name) => !fromNode(name)).sort()).toEqual(
      Object.keys(manifest.dependencies).sort(),
    );
  });
});

describe.each([
  ['of the benchmarked servers', 'bench/peers', 100],
  ['of the example application', 'examples/agent-desk', 20],
  ['of the GraphQL clients', 'test/clients', 50],
  ['of the routers of a federation', 'test/federation', 100],
])('the packages %s', (_, folder, least) => {
  const own = lockfile.parse(read(`${folder}/package-lock.json`));
  const { dependencies, devDependencies } = z
    .object({ dependencies: versions, devDependencies: versions.default({}) })
    .parse(read(`${folder}/package.json`));

  it('have exact versions, which are those of their lockfile', () => {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect([name, own.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
  });

  it('come from the registry, each with its hash', () => {
    expect(strangersIn(own)).toEqual([]);
    expect(packagesIn(own).length).toBeGreaterThan(least);
  });
});
