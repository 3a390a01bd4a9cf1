import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';
import type { BorrowerKey } from '../../request/loaders.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { absentFrom, leftOutOf, withLeftOut } from '../../upstreams/endpoint/left-out.ts';
import { asNumber } from '../../upstreams/endpoint/response-keys.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  borrowerAddressColumns,
  listOrderBorrowers,
  borrowerColumns as recoveryConnectColumns,
} from '../../upstreams/recoveryconnect/borrowers.ts';
import {
  type CoBorrowerColumns,
  coBorrowerColumns,
  debtorAddressColumns,
  debtorColumns,
} from '../../upstreams/scollect/people-columns.ts';
import type { Ssn } from '../../values/ssn.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { readColumn } from '../kit/column-fields.ts';
import { startReads } from '../kit/look-ahead.ts';
import { readsOfBorrower, readsOfPerson } from '../kit/reads-by-key.ts';
import { type Address, addressOfAccount } from './address.ts';
import { columnsOfEmployer } from './employer.ts';

/** The row that a person stands in, with the key of the account or order that it belongs to. */
export type Borrower =
  | ({
      readonly source: 'SCOLLECT';
      /** Which of the account's people it is: the debtor, or one of those beside. */
      readonly place: string;
    } & AccountRow)
  | ({ readonly source: 'RECOVERY_CONNECT'; readonly row: Row } & BorrowerKey);

interface BorrowerColumns {
  readonly borrowerId?: Column<string>;
  readonly parentBorrowerId?: Column<string>;
  readonly personId?: Column<string>;
  readonly role?: Column<string>;
  readonly firstName?: Column<string>;
  readonly middleName?: Column<string>;
  readonly lastName?: Column<string>;
  readonly fullName?: Column<string>;
  readonly title?: Column<string>;
  readonly ssn?: Column<Ssn>;
  readonly ssnLast4?: Column<Ssn>;
  readonly dateOfBirth?: Column<string>;
  readonly emailAddress?: Column<string>;
  readonly isDeceased?: Column<boolean>;
  readonly deceasedDate?: Column<string>;
  readonly isActiveMilitary?: Column<boolean>;
  readonly isFraud?: Column<boolean>;
  readonly isViolent?: Column<boolean>;
  readonly isPrimary?: Column<boolean>;
  readonly isValidated?: Column<boolean>;
  readonly bankruptcy?: Column<string>;
  readonly occupation?: Column<string>;
  readonly isEmployed?: Column<boolean>;
  readonly creditScore?: Column<string>;
  readonly reportFileNumber?: Column<string>;
  readonly driversLicenseNumber?: Column<string>;
  readonly driversLicenseState?: Column<string>;
  readonly contactInfo?: Column<string>;
  readonly friends?: Column<string>;
  readonly primaryPhone?: Column<string>;
  readonly rawPrimaryPhone?: Column<string>;
  readonly secondaryPhone?: Column<string>;
  readonly rawSecondaryPhone?: Column<string>;
  readonly cellPhone?: Column<string>;
  readonly rawCellPhone?: Column<string>;
  readonly workPhone?: Column<string>;
  readonly rawWorkPhone?: Column<string>;
  readonly pager?: Column<string>;
  readonly rawPager?: Column<string>;
  readonly createdAt?: Column<string>;
  readonly updatedAt?: Column<string>;
  readonly deletedAt?: Column<string>;
}

/** The debtor's place among the people of an account. */
export const debtor = 'debtor';

/** Where the row of an account tells of somebody beside the debtor, by place. */
export const coBorrowers = new Map<string, CoBorrowerColumns>(
  coBorrowerColumns.map((one) => [one.place, one]),
);

/** Where a person's row tells what. */
export const columnsOf = (borrower: Borrower): BorrowerColumns => {
  if (borrower.source === 'RECOVERY_CONNECT') return recoveryConnectColumns;
  return coBorrowers.get(borrower.place)?.person ?? debtorColumns;
};

/** Rows of orders' borrowers are all there is. */
export const fullRow = (borrower: Borrower, context: Context): Row | null | Promise<Row | null> =>
  borrower.source === 'SCOLLECT' ? fullAccountRow(borrower, context) : borrower.row;

/**
 * The whole name, put together from its parts where the system keeps none. Suffixes and names of businesses may be in
 * the whole name alone, so that the parts in a row without it do not replace it.
 */
