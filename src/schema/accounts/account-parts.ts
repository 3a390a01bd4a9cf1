import { costing } from '../../operation/cost/field-cost.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  assetColumns,
  attorneyColumns,
  bankruptcyColumns,
  courtColumns,
  customColumns,
  feeColumns,
  garnishmentColumns,
  judgmentColumns,
  lienColumns,
  payeeColumns,
  verificationColumns,
  workColumns,
} from '../../upstreams/scollect/account-columns.ts';
import {
  attorneyAddressColumns,
  courtAddressColumns,
  payeeAddressColumns,
} from '../../upstreams/scollect/people-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FieldBuilder } from '../kit/column-fields.ts';
import { AddressType, addressOfAccount } from '../people/address.ts';
import { type AccountRow, fullAccountRow } from './account-row.ts';
import { partAt } from './account-things.ts';

// Parts of an account that a person would look for together. Each is the account itself, seen through other columns.

const addressField = (
  t: FieldBuilder<AccountRow>,
  columns: Parameters<typeof addressOfAccount>[1],
  description: string,
) =>
  t.field({
    type: AddressType,
    nullable: true,
    description,
    resolve: (account, _, context) => addressOfAccount(account, columns, context),
    extensions: costing({
      reads: () => Object.values(columns),
      gives: ({ things }) => partAt(things, 'address', columns),
    }),
  });

export const FeesType = builder.objectRef<AccountRow>('AccountFees').implement({
  description: 'The fees on an account, by their cause, in US dollars.',
  fields: (t) => {
    const column = columnFields(t, () => feeColumns, fullAccountRow);
    return {
      advanced: column.decimal('advanced', 'Fees advanced by the agency.'),
      attorney: column.decimal('attorney', "Attorney's fees."),
      collection: column.decimal('collection', 'Collection fees.'),
      court: column.decimal('court', 'Court fees.'),
      judgment: column.decimal('judgment', 'Fees of a judgment.'),
      late: column.decimal('late', 'Fees for paying late.'),
      miscellaneous: column.decimal('miscellaneous', 'Other fees.'),
      nonSufficientFunds: column.decimal(
        'nonSufficientFunds',
        'Fees for payments returned for want of funds.',
      ),
      penalty: column.decimal('penalty', 'Penalties.'),
      reimbursed: column.decimal('reimbursed', 'Fees that were reimbursed.'),
    };
  },
});

export const WorkType = builder.objectRef<AccountRow>('AccountWork').implement({
  description:
    'Work of the agency on an account: queues, flags and counts, as in Scollect. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => workColumns, fullAccountRow);
    return {
      managerName: column.text('managerName', 'The manager in charge.'),
      salesperson: column.text('salesperson', 'Salesperson who won the client.'),
      salespersonRate: column.decimal('salespersonRate', "The salesperson's share in per cent."),
      alert: column.text('alert', 'Alert for agents who open the account.'),
      clientNotes: column.text('clientNotes', 'Remarks of the client.'),
      hotList: column.text('hotList', 'The hot list that the account is on.'),
      hotListComments: column.text('hotListComments', 'Why it is on the hot list.'),
      activated: column.text('activated', "Scollect's mark of activation, as written."),
      callbacks: column.text('callbacks', 'Callbacks that were promised, as written.'),
      promises: column.text('promises', 'Promises to pay, as written.'),
      skips: column.text('skips', 'Marks of a debtor who cannot be found, as written.'),
      goodNumbers: column.text('goodNumbers', 'Phone numbers held to be good, as written.'),
      dialerStatus: column.text('dialerStatus', "The dialer's status of the account."),
      startTime: column.text('startTime', 'Earliest time for dialing, as written.'),
      endTime: column.text('endTime', 'Latest time for dialing, as written.'),
      orderByDate: column.date('orderByDate', 'The date by which work lists are sorted.'),
      hasDuplicates: column.flag('hasDuplicates', 'Whether the same debt is there twice.'),
      hasImages: column.flag('hasImages', 'Whether images are stored for it.'),
      daysAssigned: column.integer('daysAssigned', 'Days since it was assigned, as Scollect counts.'),
      daysInStatus: column.integer('daysInStatus', 'Days since the status changed, as Scollect counts.'),
      daysSinceWorked: column.integer(
        'daysSinceWorked',
        'Days since it was last worked, as Scollect counts.',
      ),
      daysSincePayment: column.integer(
        'daysSincePayment',
        'Days since the last payment, as Scollect counts.',
      ),
    };
  },
});

