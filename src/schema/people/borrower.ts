import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { borrowerColumns as recoveryConnectColumns } from '../../upstreams/recoveryconnect/borrowers.ts';
import { debtorEmployerColumns } from '../../upstreams/scollect/people-columns.ts';
import { getphones } from '../../upstreams/scollect/phones.ts';
import { maskNumber } from '../../values/mask.ts';
import { maskSsn, type Ssn, toSsn, writeSsn } from '../../values/ssn.ts';
import { numbersOf, personalDigits } from '../../values/text.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, readColumn } from '../kit/column-fields.ts';
import { fileNumberOf, numericId } from '../kit/input-error.ts';
import { bySystem, findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { wholeOrMasked } from '../kit/personal.ts';
import { UpstreamSystemEnum } from '../kit/system.ts';
import { AddressType } from './address.ts';
import {
  addressesOf,
  type Borrower,
  borrowerKeyOf,
  borrowerOfOrder,
  coBorrowers,
  columnsOf,
  debtor,
  fullNameOf,
  fullRow,
  personAt,
} from './borrower-rows.ts';
import { EmployerType, employerOf } from './employer.ts';
import {
  loadBorrowerPhone,
  PhoneType,
  phonesOfAccount,
  phonesOfBorrower,
  phonesOfCoBorrower,
} from './phone.ts';

const ssnShown = (ssn: Ssn, context: Context, info: GraphQLResolveInfo): string | null =>
  ssn.digits === null ? maskSsn(ssn) : wholeOrMasked(writeSsn(ssn), () => maskSsn(ssn), context, info);

/** However its digits are grouped, and whatever stands beside them. */
const maskReportNumber = (text: string): string => {
  const ssn = toSsn(text.replace(/\D/g, ''));
  return ssn ? maskSsn(ssn) : maskNumber(text);
};

const mayLack = (column: Column<Ssn> | undefined, borrower: Borrower, context: Context) =>
  column ? readColumn(column, borrower, context, fullRow) : null;

export const BorrowerType = builder.objectRef<Borrower>('Borrower').implement({
  description: 'A person who owes, in either system. What is not recorded is null.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, columnsOf, fullRow);
    return {
      id: nodeId(t, 'Borrower', borrowerKeyOf),
      source: t.expose('source', {
        type: UpstreamSystemEnum,
        description: 'The system that this is told by.',
      }),
      borrowerId: column.id(
        'borrowerId',
        "RecoveryConnect's number for this person on this order. Null in Scollect.",
      ),
      personId: column.id('personId', "RecoveryConnect's number for the person. Null in Scollect."),
      parentBorrowerId: column.id(
        'parentBorrowerId',
        'The borrower on the order that this one was made from. Null in Scollect.',
      ),
      role: t.string({
        nullable: true,
        description:
          'What part the person has in the debt: `borrower`, `joint debtor`, `spouse` or `co-debtor`, or another in words of RecoveryConnect.',
        resolve: (borrower) =>
          borrower.source === 'SCOLLECT'
            ? (coBorrowers.get(borrower.place)?.role ?? 'borrower')
            : recoveryConnectColumns.role.read(borrower.row),
      }),
      isPrimary: column.flag(
        'isPrimary',
        'Whether the person is the first of those on the order. Null in Scollect.',
      ),
      title: column.text('title', 'Form of address. Null in RecoveryConnect.'),
      firstName: column.text('firstName', 'First name.'),
      middleName: column.text('middleName', 'Middle name, or its initial.'),
      lastName: column.text('lastName', 'Last name.'),
      fullName: t.string({
        nullable: true,
        description:
          'The whole name: as the system keeps it, or put together from its parts. Suffixes, and names of businesses, may be in it alone. Of an account found by a phone or in a portfolio it is read from the account itself (Scollect: getaccount).',
        resolve: (borrower, _, context) => fullNameOf(borrower, context),
      }),
      ssn: t.field({
        type: 'SSN',
        nullable: true,
        description:
          'Social security number, masked unless the caller has the scope `pii:read`; null where it is not known.',
        resolve: async (borrower, _, context, info) => {
          const { ssn, ssnLast4 } = columnsOf(borrower);
          const isWhole = context.caller.scopes.has('pii:read');
          const found = await mayLack(isWhole ? ssn : (ssnLast4 ?? ssn), borrower, context);
          return found && ssnShown(found, context, info);
        },
      }),
      ssnLast4: t.string({
        nullable: true,
        description: 'The last four digits of the social security number; null where it is not known.',
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
        'The kind and state of a bankruptcy, such as `chapter_7_active`; null where there is none.',
      ),
      driversLicenseNumber: column.number(
        'driversLicenseNumber',
        "Driver's license number. Null in Scollect.",
      ),
      driversLicenseState: column.text(
        'driversLicenseState',
        "The state that issued the driver's license. Null in Scollect.",
      ),
      occupation: column.text('occupation', 'What the person works as. Null in RecoveryConnect.'),
      isEmployed: column.flag('isEmployed', 'Whether the person is employed now. Null in RecoveryConnect.'),
      employer: t.field({
        type: EmployerType,
        nullable: true,
        description: 'Who the person works for. Null in RecoveryConnect.',
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
          'The number under which credit bureaus are reported to; one with as many digits as a social security number is masked unless the caller has the scope `pii:read`. Null for everybody but the debtor in Scollect.',
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
      addresses: t.field({
        type: [AddressType],
        nullable: true,
        description:
          "Where the person lives or works (Scollect: the account's own record; RecoveryConnect: listBorrowerAddresses). Null, with an error, when they cannot be read.",
        resolve: (borrower, _, context) => addressesOf(borrower, context),
      }),
      phones: t.field({
        type: [PhoneType],
        nullable: true,
        description:
          "The person's phones (Scollect: getphones, or for others than the debtor the account's own record; RecoveryConnect: listBorrowerPhones). Null, with an error, when they cannot be read.",
        resolve: (borrower, _, context, info) => {
          if (borrower.source === 'RECOVERY_CONNECT') return phonesOfBorrower(borrower, context);
          return borrower.place === debtor
            ? phonesOfAccount(borrower, context, info)
            : phonesOfCoBorrower(borrower, borrower.place, context);
        },
      }),
      phone: t.field({
        type: PhoneType,
        nullable: true,
        description:
          "One of the person's phones (RecoveryConnect: getBorrowerPhone, or the list where that is asked for too; Scollect: getphones); null when there is no such one.",
        args: {
          phoneId: t.arg.id({ required: true, description: "The system's number for the phone." }),
        },
        resolve: async (borrower, args, context) => {
          const phoneId = numericId(args.phoneId, 'phoneId');
          if (borrower.source === 'RECOVERY_CONNECT') return loadBorrowerPhone(borrower, phoneId, context);
          if (borrower.place !== debtor) return null;
          const phones = await phonesOfAccount(borrower, context);
          const found = phones.find((phone) => phone.source === 'SCOLLECT' && phone.place === phoneId);
          return found ?? absentFrom(getphones, phones);
        },
      }),
      createdAt: column.localDateTime('createdAt', 'When the record was made. Null in Scollect.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed. Null in Scollect.'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted; null while it stands. Null in Scollect.',
      ),
    };
  },
});

builder.objectField(PhoneType, 'borrower', (t) =>
  t.field({
    type: BorrowerType,
    nullable: true,
    description:
      "Whose phone it is (Scollect: the account's own record; RecoveryConnect: listOrderBorrowers).",
    resolve: async (phone, _, context, info): Promise<Borrower | null> => {
      if (phone.source === 'RECOVERY_CONNECT') return borrowerOfOrder(phone, context, info);
      const { fileNumber, row } = phone.account;
      return { source: 'SCOLLECT', place: phone.person ?? debtor, fileNumber, row };
    },
  }),
);

findNodesBy('Borrower', bySystem, ([system, ...key], context, info) => {
  const [first = '', second = ''] = key;
  if (key.length !== 2) return undefined;
  if (system === 'S') return personAt(fileNumberOf(first, 'id'), second, context, info);
  if (system !== 'R') return undefined;
  const borrower = { orderId: numericId(first, 'id'), borrowerId: numericId(second, 'id') };
  return borrowerOfOrder(borrower, context, info);
});
