import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPersistedDocuments } from '../../src/http/persisted-documents/documents.ts';
import type { ManifestClients } from './journeys/running.ts';
import { canRunClients, clientsFolder } from './packages.ts';
import { startRunning } from './running.ts';

const load = (file: string) =>
  import(`./journeys/${file}.ts`) as Promise<{ readonly clients: ManifestClients }>;

const isThere = canRunClients('tests of GraphQL clients with manifests');

describe.skipIf(!isThere)('with a manifest, and nothing else executed', () => {
  it.each(['Apollo Client', 'urql', 'Relay'] as const)('%s', async (name) => {
    const { manifest, run } = (await load('manifests')).clients[name];
    const documents = await readPersistedDocuments([join(clientsFolder, manifest)]);
    expect(documents.size).toBeGreaterThan(0);
    const running = await startRunning({ access: { persistedDocuments: { documents, only: true } } });
    await run(running);
    expect(running.sent).not.toEqual([]);
    expect(running.sent.filter(({ method, body }) => method !== 'POST' || 'query' in body)).toEqual([]);
  });
});
