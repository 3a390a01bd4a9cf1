import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { root } from './support/root.ts';

const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  metadata: z.object({ component: z.object({ name: z.string(), version: z.string() }) }),
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      purl: z.string(),
      licenses: z.array(z.unknown()).optional(),
      hashes: z.array(z.object({ alg: z.string(), content: z.string() })),
    }),
  ),
});

const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dev: z.boolean().optional(),
    }),
  ),
});

const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

const hexOf = (integrity = ''): string =>
  Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');

describe('npm run sbom', () => {
  const printed = execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8' });
  const { metadata, components } = bill.parse(JSON.parse(printed));

  it('lists every production package of the lockfile with its version and hash, and no other', () => {
    const locked = Object.entries(lockfile.parse(read('package-lock.json')).packages)
      .filter(([path, { dev }]) => path !== '' && dev !== true)
      .map(
        ([path, { version, integrity }]) =>
          `${path.split('node_modules/').at(-1)} ${version} ${hexOf(integrity)}`,
      );
    const listed = components.map(
      ({ name, version, hashes }) =>
        `${name} ${version} ${hashes.find(({ alg }) => alg === 'SHA-512')?.content}`,
    );
    expect(listed.toSorted()).toEqual([...new Set(locked)].toSorted());
    expect(listed.some((line) => line.startsWith('graphql '))).toBe(true);
  });

  it('names the product and its version', () => {
    const { name, version } = z.object({ name: z.string(), version: z.string() }).parse(read('package.json'));
    expect(metadata.component).toMatchObject({ name, version });
  });
});
