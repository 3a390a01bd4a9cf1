import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { BorrowerKey } from '../loaders.ts';
import type { Column } from '../upstreams/column.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { borrowerColumns } from '../upstreams/recoveryconnect/borrowers.ts';
import { debtorColumns } from '../upstreams/scollect/account-columns.ts';
import { maskSsn, type Ssn, writeSsn } from '../values/ssn.ts';
import { columnFields } from './column-fields.ts';
import { PhoneType, phonesOfAccount, phonesOfBorrower } from './phone.ts';
import { UpstreamSystemEnum } from './system.ts';

/** The row that a person stands in, with the key of the account or order that it belongs to. */
export type Borrower = { readonly row: Row } & (
  | { readonly source: 'SCOLLECT'; readonly fileNumber: string }
  | ({ readonly source: 'RECOVERY_CONNECT' } & BorrowerKey)
);

interface BorrowerColumns {
  readonly borrowerId?: Column<string>;
  readonly role?: Column<string>;
  readonly firstName: Column<string>;
  readonly middleName: Column<string>;
  readonly lastName: Column<string>;
  readonly fullName?: Column<string>;
  readonly ssn: Column<Ssn>;
  readonly dateOfBirth: Column<string>;
  readonly emailAddress?: Column<string>;
  readonly isDeceased: Column<boolean>;
  readonly isActiveMilitary?: Column<boolean>;
  readonly bankruptcy: Column<string>;
}

const columns: Record<Borrower['source'], BorrowerColumns> = {
  SCOLLECT: debtorColumns,
  RECOVERY_CONNECT: borrowerColumns,
};

const fullNameOf = ({ source, row }: Borrower): string | null => {
  const { fullName, firstName, middleName, lastName } = columns[source];
  const parts = [firstName, middleName, lastName].map((part) => part.read(row));
  return fullName?.read(row) ?? (parts.filter((part) => part !== null).join(' ') || null);
};

export const BorrowerType = builder.objectRef<Borrower>('Borrower').implement({
  description: 'A person who owes, in either system.',
  fields: (t) => {
    const column = columnFields(t, ({ source }) => columns[source]);
    return {
      source: t.expose('source', {
        type: UpstreamSystemEnum,
        description: 'The system that this is told by.',
      }),
      borrowerId: column.id(
        'borrowerId',
        "RecoveryConnect's number for this person on this order. Null in Scollect.",
      ),
      role: t.string({
        nullable: true,
        description:
          'What part the person has in the debt: `borrower`, or another in words of RecoveryConnect.',
        resolve: ({ source, row }) =>
          source === 'SCOLLECT' ? 'borrower' : (columns[source].role?.read(row) ?? null),
      }),
      firstName: column.text('firstName', 'First name.'),
      middleName: column.text('middleName', 'Middle name, or its initial.'),
      lastName: column.text('lastName', 'Last name.'),
      fullName: t.string({
        nullable: true,
        description: 'The whole name: as the system keeps it, or put together from its parts.',
        resolve: fullNameOf,
      }),
      ssn: t.field({
        type: 'SSN',
        nullable: true,
        description:
          'Social security number, masked unless the caller has the scope `pii:read`; null where it is not known.',
        resolve: ({ source, row }, _, { scopes }) => {
          const ssn = columns[source].ssn.read(row);
          return ssn && (scopes.has('pii:read') ? writeSsn(ssn) : maskSsn(ssn));
        },
      }),
      ssnLast4: t.string({
        nullable: true,
        description: 'The last four digits of the social security number; null where it is not known.',
        resolve: ({ source, row }) => columns[source].ssn.read(row)?.last4 ?? null,
      }),
      dateOfBirth: column.date('dateOfBirth', 'Date of birth.'),
      emailAddress: column.text('emailAddress', 'E-mail address. Null in RecoveryConnect.'),
      isDeceased: column.flag('isDeceased', 'Whether the person is known to have died.'),
      isActiveMilitary: column.flag(
        'isActiveMilitary',
        'Whether the person is in active military service. Null in Scollect.',
      ),
      bankruptcy: column.text(
        'bankruptcy',
        'The kind and state of a bankruptcy, such as `chapter_7_active`; null where there is none.',
      ),
      phones: t.field({
        type: [PhoneType],
        nullable: true,
        description:
          "The person's phones (Scollect: getphones; RecoveryConnect: listBorrowerPhones). Null, with an error, when they cannot be read.",
        resolve: (borrower, _, context) =>
          borrower.source === 'SCOLLECT'
            ? phonesOfAccount(borrower.fileNumber, context)
            : phonesOfBorrower(borrower, context),
      }),
    };
  },
});

/** The person who owes an account, as the account's own row tells. */
export const debtorOf = (row: Row, fileNumber: string): Borrower => ({ source: 'SCOLLECT', row, fileNumber });

/** The people on an order (RecoveryConnect: listOrderBorrowers). */
export const borrowersOfOrder = async (orderId: string, { loaders }: Context) => {
  const rows = await loaders.borrowersOfOrder.load(orderId);
  return rows.map((row) => {
    return { source: 'RECOVERY_CONNECT', row, orderId, borrowerId: String(row.id) } satisfies Borrower;
  });
};

/** One of the people on an order; null when there is no such one on it. */
export const borrowerOfOrder = async ({ orderId, borrowerId }: BorrowerKey, context: Context) => {
  const borrowers = await borrowersOfOrder(orderId, context);
  return borrowers.find((borrower) => borrower.borrowerId === borrowerId) ?? null;
};

builder.objectField(PhoneType, 'borrower', (t) =>
  t.field({
    type: BorrowerType,
    nullable: true,
    description: 'Whose phone it is (Scollect: getaccount; RecoveryConnect: listOrderBorrowers).',
    resolve: async (phone, _, context) => {
      if (phone.source === 'RECOVERY_CONNECT') return borrowerOfOrder(phone, context);
      const row = await context.loaders.account.load(phone.fileNumber);
      return row && debtorOf(row, phone.fileNumber);
    },
  }),
);
