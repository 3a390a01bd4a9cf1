import { describe, expect, it } from 'vitest';
import { type Column, column, type Key } from '../../src/upstreams/endpoint/column.ts';
import * as assignments from '../../src/upstreams/recoveryconnect/assignments.ts';
import * as borrowers from '../../src/upstreams/recoveryconnect/borrowers.ts';
import * as cases from '../../src/upstreams/recoveryconnect/case-columns.ts';
import * as collaterals from '../../src/upstreams/recoveryconnect/collateral-columns.ts';
import * as orders from '../../src/upstreams/recoveryconnect/order-columns.ts';
import * as borrowerPhones from '../../src/upstreams/recoveryconnect/phones.ts';
import * as photos from '../../src/upstreams/recoveryconnect/photos.ts';
import * as vehicles from '../../src/upstreams/recoveryconnect/vehicle-columns.ts';
import * as accountTables from '../../src/upstreams/scollect/account-columns.ts';
import * as accounts from '../../src/upstreams/scollect/accounts.ts';
import * as attempts from '../../src/upstreams/scollect/attempts.ts';
import * as messages from '../../src/upstreams/scollect/messages.ts';
import * as notes from '../../src/upstreams/scollect/notes.ts';
import * as payments from '../../src/upstreams/scollect/payments.ts';
import * as people from '../../src/upstreams/scollect/people-columns.ts';
import * as phones from '../../src/upstreams/scollect/phones.ts';
import * as portfolios from '../../src/upstreams/scollect/portfolios.ts';
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

const scollect = { accountTables, accounts, attempts, messages, notes, payments, people, phones, portfolios };
const recoveryConnect = {
  assignments,
  borrowers,
  borrowerPhones,
  cases,
  collaterals,
  orders,
  photos,
  vehicles,
};

describe('columns', () => {
  it.each([
    ['Scollect', columnsIn(Object.values(scollect)), documented('scollect'), 300],
    ['RecoveryConnect', columnsIn(Object.values(recoveryConnect)), documented('recoveryconnect'), 150],
  ] as const)('of %s name documented keys only', (_, columns, keys, least) => {
    const named = columns.flatMap((one) => one.keys.flatMap(namesOf));
    expect(named.length).toBeGreaterThan(least);
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
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

  it('tell a row that says there is nothing from one that does not say', () => {
    const { isIn } = column(toText, 'client_account_number', 'client_accountno');
    expect(isIn({ client_accountno: null })).toBe(true);
    expect(isIn({ account: '1' })).toBe(false);
  });
});
