import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it, onTestFinished } from 'vitest';
import codegen from '../../codegen.ts';
import { SettingsError } from '../../src/config/settings.ts';
import { readPersistedDocuments } from '../../src/http/persisted-documents/documents.ts';
import { openPersistedDocuments } from '../../src/http/persisted-documents/open-documents.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { type Reply, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const document = 'query A { account(fileNumber: "R1001") { status } }';
const other = 'query B { portfolios { name } }';

const write = (text: string): string => {
  const file = join(temporaryFolder(), 'documents.json');
  writeFileSync(file, text);
  return file;
};

const problemOf = async (...paths: string[]): Promise<string> => {
  const error = await readPersistedDocuments(paths).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
};

const json = (value: unknown): string => JSON.stringify(value);

describe('manifests of documents', () => {
  it('are read from files and folders, of every format', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.json'), json({ a: document }));
    writeFileSync(
      join(folder, 'apollo.json'),
      json({ format: 'apollo-persisted-query-manifest', version: 1, operations: [{ id: 'b', body: other }] }),
    );
    writeFileSync(join(folder, '.draft.json'), 'no JSON');
    writeFileSync(join(folder, 'README.md'), 'no JSON');
    mkdirSync(join(folder, 'older'));
    writeFileSync(join(folder, 'older', 'c.json'), 'no JSON');
    // The same manifest twice, and the same document in two.
    const file = write(json({ a: document, c: other }));
    expect(await readPersistedDocuments([folder, file, file])).toEqual(
      new Map([
        ['a', document],
        ['b', other],
        ['c', other],
      ]),
    );
  });

  it('that codegen writes are read and served', async () => {
    const files = (await generate({ ...codegen, silent: true }, false)) as readonly Generated[];
    const manifest = files.find(({ filename }) => filename.endsWith('persisted-documents.json'));
    const content = manifest?.content ?? '';
    const documents = await readPersistedDocuments([write(content)]);
    expect([...documents.keys()]).toEqual(Object.keys(JSON.parse(content)));
    expect(documents.size).toBeGreaterThan(0);
  });

  it.each<readonly [string, () => string, RegExp]>([
    [
      'that are not there',
      () => '/nowhere/documents.json',
      /expected a file or folder that can be read; the system says ENOENT\.$/,
    ],
    [
      'of an empty folder',
      () => temporaryFolder(),
      /^PERSISTED_DOCUMENTS: expected manifests with at least one document\.$/,
    ],
    [
      'without documents',
      () => write('{}'),
      /^PERSISTED_DOCUMENTS: expected manifests with at least one document\.$/,
    ],
    ['that are no JSON', () => write('{ SECRET'), /path 1 of 1: expected JSON/],
    [
      'whose document does not parse',
      () => write(json({ a: document, b: 'query {' })),
      /document 2 of 2 cannot be used\. Syntax Error: Expected Name, found <EOF>\.$/,
    ],
    [
      'whose document does not fit the schema',
      () => write(json({ a: '{ nothing }' })),
      /document 1 of 1 cannot be used\. Cannot query field "nothing"/,
    ],
    [
      'whose document holds a number',
      () => write(json({ a: '{ account(fileNumber: 111223333.5) { status } }' })),
      /document 1 of 1 cannot be used\./,
    ],
  ])('%s are rejected', async (_, path, expected) => {
    const problem = await problemOf(path());
    expect(problem).toMatch(expected);
    expect(problem).toMatch(/^PERSISTED_DOCUMENTS: /);
    expect(problem).not.toMatch(/SECRET|111223333/);
  });

  it('of a folder are named in messages by their file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.json'), json({ a: document }));
    writeFileSync(join(folder, 'b.json'), 'no JSON');
    expect(await problemOf(write('{}'), folder)).toMatch(
      /^PERSISTED_DOCUMENTS: path 2 of 2, b\.json: expected JSON/,
    );
  });

  it('with one id for two documents are rejected', async () => {
    const second = write(json({ a: other }));
    expect(await problemOf(write(json({ a: document })), second)).toBe(
      'PERSISTED_DOCUMENTS: path 2 of 2: document 1 of 1 has the id of another document; expected one text for each id.',
    );
  });
});

interface Generated {
  readonly filename: string;
  readonly content: string;
}

