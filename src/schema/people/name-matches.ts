import type { Context } from '../../request/context.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { leftOutOf } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { coBorrowerColumns, debtorColumns } from '../../upstreams/scollect/people-columns.ts';
import { anySameName, type PersonName, readName } from '../../values/person-name.ts';
import { type AccountRow, fullAccountRow } from '../accounts/account-row.ts';
import { type Borrower, columnsOf } from './borrower-rows.ts';

interface NameColumns {
  readonly firstName?: Column<string>;
  readonly lastName?: Column<string>;
  readonly fullName?: Column<string>;
}

const nameIn = (row: Row, { firstName, lastName, fullName }: NameColumns): PersonName | null =>
  readName({ first: firstName?.read(row), last: lastName?.read(row), full: fullName?.read(row) });

const coBorrowerNames: readonly NameColumns[] = coBorrowerColumns.map(({ person }) => person);

/** The names of the people of an account; null for a debtor whose name is unknown. */
const namesInAccount = (row: Row): (PersonName | null)[] => [
  nameIn(row, debtorColumns),
  ...coBorrowerNames.map((columns) => nameIn(row, columns)).filter((name) => name !== null),
];

/**
 * Compares the people of an account with some of those of an order. A row that is not the account's full one costs a call
 * (getaccount) if the names in it do not match, or if a suffix in the order has to be compared with one that only the
 * full row may contain.
 *
 * @returns true if one of each has the same name, null if that is unknown, else false.
 */
export const nameMatches = async (
  account: AccountRow,
  borrowers: readonly Borrower[],
  context: Context,
): Promise<boolean | null> => {
  const known = borrowers.map((borrower) => nameIn(borrower.row, columnsOf(borrower)));
  // A borrower whose row was left out has a name that is unknown.
  const names = [...known, ...leftOutOf(borrowers).map(() => null)];
  if (names.every((name) => name === null)) return null;
  const atHand = anySameName(namesInAccount(account.row), names);
  const hasSuffix = names.some((name) => name?.generation !== undefined);
  if (atHand === true && !hasSuffix) return true;
  const row = await fullAccountRow(account, context);
  return row && row !== account.row ? anySameName(namesInAccount(row), names) : atHand;
};