export const AttorneyType = builder.objectRef<AccountRow>('Attorney').implement({
  description: "The debtor's attorney.",
  fields: (t) => {
    const column = columnFields(t, () => attorneyColumns, fullAccountRow);
    return {
      name: column.text('name', 'The name of the attorney.'),
      phone: column.phoneNumber('phone', "The attorney's phone."),
      rawPhone: column.rawPhoneNumber('rawPhone', 'phone'),
      cellPhone: column.phoneNumber('cellPhone', "The attorney's mobile phone."),
      rawCellPhone: column.rawPhoneNumber('rawCellPhone', 'cellPhone'),
      pager: column.phoneNumber('pager', "The attorney's pager."),
      rawPager: column.rawPhoneNumber('rawPager', 'pager'),
      fax: column.phoneNumber('fax', "The attorney's fax."),
      rawFax: column.rawPhoneNumber('rawFax', 'fax'),
      emailAddress: column.text('emailAddress', "The attorney's e-mail address."),
      letters: column.text('letters', 'Letters to the attorney, as written.'),
      address: addressField(t, attorneyAddressColumns, "The attorney's office."),
    };
  },
});

export const CourtType = builder.objectRef<AccountRow>('Court').implement({
  description: 'The court case about a debt.',
  fields: (t) => {
    const column = columnFields(t, () => courtColumns, fullAccountRow);
    return {
      docketNumber: column.text('docketNumber', 'The number of the case.'),
      filedDate: column.date('filedDate', 'The day on which the case was filed (`datefiled`).'),
      courtFiledDate: column.date('courtFiledDate', 'The day on which the court filed it (`courtfiled`).'),
      phone: column.phoneNumber('phone', "The court's phone."),
      rawPhone: column.rawPhoneNumber('rawPhone', 'phone'),
      address: addressField(t, courtAddressColumns, 'Where the court is.'),
    };
  },
});

export const JudgmentType = builder.objectRef<AccountRow>('Judgment').implement({
  description: 'A judgment on a debt. Its fees are in `AccountFees.judgment`.',
  fields: (t) => {
    const column = columnFields(t, () => judgmentColumns, fullAccountRow);
    return {
      isGranted: column.flag('isGranted', 'Whether there is a judgment.'),
      grantedDate: column.date('grantedDate', 'The day of the judgment.'),
      interestRate: column.decimal('interestRate', 'The yearly interest that it grants, in per cent.'),
    };
  },
});

export const GarnishmentType = builder.objectRef<AccountRow>('Garnishment').implement({
  description: 'A garnishment of wages or accounts for a debt.',
  fields: (t) => {
    const column = columnFields(t, () => garnishmentColumns, fullAccountRow);
    return {
      isInPlace: column.flag('isInPlace', 'Whether something is garnished.'),
      amount: column.decimal('amount', 'Garnished amount in US dollars.'),
      startDate: column.date('startDate', 'Start date.'),
      source: column.text('source', 'Source of the garnishment.'),
      type: column.text('type', 'Type of garnishment, in words of the agency.'),
    };
  },
});

export const LienType = builder.objectRef<AccountRow>('Lien').implement({
  description: 'A lien that secures a debt.',
  fields: (t) => {
    const column = columnFields(t, () => lienColumns, fullAccountRow);
    return {
      isInPlace: column.flag('isInPlace', 'Whether there is a lien.'),
      amount: column.decimal('amount', 'Secured amount in US dollars.'),
      filedDate: column.date('filedDate', 'The day on which it was filed.'),
      type: column.text('type', 'Type of lien, in words of the agency.'),
    };
  },
});

