import { describe, expect, it } from 'vitest';
import { type Column, column } from '../../src/upstreams/column.ts';
import { borrowerColumns } from '../../src/upstreams/recoveryconnect/borrowers.ts';
import { orderColumns } from '../../src/upstreams/recoveryconnect/order-columns.ts';
import { phoneColumns as borrowerPhoneColumns } from '../../src/upstreams/recoveryconnect/phones.ts';
import { accountColumns, debtorColumns, feeColumns } from '../../src/upstreams/scollect/account-columns.ts';
import { paymentColumns } from '../../src/upstreams/scollect/payments.ts';
import { phoneColumns } from '../../src/upstreams/scollect/phones.ts';
import { portfolioColumns } from '../../src/upstreams/scollect/portfolios.ts';
import { toText } from '../../src/values/text.ts';
import { corpusFile } from '../support/corpus.ts';

const keysIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)]);
};

const documented = (system: 'scollect' | 'recoveryconnect', ...operations: string[]): Set<string> =>
  new Set(
    operations.flatMap((operation) => {
      const { request, success } = corpusFile(system, operation);
      return [...keysIn(request), ...keysIn(success)];
    }),
  );

const tables: [string, Record<string, Column<unknown>>, Set<string>][] = [
  ['accounts', accountColumns, documented('scollect', 'getaccount')],
  ['fees', feeColumns, documented('scollect', 'getaccount')],
  ['debtors', debtorColumns, documented('scollect', 'getaccount')],
  ['phones of accounts', phoneColumns, documented('scollect', 'getphones')],
  ['payments', paymentColumns, documented('scollect', 'getpayments')],
  ['portfolios', portfolioColumns, documented('scollect', 'getportfoliolist')],
  ['orders', orderColumns, documented('recoveryconnect', 'filterOrders', 'createOrder')],
  ['borrowers', borrowerColumns, documented('recoveryconnect', 'listOrderBorrowers', 'createOrder')],
  [
    'phones of borrowers',
    borrowerPhoneColumns,
    documented('recoveryconnect', 'listBorrowerPhones', 'getBorrowerPhone'),
  ],
];

describe('columns', () => {
  it.each(tables)('of %s name documented keys only', (_, columns, keys) => {
    const named = Object.values(columns).flatMap((one) => one.keys);
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('read the first of several keys that holds something', () => {
    const { read } = column(toText, 'client_account_number', 'client_accountno');
    expect(read({ client_account_number: '1', client_accountno: '2' })).toBe('1');
    expect(read({ client_account_number: ' ', client_accountno: '2' })).toBe('2');
    expect(read({ client_accountno: '2' })).toBe('2');
    expect(read({})).toBeNull();
  });
});
