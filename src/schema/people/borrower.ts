import type { GraphQLResolveInfo } from 'graphql';
import { costing } from '../../operation/cost/field-cost.ts';
import type { Context } from '../../request/context.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { borrowerColumns as recoveryConnectColumns } from '../../upstreams/recoveryconnect/borrowers.ts';
import { debtorEmployerColumns, type EmployerColumns } from '../../upstreams/scollect/people-columns.ts';
import { maskNumber } from '../../values/mask.ts';
import { maskSsn, type Ssn, toSsn, writeSsn } from '../../values/ssn.ts';
import { numbersOf, personalDigits } from '../../values/text.ts';
import { partAt } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, readColumn, reading } from '../kit/column-fields.ts';
import { NodeInterface, nodeId } from '../kit/node.ts';
import { wholeOrMasked } from '../kit/personal.ts';
import { UpstreamSystemEnum } from '../kit/system.ts';
import {
  type Borrower,
  borrowerKeyOf,
  coBorrowers,
  columnsOf,
  fullNameOf,
  fullRow,
  personIn,
} from './borrower-rows.ts';
import { columnsOfEmployer, EmployerType, employerOf } from './employer.ts';

const ssnShown = (ssn: Ssn, context: Context, info: GraphQLResolveInfo): string | null =>
  ssn.digits === null ? maskSsn(ssn) : wholeOrMasked(writeSsn(ssn), () => maskSsn(ssn), context, info);

/** Masks a report number; nine digits are masked as an SSN, independent of grouping and other characters. */
const maskReportNumber = (text: string): string => {
  const ssn = toSsn(text.replace(/\D/g, ''));
  return ssn ? maskSsn(ssn) : maskNumber(text);
};

const mayLack = (column: Column<Ssn> | undefined, borrower: Borrower, context: Context) =>
  column ? readColumn(column, borrower, context, fullRow) : null;

const withoutAbsent = (...columns: readonly (Column<unknown> | undefined)[]): Column<unknown>[] =>
  columns.filter((column) => column !== undefined);

/** The column of a person that a field reads, if the person has it. */
const given =
  (columnIn: (columns: ReturnType<typeof columnsOf>) => Column<unknown> | undefined) =>
  (borrower: Borrower): Column<unknown>[] =>
    withoutAbsent(columnIn(columnsOf(borrower)));

const employerColumnsOf = (borrower: Borrower): EmployerColumns[] =>
  borrower.source === 'SCOLLECT' ? [coBorrowers.get(borrower.place)?.employer ?? debtorEmployerColumns] : [];

