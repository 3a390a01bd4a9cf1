import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/root.ts';

const page = readFileSync(join(root, 'docs/doctor.md'), 'utf8');

const folder = join(root, 'src/doctor');

const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'));

const ids = sources.flatMap((source) =>
  [...source.matchAll(/\bid: '([a-z][\w.-]*)'/g)].map(([, id = '']) => id),
);

/** Its result is a line about the file that the option itself names. */
const undocumented = ['shapes'];

describe('docs/doctor.md', () => {
  it('describes every check', () => {
    expect(ids.length).toBeGreaterThan(25);
    const missing = ids.filter((id) => !page.includes(`\`${id}\``) && !undocumented.includes(id));
    expect(missing, 'Add these ids to docs/doctor.md.').toEqual([]);
  });
});
