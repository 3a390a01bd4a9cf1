import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { ensureNew, writeNewFile } from './shapes-file.ts';

describe('the file of the shapes', () => {
  it('is complete and readable for its owner only, with nothing next to it', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'shapes.json');
    writeNewFile(file, 'content');
    expect(readFileSync(file, 'utf8')).toBe('content');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['shapes.json']);
  });

  it.each([
    ['a file', (path: string) => writeFileSync(path, 'old')],
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to nothing', (path: string) => symlinkSync('/nonexistent/target', path)],
  ])('is not written over %s', (_, create) => {
    const folder = temporaryFolder();
    const file = join(folder, 'shapes.json');
    create(file);
    expect(() => writeNewFile(file, 'new')).toThrow(
      '--shapes: the file exists; expected the path of a new file.',
    );
    expect(readdirSync(folder)).toEqual(['shapes.json']);
    expect(statSync(file, { throwIfNoEntry: false })?.isFile() && readFileSync(file, 'utf8')).not.toBe('new');
  });

  it('is refused before the examination if it exists', () => {
    const file = join(temporaryFolder(), 'shapes.json');
    expect(() => ensureNew(file)).not.toThrow();
    writeFileSync(file, '');
    expect(() => ensureNew(file)).toThrow('--shapes: the file exists');
  });

  it('names the reason without the path if it cannot be written', () => {
    const file = join(temporaryFolder(), 'CANARY', 'shapes.json');
    expect(() => writeNewFile(file, 'content')).toThrow(
      '--shapes: the file cannot be written; the system says ENOENT.',
    );
  });
});
