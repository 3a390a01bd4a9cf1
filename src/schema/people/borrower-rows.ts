import type { GraphQLResolveInfo } from 'graphql';
import type { Things } from '../../operation/cost/things.ts';
import { prefetch } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import type { BorrowerKey } from '../../request/loaders.ts';
import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import { absentFrom, leftOutOf, withLeftOut } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  borrowerAddressColumns,
  listBorrowerAddresses,
  listOrderBorrowers,
  borrowerColumns as recoveryConnectColumns,
} from '../../upstreams/recoveryconnect/borrowers.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import {
  type CoBorrowerColumns,
  coBorrowerColumns,
  debtor,
  debtorAddressColumns,
  debtorColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import type { Ssn } from '../../values/ssn.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { readColumn } from '../kit/column-fields.ts';
import { byNumber, type Listed, listed } from '../kit/listed.ts';
import { type Address, addressOfAccount } from './address.ts';
import { columnsOfEmployer } from './employer.ts';

/** The row that contains a person, with the key of the account or order that it belongs to. */
export type Borrower =
  | ({
      readonly source: 'SCOLLECT';
      /** The role of the person in the account: the debtor, or a co-borrower. */
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

/** The columns of the co-borrowers in the row of an account, by role. */
export const coBorrowers = new Map<string, CoBorrowerColumns>(
  coBorrowerColumns.map((one) => [one.place, one]),
);

/** The columns of a person's row. */
export const columnsOf = (borrower: Borrower): BorrowerColumns => {
  if (borrower.source === 'RECOVERY_CONNECT') return recoveryConnectColumns;
  return coBorrowers.get(borrower.place)?.person ?? debtorColumns;
};

/** Returns the full row of a person; the row of an order's borrower is the full row. */
export const fullRow = (borrower: Borrower, context: Context): Row | null | Promise<Row | null> =>
  borrower.source === 'SCOLLECT' ? fullAccountRow(borrower, context) : borrower.row;

/**
 * Returns the whole name, joined from its parts if the upstream has none. Suffixes and names of businesses may be in
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

/** The key of a person; it contains no personal data. */
export const borrowerKeyOf = (borrower: Borrower): string[] =>
  borrower.source === 'SCOLLECT'
    ? ['S', borrower.fileNumber, borrower.place]
    : ['R', borrower.orderId, borrower.borrowerId];

/** The columns of the address in the row of an account. */
export const addressColumnsOf = (borrower: Borrower): AddressColumns | undefined => {
  if (borrower.source === 'RECOVERY_CONNECT') return undefined;
  return borrower.place === debtor ? debtorAddressColumns : coBorrowers.get(borrower.place)?.address;
};

/** Returns the addresses in rows of listBorrowerAddresses. */
export const addressesIn = (
  rows: readonly Row[],
  { orderId, borrowerId }: BorrowerKey,
): (Address & Listed)[] =>
  listed(rows, ['R', orderId, borrowerId], byNumber(borrowerAddressColumns.addressId)).map((one) => ({
    ...one,
    columns: borrowerAddressColumns,
  }));

/** The addresses of a person. */
export const addressesOf = async (borrower: Borrower, context: Context): Promise<Address[]> => {
  if (borrower.source === 'RECOVERY_CONNECT') {
    const { orderId, borrowerId } = borrower;
    const rows = await context.loaders.of(listBorrowerAddresses).load({ orderId, borrowerId });
    return addressesIn(rows, { orderId, borrowerId });
  }
  const columns = addressColumnsOf(borrower);
  const address = columns && (await addressOfAccount(borrower, columns, context));
  return address ? [address] : [];
};

/** The debtor of an account, from the account's own row. */
export const debtorOf = ({ fileNumber, row }: AccountRow): Borrower => ({
  source: 'SCOLLECT',
  place: debtor,
  fileNumber,
  row,
});

/** What is known of a person of an account before any call. */
export const personKnown = (fileNumber: string, place: string) => ({ source: 'SCOLLECT', place, fileNumber });

export const debtorKnown = (fileNumber: string) => personKnown(fileNumber, debtor);

/** The co-borrowers of an account of whom anything is recorded. */
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

/** Returns the borrowers in rows of listOrderBorrowers. */
export const borrowersIn = (rows: ReplyOf<typeof listOrderBorrowers>, orderId: string) => {
  const borrowers = rows.map((row) => {
    return { source: 'RECOVERY_CONNECT', row, orderId, borrowerId: canonicalId(row.id) } satisfies Borrower;
  });
  return withLeftOut(borrowers, leftOutOf(rows));
};

const borrowersOfOrder = async (orderId: string, { loaders }: Context) =>
  borrowersIn(await loaders.of(listOrderBorrowers).load({ orderId }), orderId);

/** The borrowers of an order without deleted records. */
export const currentBorrowersOfOrder = async (orderId: string, context: Context) => {
  const borrowers = await borrowersOfOrder(orderId, context);
  const current = borrowers.filter(({ row }) => recoveryConnectColumns.deletedAt.read(row) === null);
  return withLeftOut(current, leftOutOf(borrowers));
};

/**
 * Returns one borrower of an order; null if the order has no such borrower.
 *
 * @param info of the field whose type is Borrower: selected reads below it start in parallel with it.
 */
export const borrowerOfOrder = async (
  { orderId, borrowerId }: BorrowerKey,
  context: Context,
  info: GraphQLResolveInfo,
) => {
  const reading = borrowersOfOrder(orderId, context);
  prefetch('Borrower', { source: 'RECOVERY_CONNECT', orderId, borrowerId }, context, info);
  const borrowers = await reading;
  const found = borrowers.find((borrower) => borrower.borrowerId === borrowerId);
  return found ?? absentFrom(listOrderBorrowers, borrowers);
};

/**
 * Returns one person of an account; null if nothing is recorded of that person.
 *
 * @param info of the field whose type is Borrower: selected reads below it start in parallel with the account.
 */
export const personAt = async (
  fileNumber: string,
  wanted: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Borrower | null> => {
  const loading = context.loaders.of(getaccount).load({ fileNumber });
  prefetch('Borrower', personKnown(fileNumber, wanted), context, info);
  const row = await loading;
  if (row === null) return null;
  const account = { fileNumber, row };
  if (wanted === debtor) return debtorOf(account);
  const people = await coBorrowersOf(account, context);
  return people.find((person) => person.source === 'SCOLLECT' && person.place === wanted) ?? null;
};

/** A person in the estimate of a cost: the parent that resolvers get, but with a row of documented keys. */
export const personIn = ({ parent }: Pick<Things, 'parent'>): Borrower => parent as Borrower;