export const fullNameOf = async (borrower: Borrower, context: Context): Promise<string | null> => {
  const { fullName, firstName, middleName, lastName } = columnsOf(borrower);
  const whole = fullName ? await readColumn(fullName, borrower, context, fullRow) : null;
  if (whole !== null) return whole;
  const row = (await fullRow(borrower, context)) ?? borrower.row;
  const parts = [firstName, middleName, lastName].map((part) => part?.read(row) ?? null);
  return parts.filter((part) => part !== null).join(' ') || null;
};

/** What identifies a person: never the person's own data. */
export const borrowerKeyOf = (borrower: Borrower): string[] =>
  borrower.source === 'SCOLLECT'
    ? ['S', borrower.fileNumber, borrower.place]
    : ['R', borrower.orderId, borrower.borrowerId];

/** Where a person lives or works. */
export const addressesOf = async (borrower: Borrower, context: Context): Promise<Address[]> => {
  if (borrower.source === 'RECOVERY_CONNECT') {
    const { orderId, borrowerId } = borrower;
    const rows = await context.loaders.addressesOfBorrower.load({ orderId, borrowerId });
    return rows.map((row) => ({ row, columns: borrowerAddressColumns }));
  }
  const columns = borrower.place === debtor ? debtorAddressColumns : coBorrowers.get(borrower.place)?.address;
  const address = columns && (await addressOfAccount(borrower, columns, context));
  return address ? [address] : [];
};

/** The person who owes an account, as the account's own row tells. */
export const debtorOf = ({ fileNumber, row }: AccountRow): Borrower => ({
  source: 'SCOLLECT',
  place: debtor,
  fileNumber,
  row,
});

/** Whoever owes an account beside the debtor: those of whom anything is recorded. */
export const coBorrowersOf = async (
  { fileNumber, row }: AccountRow,
  context: Context,
): Promise<Borrower[]> => {
  const found = await Promise.all(
    coBorrowerColumns.map(({ place, person, address, employer }) => {
      const columns = [person, address ?? {}].flatMap((table) => Object.values(table));
      const one = { source: 'SCOLLECT', place, fileNumber, row } as const;
      return partOf(one, [...columns, ...columnsOfEmployer(employer)], context);
    }),
  );
  return found.filter((one) => one !== null);
};

/** The people on an order (RecoveryConnect: listOrderBorrowers). */
export const borrowersOfOrder = async (orderId: string, { loaders }: Context) => {
  const rows = await loaders.borrowersOfOrder.load(orderId);
  const borrowers = rows.map((row) => {
    return { source: 'RECOVERY_CONNECT', row, orderId, borrowerId: asNumber(row.id) } satisfies Borrower;
  });
  return withLeftOut(borrowers, leftOutOf(rows));
};

/** The people on an order without those whose record was deleted. */
export const currentBorrowersOfOrder = async (orderId: string, context: Context) => {
  const borrowers = await borrowersOfOrder(orderId, context);
  const current = borrowers.filter(({ row }) => recoveryConnectColumns.deletedAt.read(row) === null);
  return withLeftOut(current, leftOutOf(borrowers));
};

/**
 * One of the people on an order; null when there is no such one on it.
 *
 * @param info of the field whose type is Borrower: what is selected below it starts with it.
 */
export const borrowerOfOrder = async (
  { orderId, borrowerId }: BorrowerKey,
  context: Context,
  info: GraphQLResolveInfo,
) => {
  const reading = borrowersOfOrder(orderId, context);
  startReads(readsOfBorrower, 'Borrower', { orderId, borrowerId }, context, info);
  const borrowers = await reading;
  const found = borrowers.find((borrower) => borrower.borrowerId === borrowerId);
  return found ?? absentFrom(listOrderBorrowers, borrowers);
};

/**
 * One of the people of an account; null where nothing is recorded of such a one.
 *
 * @param info of the field whose type is Borrower: what is selected below it starts with the account.
 */
export const personAt = async (
  fileNumber: string,
  wanted: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Borrower | null> => {
  const loading = context.loaders.account.load(fileNumber);
  startReads(readsOfPerson, 'Borrower', { fileNumber, isDebtor: wanted === debtor }, context, info);
  const row = await loading;
  if (row === null) return null;
  const account = { fileNumber, row };
  if (wanted === debtor) return debtorOf(account);
  const people = await coBorrowersOf(account, context);
  return people.find((person) => person.source === 'SCOLLECT' && person.place === wanted) ?? null;
};