describe('open manifests', () => {
  const open = async (paths: readonly string[]) => {
    const printed: unknown[] = [];
    const log = createLog('info', { destination: { write: (line) => void printed.push(JSON.parse(line)) } });
    const lines = () => printed;
    const metrics = createMetrics();
    const opened = await openPersistedDocuments({ paths, only: true, log, metrics, intervalMs: 10 });
    onTestFinished(() => opened.close());
    const counts = async () =>
      [...(await metrics.read()).matchAll(/^recollect_persisted_documents\S* (\d+)$/gm)].map(
        ([line]) => line,
      );
    return { opened, lines, counts };
  };

  const ids = ({ documents }: { readonly documents: ReadonlyMap<string, string> }) => [...documents.keys()];

  it('are followed: a changed file, a new one, one that is gone', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.json'), json({ a: document }));
    const { opened, lines, counts } = await open([folder]);
    writeFileSync(join(folder, 'a.json'), json({ a: other }));
    await expect.poll(() => opened.documents.get('a')).toBe(other);
    writeFileSync(join(folder, 'b.json'), json({ b: document, c: document }));
    await expect.poll(() => ids(opened)).toEqual(['a', 'b', 'c']);
    rmSync(join(folder, 'a.json'));
    await expect.poll(() => ids(opened)).toEqual(['b', 'c']);
    expect(lines()).toMatchObject([
      { documents: 1, added: 1, removed: 1 },
      { documents: 3, added: 2, removed: 0 },
      { documents: 2, added: 0, removed: 1 },
    ]);
    expect(await counts()).toEqual([
      'recollect_persisted_documents_reloads_total{outcome="loaded"} 3',
      'recollect_persisted_documents_reloads_total{outcome="rejected"} 0',
      'recollect_persisted_documents 2',
    ]);
  });

  it('are followed through the links of a Kubernetes volume', async () => {
    const volume = temporaryFolder();
    for (const [version, text] of [
      ['..1', document],
      ['..2', other],
    ] as const) {
      mkdirSync(join(volume, version));
      writeFileSync(join(volume, version, 'a.json'), json({ a: text }));
    }
    symlinkSync('..1', join(volume, '..data'));
    symlinkSync('..data/a.json', join(volume, 'a.json'));
    const { opened } = await open([volume]);
    expect(opened.documents.get('a')).toBe(document);
    symlinkSync('..2', join(volume, '..new'));
    renameSync(join(volume, '..new'), join(volume, '..data'));
    await expect.poll(() => opened.documents.get('a')).toBe(other);
  });

  it.each([
    ['a file that is no JSON', (file: string) => writeFileSync(file, '{"b": "SECRET')],
    [
      'a document that does not fit',
      (file: string) => writeFileSync(file, json({ b: other, c: '{ nothing }' })),
    ],
    ['a file that is gone', (file: string) => rmSync(file)],
  ])('remain as they are after %s, which is reported once', async (_, change) => {
    const file = write(json({ a: document }));
    const { opened, lines, counts } = await open([file]);
    change(file);
    await expect.poll(() => lines().length).toBe(1);
    await sleep(100);
    expect(ids(opened)).toEqual(['a']);
    expect(lines()).toEqual([
      expect.objectContaining({
        level: 50,
        problem: expect.stringContaining('PERSISTED_DOCUMENTS: path 1 of 1: '),
        documents: 1,
      }),
    ]);
    expect(json(lines())).not.toContain('SECRET');
    expect(await counts()).toContain('recollect_persisted_documents_reloads_total{outcome="rejected"} 1');

    writeFileSync(file, json({ b: other }));
    await expect.poll(() => ids(opened)).toEqual(['b']);
  });

  it('are read at once on demand, one read after the other', async () => {
    const file = write(json({ a: document }));
    const { opened } = await open([file]);
    writeFileSync(file, json({ b: other }));
    const first = opened.reload();
    await Promise.all([first, opened.reload()]);
    expect(ids(opened)).toEqual(['b']);
  });

  it('change what a running gateway executes', async () => {
    const file = write(json({ a: document }));
    const { opened } = await open([file]);
    const { gateway } = await startGateway({ access: { persistedDocuments: opened } });
    const send = async (id: string): Promise<Reply> =>
      (await (await gateway.fetch(`http://gateway/graphql?documentId=${id}`)).json()) as Reply;
    expect(await send('a')).toHaveProperty('data.account');
    writeFileSync(file, json({ b: other }));
    await opened.reload();
    expect(await send('b')).toHaveProperty('data.portfolios');
    expect(await send('a')).toHaveProperty('errors.0.extensions.code', 'PERSISTED_DOCUMENT_NOT_FOUND');
  });
});
