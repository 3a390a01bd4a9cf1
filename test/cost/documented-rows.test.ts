import { expect, it } from 'vitest';
import * as rows from '../../src/schema/cost/documented-rows.ts';
import { corpusFile } from '../support/corpus.ts';

/** The first row in a documented answer, however it is wrapped. */
const rowIn = (answer: unknown): object => {
  if (Array.isArray(answer)) return rowIn(answer[0]);
  const { result, success, data } = answer as Readonly<Record<string, unknown>>;
  const inner = result ?? success ?? data;
  return inner === undefined ? (answer as object) : rowIn(inner);
};

it.each([
  ['scollect', 'get_accounts_in_portfolio', rows.portfolioRow],
  ['scollect', 'searchbyphone', rows.searchRow],
  ['recoveryconnect', 'filterOrders', rows.orderRow],
  ['recoveryconnect', 'createOrder', rows.createdOrderRow],
  ['recoveryconnect', 'listBorrowerPhones', rows.phoneRow],
  ['recoveryconnect', 'createBorrowerPhone', rows.writtenPhoneRow],
  ['recoveryconnect', 'updateBorrowerPhone', rows.writtenPhoneRow],
] as const)('the row of %s %s is known by its documented keys', (system, operation, row) => {
  const documented = rowIn(corpusFile(system, operation).success);
  expect(Object.keys(documented).length).toBeGreaterThan(5);
  expect(Object.keys(row).sort()).toEqual(Object.keys(documented).sort());
});
