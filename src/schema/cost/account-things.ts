import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { inCapitals } from '../accounts/account-row.ts';
import { debtor } from '../people/borrower-rows.ts';
import type { Calls } from './calls.ts';
import { callsFor, named, oneOf, severalOf, type Things } from './cost-node.ts';
import { bareRow, searchRow } from './documented-rows.ts';
import { assumedSizes } from './sizes.ts';

// What comes of accounts, with the rows that tell of it.

/** Accounts whose rows are whole. */
export const wholeAccounts = (fileNumbers: readonly string[]): Things =>
  named('account', fileNumbers.map(inCapitals), { parent: { fileNumber: '', row: bareRow } });

/** The same accounts, of which a row tells a part, and `getaccount` the rest. */
export const accountsTold = (accounts: Things, row: Row): Things => ({
  ...accounts,
  key: `${accounts.key}#told`,
  parent: { fileNumber: '', row },
  full: callsFor('getaccount', accounts),
});

/** Accounts of which no more is known than their numbers. */
export const bareAccounts = (fileNumbers: readonly string[]): Things =>
  accountsTold(wholeAccounts(fileNumbers), bareRow);

/** The accounts that are found by the numbers of some phones. */
export const accountsFound = (phones: Things): Things =>
  accountsTold(
    severalOf(phones, 'accounts', assumedSizes.accountsOfPhone, { parent: { row: bareRow } }),
    searchRow,
  );

export const rowOf = ({ parent }: Things): Row => (parent as { readonly row: Row }).row;

/** Something that the account's own row tells. */
const inRow = (account: Things, relation: string, parent: object): Things =>
  oneOf(account, relation, {
    parent: { ...parent, fileNumber: '', row: rowOf(account) },
    account,
    ...(account.full && { full: account.full }),
  });

/** A person of each account. */
export const personOf = (account: Things, place: string): Things =>
  inRow(account, place, { source: 'SCOLLECT', place });

/** Who a person works for, or an address, in the row of the account. */
export const partAt = (things: Things, relation: string, columns: object | undefined): Things[] =>
  columns ? [inRow(things, relation, { columns })] : [];

/** Phones of each account: of the debtor, unless of another person in its row. */
export const phonesOf = (account: Things, size: number, person: string = debtor): Things =>
  severalOf(account, `phones of ${person}`, size, {
    parent: { source: 'SCOLLECT', place: '', account: account.parent, row: bareRow, person },
    account,
  });

/** An address that stands in no account's row. */
export const addressOf = (of: Things, columns: AddressColumns): Things =>
  oneOf(of, 'address', { parent: { row: bareRow, columns } });

/** The account that a person or a phone belongs to: read where not even a row of it was on the way. */
export const accountBehind = ({ account }: Things): { calls: readonly Calls[]; gives: readonly Things[] } => {
  if (!account) return { calls: [], gives: [] };
  if (!account.full || Object.keys(rowOf(account)).length > 0) return { calls: [], gives: [account] };
  const { full, ...whole } = account;
  return { calls: [full], gives: [{ ...whole, key: `${account.key}#whole` }] };
};
