import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/root.ts';

describe('a program as it is built', () => {
  it('has no character for which V8 would keep its text in two bytes each', () => {
    const dist = join(root, 'dist');
    const files = readdirSync(dist, { encoding: 'utf8', recursive: true }).filter((file) =>
      file.endsWith('.js'),
    );
    expect(files).toContain('main.js');
    const wide = files.filter((file) => /[^\0-\xff]/.test(readFileSync(join(dist, file), 'utf8')));
    expect(wide).toEqual([]);
  });
});
