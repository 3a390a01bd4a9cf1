import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Column, column, type Key } from '../../src/upstreams/endpoint/column.ts';
import { toText } from '../../src/values/text.ts';
import { corpusOf } from '../support/corpus.ts';

const keysIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
};

const documented = (system: 'scollect' | 'recoveryconnect'): Set<string> =>
  new Set(corpusOf(system).flatMap(({ request, success }) => [...keysIn(request), ...keysIn(success)]));

const isColumn = (value: object): value is Column<unknown> => 'keys' in value && 'isIn' in value;

/** All columns anywhere in the exports of a module. */
const columnsIn = (value: unknown): Column<unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  return isColumn(value) ? [value] : Object.values(value).flatMap(columnsIn);
};

const namesOf = (key: Key): readonly string[] => (typeof key === 'string' ? [key] : key);

/** All columns that the modules of a system export. */
const columnsOf = async (system: 'scollect' | 'recoveryconnect'): Promise<Column<unknown>[]> => {
  const folder = new URL(`../../src/upstreams/${system}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const modules: unknown[] = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  return columnsIn(modules);
};

describe('columns', () => {
  it.each([
    ['scollect', 300],
    ['recoveryconnect', 150],
  ] as const)('of %s name documented keys only', async (system, least) => {
    const named = (await columnsOf(system)).flatMap((one) => one.keys.flatMap(namesOf));
    expect(named.length).toBeGreaterThan(least);
    const keys = documented(system);
    expect(
      named.filter((key) => !keys.has(key)),
      `keys of columns in src/upstreams/${system}/ that are in no file of src/sandbox/fixtures/${system}/`,
    ).toEqual([]);
  });

  it('read the first of several keys that holds something', () => {
    const { read } = column(toText, 'client_account_number', 'client_accountno');
    expect(read({ client_account_number: '1', client_accountno: '2' })).toBe('1');
    expect(read({ client_account_number: ' ', client_accountno: '2' })).toBe('2');
    expect(read({ client_accountno: '2' })).toBe('2');
    expect(read({})).toBeNull();
  });

  it('read what stands in rows inside', () => {
    const { read, isIn } = column(toText, 'vin', ['base_object', 'identification_number']);
    expect(read({ base_object: { identification_number: '1' } })).toBe('1');
    expect(read({ vin: '2', base_object: { identification_number: '1' } })).toBe('2');
    expect(read({ base_object: null })).toBeNull();
    expect(isIn({ base_object: null })).toBe(false);
  });

  it('distinguish a blank value from a missing key', () => {
    const { isIn } = column(toText, 'client_account_number', 'client_accountno');
    expect(isIn({ client_accountno: null })).toBe(true);
    expect(isIn({ account: '1' })).toBe(false);
  });
});