export const BankruptcyType = builder.objectRef<AccountRow>('Bankruptcy').implement({
  description: 'The bankruptcy of a debtor.',
  fields: (t) => {
    const column = columnFields(t, () => bankruptcyColumns, fullAccountRow);
    return {
      type: column.text('type', 'Its kind, such as a chapter.'),
      verificationStatus: column.text('verificationStatus', 'Status of its verification.'),
    };
  },
});

export const VerificationType = builder.objectRef<AccountRow>('AccountVerification').implement({
  description: 'Whether what is recorded of an account was verified; Scollect does not say of what.',
  fields: (t) => {
    const column = columnFields(t, () => verificationColumns, fullAccountRow);
    return {
      isVerified: column.flag('isVerified', 'Whether it was verified.'),
      verifiedDate: column.date('verifiedDate', 'The day on which it was verified.'),
      method: column.text('method', 'Method of verification.'),
    };
  },
});

export const PayeeType = builder.objectRef<AccountRow>('Payee').implement({
  description: 'Payee of payments.',
  fields: (t) => {
    const column = columnFields(t, () => payeeColumns, fullAccountRow);
    return {
      name: column.text('name', 'The name of the payee.'),
      address: addressField(t, payeeAddressColumns, 'Address for payments.'),
    };
  },
});

interface Asset {
  readonly type: string | null;
  readonly value: string | null;
}

export const AssetType = builder.objectRef<Asset>('Asset').implement({
  description: 'Something of value that a debtor owns.',
  fields: (t) => ({
    type: t.exposeString('type', {
      nullable: true,
      description: 'Type of the asset, in words of the agency.',
    }),
    value: t.expose('value', {
      type: 'Decimal',
      nullable: true,
      description: 'Value in US dollars.',
    }),
  }),
});

interface CustomField {
  readonly number: number;
  readonly value: string;
}

export const CustomFieldType = builder.objectRef<CustomField>('CustomField').implement({
  description: 'One of the sixty custom fields of an agency.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: 'Its number, from 1 to 60.' }),
    value: t.exposeString('value', { description: 'Value of the field.' }),
  }),
});

/**
 * All columns that hold something, each with its place, counted from 1. A row that contains one of them contains all: only
 * where none has a value the full row is read.
 */
const filled = async <T>(
  account: AccountRow,
  columns: readonly Column<T>[],
  context: Parameters<typeof fullAccountRow>[1],
): Promise<{ place: number; value: T }[]> => {
  const valuesIn = (row: Row) =>
    columns.flatMap((column, index) => {
      const value = column.read(row);
      return value === null ? [] : [{ place: index + 1, value }];
    });
  const values = valuesIn(account.row);
  if (values.length > 0) return values;
  const row = await fullAccountRow(account, context);
  return row && row !== account.row ? valuesIn(row) : [];
};

/** The custom fields that are filled. */
export const customFieldsOf = async (
  account: AccountRow,
  context: Parameters<typeof fullAccountRow>[1],
): Promise<CustomField[]> => {
  const fields = await filled(account, customColumns, context);
  return fields.map(({ place, value }) => ({ number: place, value }));
};

/** The texts of several columns that are filled. */
export const textsOf = async (
  account: AccountRow,
  columns: readonly Column<string>[],
  context: Parameters<typeof fullAccountRow>[1],
): Promise<string[]> => (await filled(account, columns, context)).map(({ value }) => value);

/** The assets of which a kind or a value is recorded. */
export const assetsOf = async (
  account: AccountRow,
  context: Parameters<typeof fullAccountRow>[1],
): Promise<Asset[]> => {
  const row = await fullAccountRow(account, context);
  if (!row) return [];
  return assetColumns
    .map(({ type, value }) => ({ type: type.read(row), value: value.read(row) }))
    .filter(({ type, value }) => type !== null || value !== null);
};
