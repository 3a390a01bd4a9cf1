import type { Calls } from '../../operation/cost/calls.ts';
import type { FieldCost, Selected } from '../../operation/cost/field-cost.ts';
import { bareRow } from '../../operation/cost/known-row.ts';
import { callsFor, named, oneOf, relatedTo, severalOf, type Things } from '../../operation/cost/things.ts';
import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { debtor } from '../../upstreams/scollect/people-columns.ts';
import { canonicalFileNumber } from '../../values/file-number.ts';
import { fileNumberOf } from '../kit/input-error.ts';
import { searchRow } from './documented-rows.ts';

// Accounts and their parts in the estimate of a cost, with the rows that contain them.

/** The assumed number of accounts that one phone number is kept for. */
export const accountsPerPhone = 5;

/** The assumed number of phones of an account. */
export const phonesPerAccount = 10;

/** Objects that are found by a key of a person. */
export const foundBy = (kind: string, value: unknown): Things => named(kind, [String(value)], { parent: {} });

/** Accounts whose rows are full. */
export const wholeAccounts = (fileNumbers: readonly string[]): Things =>
  named('account', fileNumbers.map(canonicalFileNumber), { parent: { fileNumber: '', row: bareRow } });

/** The same accounts with a row that contains a part; `getaccount` returns all of it. */
export const accountsInRow = (accounts: Things, row: Row): Things => ({
  ...accounts,
  key: `${accounts.key}#in a row`,
  parent: { fileNumber: '', row },
  full: callsFor(getaccount, accounts),
});

/** Accounts of which only the file numbers are known. */
export const bareAccounts = (fileNumbers: readonly string[]): Things =>
  accountsInRow(wholeAccounts(fileNumbers), bareRow);

/** The parent of what is found by its id in a list of an account. */
export const parentAccount = {
  system: 'S',
  parts: 1,
  parentOf: ([fileNumber = '']: readonly string[]) => ({ fileNumber: fileNumberOf(fileNumber, 'id') }),
  thingsOf: ([fileNumber = '']: readonly string[]): Things => bareAccounts([fileNumber]),
} as const;

/** The account of a write or an outcome. It is read after the write, and so shared with no other reads. */
export const accountOfWrite = (things: Things): Things => accountsInRow(oneOf(things, 'account'), bareRow);

/** The cost of the account of a write, and of reads for it. */
export const ofAccountOfWrite = (
  endpoints: readonly Parameters<typeof callsFor>[0][] = [],
  gives: (account: Things) => readonly Things[] = () => [],
): FieldCost => ({
  calls: ({ things }) => endpoints.map((endpoint) => callsFor(endpoint, accountOfWrite(things))),
  gives: ({ things }) => gives(accountOfWrite(things)),
});

/** The accounts that are found by the numbers of some phones. */
export const accountsFound = (phones: Things): Things =>
  accountsInRow(severalOf(phones, 'accounts', accountsPerPhone, { parent: { row: bareRow } }), searchRow);

export const rowOf = ({ parent }: Pick<Things, 'parent'>): Row => (parent as { readonly row: Row }).row;

/** A part of the account's own row. */
const inRow = (account: Things, relation: string, parent: object): Things =>
  oneOf(account, relation, {
    parent: { ...parent, fileNumber: '', row: rowOf(account) },
    related: { account },
    ...(account.full && { full: account.full }),
  });

/** A person of each account. */
export const personOf = (account: Things, place: string): Things =>
  inRow(account, place, { source: 'SCOLLECT', place });

/** An employer or an address in the row of the account. */
export const partAt = (things: Things, relation: string, columns: object | undefined): Things[] =>
  columns ? [inRow(things, relation, { columns })] : [];

/** Phones of each account: of the debtor, or of another person in its row. */
export const phonesOf = (account: Things, size: number, person: string = debtor): Things =>
  severalOf(account, `phones of ${person}`, size, {
    parent: { source: 'SCOLLECT', place: '', account: account.parent, row: bareRow, person },
    related: { account },
  });

/** An address that is in no account's row. */
export const addressOf = (of: Things, columns: AddressColumns): Things =>
  oneOf(of, 'address', { parent: { row: bareRow, columns } });

/** The calls for the account that a person or a phone belongs to, and the account. */
const accountBehind = (things: Things): { calls: readonly Calls[]; gives: readonly Things[] } => {
  const [account] = relatedTo(things, 'account');
  if (!account) return { calls: [], gives: [] };
  if (!account.full || Object.keys(rowOf(account)).length > 0) return { calls: [], gives: [account] };
  const { full, ...whole } = account;
  return { calls: [full], gives: [{ ...whole, key: `${account.key}#whole` }] };
};

/** The account that a person or a phone belongs to: it is read if no row of it was read before. */
export const accountBehindCost: FieldCost = {
  calls: ({ things }: Selected) => accountBehind(things).calls,
  gives: ({ things }: Selected) => accountBehind(things).gives,
};
