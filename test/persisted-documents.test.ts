import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import codegen from '../codegen.ts';
import { SettingsError } from '../src/config/settings.ts';
import { readPersistedDocuments } from '../src/http/persisted-documents.ts';
import { startGateway } from './support/gateway.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const sha = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex');

const document = 'query A { account(fileNumber: "R1001") { status } }';

const write = (text: string): string => {
  const folder = temporaryFolder();
  const file = join(folder, 'persisted-documents.json');
  writeFileSync(file, text);
  return file;
};

const problemOf = async (file: string): Promise<string> => {
  const error = await readPersistedDocuments(file).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
};

describe('a manifest of documents', () => {
  it.each([
    sha('sha256', document),
    `sha256:${sha('sha256', document)}`,
    sha('sha1', document),
    'a-name-of-its-own',
  ])('is read, with a document under %s', async (key) => {
    const file = write(JSON.stringify({ [key]: document }));
    expect(await readPersistedDocuments(file)).toEqual(new Map([[key, document]]));
  });

  it('that codegen writes is read and served', async () => {
    const files = (await generate({ ...codegen, silent: true }, false)) as readonly Generated[];
    const manifest = files.find(({ filename }) => filename.endsWith('persisted-documents.json'));
    const documents = await readPersistedDocuments(write(manifest?.content ?? ''));
    expect(documents.size).toBe(3);
    const { gateway } = await startGateway({ access: { persistedDocuments: { documents, only: true } } });
    for (const id of documents.keys()) {
      const response = await gateway.fetch(`http://gateway/graphql?documentId=${id}`);
      const { errors } = (await response.json()) as { errors?: unknown };
      expect([response.status, errors]).toEqual([200, undefined]);
    }
  });

  it.each([
    ['no JSON', '{ SECRET'],
    ['no object', '["SECRET"]'],
    ['nothing', 'null'],
  ])('that is %s is refused', async (_, text) => {
    const problem = await problemOf(write(text));
    expect(problem).toMatch(/^PERSISTED_DOCUMENTS: expected JSON, an object of documents by their hashes/);
    expect(problem).not.toContain('SECRET');
  });

  it('without any is refused', async () => {
    expect(await problemOf(write('{}'))).toBe(
      'PERSISTED_DOCUMENTS: expected a file with at least one document.',
    );
  });

  it('that is not there is refused', async () => {
    expect(await problemOf('/nowhere/documents.json')).toBe(
      'PERSISTED_DOCUMENTS: expected a file that can be read; the system says ENOENT.',
    );
  });

  it.each<readonly [string, string, unknown, string]>([
    ['is no text', 'a', { query: document }, 'expected a text.'],
    ['is not that of its hash', sha('sha256', 'other'), document, 'expected its own hash as its key.'],
    [
      'is not that of its prefixed hash',
      `sha256:${sha('sha256', 'other')}`,
      document,
      'expected its own hash',
    ],
    ['is not that of its short hash', sha('sha1', 'other'), document, 'expected its own hash as its key.'],
    ['does not parse', 'a', 'query {', 'cannot be used. Syntax Error: Expected Name, found <EOF>.'],
    ['does not fit the schema', 'a', '{ nothing }', 'cannot be used. Cannot query field "nothing"'],
    [
      'holds a value that does not fit',
      'a',
      '{ account(fileNumber: 111223333.5) { status } }',
      'cannot be used.',
    ],
  ])('with a document that %s is refused', async (_, key, value, expected) => {
    const problem = await problemOf(write(JSON.stringify({ first: document, [key]: value })));
    expect(problem).toContain('PERSISTED_DOCUMENTS: document 2 of 2');
    expect(problem).toContain(expected);
    expect(problem).not.toContain('111223333');
  });
});

interface Generated {
  readonly filename: string;
  readonly content: string;
}
