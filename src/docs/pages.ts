import { readFileSync } from 'node:fs';
import { schema } from '../schema/schema.ts';
import { errorCodesTable, mutationCodesTable } from './error-code-tables.ts';
import { type GeneratedBlock, withGenerated } from './markdown.ts';
import { scopesTable } from './scopes-table.ts';
import { settingsTable } from './settings-table.ts';

/** The pages that contain generated tables. */
export const pages = ['docs/settings.md', 'docs/security.md', 'docs/errors.md'] as const;

const tables: Readonly<Record<string, (words: readonly string[]) => string>> = {
  settings: settingsTable,
  scopes: () => scopesTable(schema),
  'error-codes': errorCodesTable,
  'mutation-codes': () => mutationCodesTable(schema),
};

const generate = ({ name, words }: GeneratedBlock): string => {
  const generator = tables[name];
  if (!generator) throw new Error(`generated: ${name}: expected one of ${Object.keys(tables).join(', ')}`);
  return generator(words);
};

/** The text of a page with its tables as the code has them now. */
export const generatePage = (file: string): string => withGenerated(readFileSync(file, 'utf8'), generate);
