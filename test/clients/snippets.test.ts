import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generatedBlocks, withGenerated } from '../../src/docs/markdown.ts';
import { root } from '../support/root.ts';
import { canRunClients, clientsFolder } from './packages.ts';

const page = readFileSync(join(root, 'docs/clients.md'), 'utf8');
const blocks = generatedBlocks(page);
const snippets = blocks.filter(({ name }) => name === 'snippet').flatMap(({ words }) => words);

const filesIn = (folder: string): string[] =>
  readdirSync(join(clientsFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|sh|graphql)$/.test(file))
    .map((file) => join(folder, file));

const read = (file: string): string => readFileSync(join(clientsFolder, file), 'utf8');

/** The tests of the project, and what they consist of. */
const tests = [...readdirSync(clientsFolder).filter((file) => file.endsWith('.ts')), ...filesIn('journeys')]
  .filter((file) => file !== 'codegen.ts')
  .map(read)
  .join('\n');

const isUsed = (name: string, text: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

describe('docs/clients.md', () => {
  it('has no code block but those that are generated, of files that tests run', () => {
    expect(withGenerated(page, () => '')).not.toContain('```');
    expect(blocks.length).toBeGreaterThan(20);
  });

  it('shows each file of the project once', () => {
    expect(snippets.filter((file) => /^(?:src|scripts)\//.test(file)).toSorted()).toEqual(
      [...filesIn('src'), ...filesIn('scripts')].toSorted(),
    );
    expect(new Set(snippets).size).toBe(snippets.length);
  });

  it.each(snippets.filter((file) => /^src\/.*\.ts$/.test(file)))(
    '%s: tests use all that it exports',
    (file) => {
      const others = filesIn('src').filter((other) => other !== file);
      const users = [tests, ...others.map(read)].join('\n');
      const names = [...read(file).matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
      expect(names).not.toEqual([]);
      expect(names.filter((name) => !isUsed(name, users))).toEqual([]);
    },
  );
});

describe.skipIf(!canRunClients('the types of docs/clients.md'))('the files of docs/clients.md', () => {
  it.each(['tsconfig.json', 'tsconfig.test.json'])('have correct types: %s', (config) => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const check = () =>
      execFileSync(process.execPath, [tsc, '-p', join(clientsFolder, config)], { encoding: 'utf8' });
    expect(check()).toBe('');
  });
});
