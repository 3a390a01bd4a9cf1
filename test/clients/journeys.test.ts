import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { scopes } from '../../src/operation/caller.ts';
import { impossible, type Journey, type Journeys, journeys } from './journeys/journeys.ts';
import type { Running } from './journeys/running.ts';
import { canRunClients } from './packages.ts';
import { startRunning } from './running.ts';

/** The modules of `journeys/`, which import the packages of a client. */
const clients = [
  ['Apollo Client', 'apollo'],
  ['urql with graphcache', 'urql'],
  ['Relay', 'relay'],
  ['graphql-request', 'graphql-request'],
] as const;

interface ClientModule {
  readonly client: Journeys;
  /** What only this client does. */
  readonly others?: Readonly<Record<string, (running: Running) => Promise<void>>>;
}

const load = (file: string) => import(`./journeys/${file}.ts`) as Promise<ClientModule>;

const titledOf = (file: string) =>
  Object.entries(journeys)
    .filter(([name]) => !impossible[file]?.includes(name as Journey))
    .map(([name, title]) => [title, name as Journey] as const);

/** Others than those of the journeys: their hashes are unknown. */
const persistedDocuments = { documents: new Map([['another', '{ __typename }']]), only: false };

const isThere = canRunClients('tests of GraphQL clients');

// Caches warn of types without keys, of lost data and of fragments that they cannot match.
const warnings: unknown[] = [];
const warn = (...words: unknown[]): void => void warnings.push(words);

beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(console, 'warn').mockImplementation(warn);
  vi.spyOn(console, 'error').mockImplementation(warn);
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(warnings).toEqual([]);
});

describe.skipIf(!isThere).each(clients)('%s', (_, file) => {
  let module: ClientModule;

  beforeAll(async () => {
    module = await load(file);
  });

  const journeyOf = (name: Journey) => {
    const journey = module.client[name];
    if (!journey) throw new Error(`test/clients/journeys/${file}.ts: expected the journey "${name}".`);
    return journey;
  };

  it.for(titledOf(file))('%s', async ([, name]) => {
    await journeyOf(name)(await startRunning({ access: { persistedDocuments } }));
  });

  if (titledOf(file).some(([, name]) => name === 'persisted')) {
    it('sends a hash, and the text, if the gateway has no trusted documents', async () => {
      await journeyOf('persisted')(await startRunning({ access: { persistedDocuments: null } }));
    });
  }

  it('shows a masked field as a whole to a caller with the scope pii:read', async () => {
    await journeyOf('masked')(await startRunning({ scopes }));
  });
});

describe.skipIf(!isThere)('Relay', () => {
  it('keeps the pages of each filter apart', async () => {
    const { others } = await load('relay');
    await others?.['filters']?.(await startRunning());
  });
});

describe.skipIf(!isThere)('Apollo Client', () => {
  it('shows an account before its notes in the newer format too', async () => {
    const { others } = await load('apollo');
    await others?.['newerParts']?.(await startRunning());
  });
});

describe.skipIf(!isThere).each([
  ['Apollo Client', 'apollo', 'rows'],
  ['Apollo Client, in the newer format,', 'apollo', 'newerRows'],
  ['urql with graphcache', 'urql', 'rows'],
])('%s', (_, file, name) => {
  it('shows all accounts of a portfolio that are streamed', async () => {
    const { others } = await load(file);
    const show = others?.[name];
    if (!show) throw new Error(`test/clients/journeys/${file}.ts: expected ${name}.`);
    await show(await startRunning());
  });
});
