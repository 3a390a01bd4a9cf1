import { readFileSync } from 'node:fs';
import { schema } from '../schema/schema.ts';
import { cachedOperationsTable } from './cached-operations-table.ts';
import {
  connectionsTable,
  graphcacheModule,
  possibleTypesModule,
  typePoliciesModule,
} from './client-caches.ts';
import { fenced, installation, snippet } from './client-snippets.ts';
import { errorCodesTable, mutationCodesTable } from './error-code-tables.ts';
import { type GeneratedBlock, withGenerated } from './markdown.ts';
import { scopesTable } from './scopes-table.ts';
import { settingsTable } from './settings-table.ts';

/** The pages that contain generated tables and snippets. */
export const pages = [
  'docs/cache.md',
  'docs/settings.md',
  'docs/security.md',
  'docs/errors.md',
  'docs/clients.md',
] as const;

const tables: Readonly<Record<string, (words: readonly string[]) => string>> = {
  settings: settingsTable,
  'cached-operations': cachedOperationsTable,
  scopes: () => scopesTable(schema),
  'error-codes': errorCodesTable,
  'mutation-codes': () => mutationCodesTable(schema),
  connections: () => connectionsTable(schema),
  'possible-types': () => fenced('generated/possible-types.ts', possibleTypesModule(schema)),
  'type-policies': () => fenced('generated/type-policies.ts', typePoliciesModule(schema)),
  graphcache: () => fenced('generated/graphcache.ts', graphcacheModule(schema)),
  snippet,
  install: installation,
};

const generate = ({ name, words }: GeneratedBlock): string => {
  const generator = tables[name];
  if (!generator) throw new Error(`generated: ${name}: expected one of ${Object.keys(tables).join(', ')}`);
  return generator(words);
};

/** The text of a page with its tables as the code has them now. */
export const generatePage = (file: string): string => withGenerated(readFileSync(file, 'utf8'), generate);
