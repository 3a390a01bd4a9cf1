import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { resultsOf } from '../../../test/support/check.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readSettings } from '../../config/settings.ts';
import { documentsCheck } from './documents.ts';

let folder = '';

beforeEach(() => {
  folder = temporaryFolder();
});

const put = (name: string, content: unknown): void =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

const examine = async (env: Record<string, string> = { PERSISTED_DOCUMENTS_ONLY: 'true' }) => {
  const results = await resultsOf(documentsCheck, {
    settings: readSettings({ PERSISTED_DOCUMENTS: folder, ...env }),
  });
  expect(JSON.stringify(results)).not.toMatch(/CANARY|recollect-/);
  return results.map(({ id, status, message }) => [id, status, message]);
};

const deep = `{ node(id: "x") { ${'... on Account { borrower { account { '.repeat(10)}id${' } } }'.repeat(10)} } }`;

describe('the check of trusted documents', () => {
  it('counts the documents of each manifest', async () => {
    put('a.json', { a: '{ __typename }', b: '{ portfolios { name } }' });
    put('b.json', {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'c', body: '{ __typename }' }],
    });
    expect(await examine()).toEqual([
      ['documents.1', 'ok', '2 valid documents.'],
      ['documents.2', 'ok', '1 valid document.'],
      ['documents', 'ok', '3 documents in 2 manifests.'],
    ]);
  });

  it('reports every manifest, also after one that cannot be used', async () => {
    put('a.json', 'CANARY');
    put('b.json', { a: '{ nothing }', b: '{ __typename }', c: 'CANARY {' });
    put('c.json', { d: '{ __typename }' });
    const results = await examine();
    expect(results.map(([id, status]) => [id, status])).toEqual([
      ['documents.1', 'trouble'],
      ['documents.2', 'trouble'],
      ['documents.3', 'ok'],
      ['documents', 'ok'],
    ]);
    expect(results[1]?.[2]).toBe(
      '2 of 3 documents do not fit the schema: 1, 3. The first: Cannot query field "nothing" on type "Query".',
    );
  });

  it('reports documents beyond the limits', async () => {
    put('a.json', { a: '{ __typename }', b: deep });
    expect((await examine())[0]).toEqual([
      'documents.1',
      'trouble',
      '1 of 2 documents are beyond the limits and would be rejected: 2. The first: The document has fields more than 20 levels deep.',
    ]);
  });

  it('reports an id with two texts', async () => {
    put('a.json', { a: '{ __typename }' });
    put('b.json', { a: '{ portfolios { name } }' });
    expect((await examine()).at(-1)).toEqual(['documents', 'trouble', '1 id has two texts.']);
  });

  it('reports missing files, and manifests without documents', async () => {
    expect(await examine()).toEqual([['documents', 'trouble', 'no documents.']]);
    folder = join(folder, 'CANARY');
    expect(await examine()).toEqual([
      [
        'documents',
        'trouble',
        'path 1 of 1: expected a file or folder that can be read; the system says ENOENT.',
      ],
    ]);
  });

  it('notes that other documents are executed too', async () => {
    put('a.json', { a: '{ __typename }' });
    expect((await examine({}))[2]).toEqual([
      'documents.only',
      'note',
      'false: other documents are executed too.',
    ]);
  });

  it('is skipped without PERSISTED_DOCUMENTS', async () => {
    const [result] = await resultsOf(documentsCheck, { settings: readSettings({}) });
    expect(result).toMatchObject({ status: 'skipped', message: 'not set.' });
  });
});
