import { expect, it } from 'vitest';
import { portfolioRow, searchRow } from '../../src/schema/accounts/documented-rows.ts';
import { createdOrderRow, orderRow } from '../../src/schema/orders/documented-rows.ts';
import { phoneRow, writtenPhoneRow } from '../../src/schema/people/documented-rows.ts';
import { corpusFile } from '../support/corpus.ts';

/** The first row in a documented answer, however it is wrapped. */
const rowIn = (answer: unknown): object => {
  if (Array.isArray(answer)) return rowIn(answer[0]);
  const { result, success, data } = answer as Readonly<Record<string, unknown>>;
  const inner = result ?? success ?? data;
  return inner === undefined ? (answer as object) : rowIn(inner);
};

it.each([
  ['scollect', 'get_accounts_in_portfolio', portfolioRow],
  ['scollect', 'searchbyphone', searchRow],
  ['recoveryconnect', 'filterOrders', orderRow],
  ['recoveryconnect', 'createOrder', createdOrderRow],
  ['recoveryconnect', 'listBorrowerPhones', phoneRow],
  ['recoveryconnect', 'createBorrowerPhone', writtenPhoneRow],
  ['recoveryconnect', 'updateBorrowerPhone', writtenPhoneRow],
] as const)('the row of %s %s is known by its documented keys', (system, operation, row) => {
  const documented = rowIn(corpusFile(system, operation).success);
  expect(Object.keys(documented).length).toBeGreaterThan(5);
  expect(Object.keys(row).sort()).toEqual(Object.keys(documented).sort());
});