export const BorrowerType = builder.objectRef<Borrower>('Borrower').implement({
  description: 'A borrower in either upstream. A field is null if no value is recorded.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, columnsOf, fullRow);
    return {
      id: nodeId(t, 'Borrower', borrowerKeyOf),
      source: t.expose('source', {
        type: UpstreamSystemEnum,
        description: 'Upstream that contains the record.',
      }),
      borrowerId: column.id(
        'borrowerId',
        "RecoveryConnect's number for this person on this order. Null in Scollect.",
      ),
      personId: column.id('personId', "RecoveryConnect's number for the person. Null in Scollect."),
      parentBorrowerId: column.id(
        'parentBorrowerId',
        'The borrower that this one was copied from, on the parent order. Null in Scollect.',
      ),
      role: t.string({
        nullable: true,
        description:
          'Role of the person in the debt: `borrower`, `joint debtor`, `spouse`, `co-debtor`, or another value of RecoveryConnect.',
        resolve: (borrower) =>
          borrower.source === 'SCOLLECT'
            ? (coBorrowers.get(borrower.place)?.role ?? 'borrower')
            : recoveryConnectColumns.role.read(borrower.row),
      }),
      isPrimary: column.flag(
        'isPrimary',
        'Whether the person is the primary borrower of the order. Null in Scollect.',
      ),
      title: column.text('title', 'Form of address. Null in RecoveryConnect.'),
      firstName: column.text('firstName', 'First name.'),
      middleName: column.text('middleName', 'Middle name, or its initial.'),
      lastName: column.text('lastName', 'Last name.'),
      fullName: t.string({
        nullable: true,
        description:
          'Whole name from the upstream, or joined from its parts. Only this field may contain suffixes and business names. For an account found by a phone or in a portfolio, it is read from the account itself (Scollect: getaccount).',
        extensions: reading(given(({ fullName }) => fullName)),
        resolve: (borrower, _, context) => fullNameOf(borrower, context),
      }),
      ssn: t.field({
        type: 'SSN',
        nullable: true,
        description:
          'Social security number, masked unless the caller has the scope `pii:read`; null if it is not known.',
        extensions: costing({
          reads: ({ things, scopes }) => {
            const { ssn, ssnLast4 = ssn } = columnsOf(personIn(things));
            return withoutAbsent(scopes.has('pii:read') ? ssn : ssnLast4);
          },
        }),
        resolve: async (borrower, _, context, info) => {
          const { ssn, ssnLast4 } = columnsOf(borrower);
          const isWhole = context.caller.scopes.has('pii:read');
          const found = await mayLack(isWhole ? ssn : (ssnLast4 ?? ssn), borrower, context);
          return found && ssnShown(found, context, info);
        },
      }),
      ssnLast4: t.string({
        nullable: true,
        description: 'The last four digits of the social security number; null if it is not known.',
        extensions: reading(given(({ ssn, ssnLast4 = ssn }) => ssnLast4)),
        resolve: async (borrower, _, context) => {
          const { ssn, ssnLast4 } = columnsOf(borrower);
          return (await mayLack(ssnLast4 ?? ssn, borrower, context))?.last4 ?? null;
        },
      }),
      dateOfBirth: column.birthDate('dateOfBirth', 'Date of birth.'),
      emailAddress: column.text('emailAddress', 'E-mail address. Null in RecoveryConnect.'),
      isDeceased: column.flag('isDeceased', 'Whether the person is known to have died.'),
      deceasedDate: column.date('deceasedDate', 'The day of death. Null in RecoveryConnect.'),
      isActiveMilitary: column.flag(
        'isActiveMilitary',
        'Whether the person is in active military service. Null in Scollect.',
      ),
      isFraud: column.flag('isFraud', 'Whether fraud is suspected or known. Null in Scollect.'),
      isViolent: column.flag('isViolent', 'Whether agents are warned of violence. Null in Scollect.'),
      isValidated: column.flag('isValidated', 'Whether the record was validated. Null in Scollect.'),
      bankruptcy: column.text(
        'bankruptcy',
        'The kind and state of a bankruptcy, such as `chapter_7_active`; null if there is none.',
      ),
      driversLicenseNumber: column.number(
        'driversLicenseNumber',
        "Driver's license number. Null in Scollect.",
      ),
      driversLicenseState: column.text(
        'driversLicenseState',
        "The state that issued the driver's license. Null in Scollect.",
      ),
      occupation: column.text('occupation', 'Occupation of the person. Null in RecoveryConnect.'),
      isEmployed: column.flag('isEmployed', 'Whether the person is employed now. Null in RecoveryConnect.'),
      employer: t.field({
        type: EmployerType,
        nullable: true,
        description: 'Employer of the person. Null in RecoveryConnect.',
        extensions: costing({
          reads: ({ things }) => employerColumnsOf(personIn(things)).flatMap(columnsOfEmployer),
          gives: ({ things }) =>
            employerColumnsOf(personIn(things)).flatMap((columns) => partAt(things, 'employer', columns)),
        }),
        resolve: (borrower, _, context) => {
          if (borrower.source === 'RECOVERY_CONNECT') return null;
          const { employer } = coBorrowers.get(borrower.place) ?? { employer: debtorEmployerColumns };
          return employerOf(borrower, employer, context);
        },
      }),
      creditScore: column.text('creditScore', "The debtor's credit score. Null for everybody else."),
      reportFileNumber: t.string({
        nullable: true,
        description:
          'Number used in reports to credit bureaus. A number with nine digits, like a social security number, is masked unless the caller has the scope `pii:read`. Null except for the debtor in Scollect.',
        extensions: reading(given(({ reportFileNumber }) => reportFileNumber)),
        resolve: async (borrower, _, context, info) => {
          const { reportFileNumber } = columnsOf(borrower);
          const text = reportFileNumber && (await readColumn(reportFileNumber, borrower, context, fullRow));
          if (!text || /^[0-]+$/.test(text)) return null;
          return numbersOf(personalDigits).test(text)
            ? wholeOrMasked(text, maskReportNumber, context, info)
            : text;
        },
      }),
      contactInfo: column.text(
        'contactInfo',
        'How a co-debtor can be reached, in free text. Null for everybody else.',
      ),
      friends: column.text('friends', 'The friends that a co-debtor named. Null for everybody else.'),
      primaryPhone: column.phoneNumber(
        'primaryPhone',
        "The first number in the account's own record. Null in RecoveryConnect.",
      ),
      rawPrimaryPhone: column.rawPhoneNumber('rawPrimaryPhone', 'primaryPhone'),
      secondaryPhone: column.phoneNumber(
        'secondaryPhone',
        "The second number in the account's own record. Null in RecoveryConnect.",
      ),
      rawSecondaryPhone: column.rawPhoneNumber('rawSecondaryPhone', 'secondaryPhone'),
      cellPhone: column.phoneNumber(
        'cellPhone',
        "The mobile number in the account's own record. Null in RecoveryConnect.",
      ),
      rawCellPhone: column.rawPhoneNumber('rawCellPhone', 'cellPhone'),
      workPhone: column.phoneNumber(
        'workPhone',
        "The number at work in the account's own record. Null in RecoveryConnect.",
      ),
      rawWorkPhone: column.rawPhoneNumber('rawWorkPhone', 'workPhone'),
      pager: column.phoneNumber('pager', "The pager in the account's own record. Null in RecoveryConnect."),
      rawPager: column.rawPhoneNumber('rawPager', 'pager'),
      createdAt: column.localDateTime('createdAt', 'When the record was created. Null in Scollect.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed. Null in Scollect.'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted. Null if it was not deleted, and in Scollect.',
      ),
    };
  },
});
