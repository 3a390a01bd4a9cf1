import type { GraphQLResolveInfo } from 'graphql';
import type { Calls } from '../../operation/cost/calls.ts';
import type { Selected } from '../../operation/cost/field-cost.ts';
import { callsFor, relatedTo, type Things } from '../../operation/cost/things.ts';
import { selectedNames } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import type { BorrowerKey, BorrowerPhoneKey } from '../../request/loaders.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { leftOutOf, withLeftOut } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import {
  getBorrowerPhone,
  listBorrowerPhones,
  borrowerPhoneColumns as recoveryConnectColumns,
} from '../../upstreams/recoveryconnect/phones.ts';
import { portfolioPhonePlaces } from '../../upstreams/scollect/account-columns.ts';
import { coBorrowerColumns } from '../../upstreams/scollect/people-columns.ts';
import { getphones, phoneColumns as scollectColumns } from '../../upstreams/scollect/phones.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { toText } from '../../values/text.ts';
import { type AccountRow, fullAccountRow } from '../accounts/account-row.ts';
import { rowOf } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FullRow } from '../kit/column-fields.ts';
import { byNumber, KeyedRows, keyOfListed, type Listed } from '../kit/listed.ts';
import { NodeInterface, nodeId } from '../kit/node.ts';
import { UpstreamSystemEnum } from '../kit/system.ts';
import { phoneOfBorrower } from '../orders/order-things.ts';

/** A phone of an account, with its place among the others in its response. */
interface PhoneOfDebtor extends Omit<Listed, 'row'> {
  readonly person?: undefined;
}

/** A phone in the account's own row. */
interface PhoneOfCoBorrower {
  /** The person of the account whose phone it is. */
  readonly person: string;
  /** The key of the number in the row. */
  readonly place: string;
}

/** A phone's row, with the keys of what it belongs to. */
export type Phone = { readonly row: Row } & (
  | ({ readonly source: 'SCOLLECT'; readonly account: AccountRow } & (PhoneOfDebtor | PhoneOfCoBorrower))
  | ({ readonly source: 'RECOVERY_CONNECT' } & BorrowerKey)
);

interface PhoneColumns {
  readonly phoneId: Column<string>;
  readonly number: Column<string>;
  readonly rawNumber: Column<string>;
  readonly type?: Column<string>;
  readonly typeId?: Column<string>;
  readonly status?: Column<string>;
  readonly isValid: Column<boolean>;
  readonly doNotContact?: Column<boolean>;
  readonly extension?: Column<string>;
  readonly memo?: Column<string>;
  readonly mobileCarrierId?: Column<string>;
  readonly origin?: Column<string>;
  readonly createdAt?: Column<string>;
  readonly updatedAt: Column<string>;
  readonly deletedAt?: Column<string>;
  readonly addressText?: Column<string>;
  readonly contactFirstName?: Column<string>;
  readonly contactLastName?: Column<string>;
  readonly assignedTo?: Column<string>;
  readonly balance?: Column<string>;
  readonly rawBalance?: Column<string>;
  readonly debtType?: Column<string>;
}

const columns: Record<Phone['source'], PhoneColumns> = {
  SCOLLECT: scollectColumns,
  RECOVERY_CONNECT: recoveryConnectColumns,
};

export const numberOf = ({ source, row }: Phone): string | null => columns[source].number.read(row);

/** Whether the phone's row contains neither that the number is wrong nor that the record was deleted. */
export const isCurrent = ({ source, row }: Phone): boolean => {
  const { isValid, deletedAt } = columns[source];
  return isValid.read(row) !== false && (deletedAt?.read(row) ?? null) === null;
};

const phoneIdOf = ({ source, row }: Phone): string | null => {
  const phoneId = columns[source].phoneId.read(row);
  return phoneId === null ? null : canonicalId(phoneId);
};

/**
 * A row of a list lacks keys of the phone's own row. The keys that it has are the same there, so that a blank is no
 * reason for a call.
 */
const fullPhoneRow: FullRow<Phone> = (phone, { loaders }, column) => {
  const phoneId = phoneIdOf(phone);
  if (phone.source === 'SCOLLECT' || phoneId === null || column.isIn(phone.row)) return phone.row;
  const { orderId, borrowerId } = phone;
  return loaders.of(getBorrowerPhone).load({ orderId, borrowerId, phoneId });
};

const keyOfRecord = byNumber(scollectColumns.phoneId);

/**
 * The phones of an account in one response, of `getphones` or a portfolio. The latter has no numbers of records, so a
 * phone is identified by its own number, as an opaque digest. Only a phone without one needs that of its record.
 */
const listOfPhones = (rows: readonly Row[], fileNumber: string): KeyedRows =>
  new KeyedRows(
    rows,
    ['S', fileNumber],
    (row, opaque) => {
      const number = scollectColumns.number.read(row) ?? toText(scollectColumns.rawNumber.read(row));
      if (number !== null) return opaque('phone', fileNumber, number);
      return keyOfRecord(row, opaque);
    },
    // The first record of a number stays the first, whatever order a response has.
    (row) => Number(scollectColumns.phoneId.read(row) ?? Number.MAX_SAFE_INTEGER),
  );

/** The key in the id of a phone. */
export const keyOfPhone = (phone: Phone, context: Context): readonly string[] => {
  if (phone.source === 'RECOVERY_CONNECT') {
    return keyOfBorrowerPhone({ ...phone, phoneId: phoneIdOf(phone) ?? '' });
  }
  return phone.person === undefined
    ? keyOfListed(phone, context)
    : ['S', phone.account.fileNumber, phone.place];
};

/** The key of a phone of a borrower of an order. */
export const keyOfBorrowerPhone = ({ orderId, borrowerId, phoneId }: BorrowerPhoneKey): string[] => [
  'R',
  orderId,
  borrowerId,
  phoneId,
];

export const PhoneType = builder.objectRef<Phone>('Phone').implement({
  description: 'A phone number of a borrower in one of the upstreams.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, ({ source }) => columns[source], fullPhoneRow);
    return {
      id: nodeId(
        t,
        'Phone',
        keyOfPhone,
        ' For a phone of an account it contains a digest of the number by the key of the gateway, and changes with that key.',
      ),
      source: t.expose('source', {
        type: UpstreamSystemEnum,
        description: 'Upstream that contains the record.',
      }),
      phoneId: column.id('phoneId', "The upstream's number for this record. Null if the row has none."),
      number: column.phoneNumber('number', 'Number in E.164. Null if `rawNumber` is not a valid number.'),
      rawNumber: t.string({
        description: 'Number as the upstream writes it. Empty if there is none.',
        resolve: ({ source, row }) => columns[source].rawNumber.read(row) ?? '',
      }),
      type: column.text(
        'type',
        'Type of phone, as a value of the agency. Null in RecoveryConnect, which has `typeId`.',
      ),
      typeId: column.id(
        'typeId',
        "RecoveryConnect's number for the type of phone. Null in Scollect, which has `type`.",
      ),
      status: column.text(
        'status',
        'Status of the number, such as `Good Number` or `Disconnected`. Null in RecoveryConnect.',
      ),
      isValid: column.flag('isValid', 'Whether the number is considered valid. Null if that is not known.'),
      doNotContact: column.flag(
        'doNotContact',
        'Whether this number must not be used. Null in Scollect, which records this on the account.',
      ),
      extension: column.text('extension', 'The extension to dial. Null in Scollect.'),
      memo: column.text('memo', 'Note on the number. Null in Scollect.'),
      mobileCarrierId: column.id(
        'mobileCarrierId',
        "RecoveryConnect's number for the mobile carrier. Null in Scollect.",
      ),
      origin: column.text(
        'origin',
        'Source of the number, such as `LOAD` or `USER`. Null in RecoveryConnect.',
      ),
      contactFirstName: column.text(
        'contactFirstName',
        'First name recorded with the number. Null in RecoveryConnect.',
      ),
      contactLastName: column.text(
        'contactLastName',
        'Last name recorded with the number. Null in RecoveryConnect.',
      ),
      assignedTo: column.text(
        'assignedTo',
        'The agent or queue that the number is assigned to. Null in RecoveryConnect.',
      ),
      balance: column.decimal(
        'balance',
        'Balance recorded with the number, in US dollars. Null if `rawBalance` is not an amount. Null in RecoveryConnect.',
      ),
      rawBalance: column.text(
        'rawBalance',
        'The same balance as Scollect writes it. Null in RecoveryConnect.',
      ),
      debtType: column.text(
        'debtType',
        'Type of debt recorded with the number, as a value of the agency. Null in RecoveryConnect.',
      ),
      addressText: column.text(
        'addressText',
        'The address that the number belongs to, as one text (RecoveryConnect: getBorrowerPhone). Null in Scollect.',
      ),
      createdAt: column.localDateTime('createdAt', 'When the record was created. Null in Scollect.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed. Null if it never was.'),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted (RecoveryConnect: getBorrowerPhone). Null if it was not deleted, and in Scollect.',
      ),
    };
  },
});

/** The fields of a phone that the row of a portfolio contains; all others need a call of getphones. */
const inPortfolioRow: ReadonlySet<string> = new Set([
  'id',
  'number',
  'rawNumber',
  'status',
  'source',
  'account',
  'accounts',
  'borrower',
  '__typename',
]);

/**
 * The phones in the row of a portfolio; `null` if the row is of another call, or has no place left: then there may
 * be more of them than it holds. Its blanks are known: the places are the phones of the account, each with its status.
 */
const phonesInPortfolioRow = (account: AccountRow, selected: readonly string[]): Phone[] | null => {
  const { row } = account;
  if (!selected.every((name) => inPortfolioRow.has(name))) return null;
  if (!portfolioPhonePlaces.every(({ numberKey }) => numberKey in row)) return null;
  const filled = portfolioPhonePlaces.filter(({ numberKey }) => toText(row[numberKey]) !== null);
  if (filled.length === portfolioPhonePlaces.length) return null;
  return phonesIn(
    filled.map(({ numberKey, statusKey }) => ({ phonenumber: row[numberKey], phonestatus: row[statusKey] })),
    account,
  );
};

/** The phones of an account in rows of one response. */
const phonesIn = (rows: readonly Row[], account: AccountRow): Phone[] => {
  const list = listOfPhones(rows, account.fileNumber);
  return rows.map((row, at) => ({ source: 'SCOLLECT', account, row, list, at }));
};

/** The phones of an account: from its portfolio's row where that can answer, else by `getphones`. */
export const phonesOfAccount = async (
  account: AccountRow,
  { loaders }: Context,
  info?: GraphQLResolveInfo,
): Promise<Phone[]> => {
  const held = info ? phonesInPortfolioRow(account, selectedNames('Phone', info)) : null;
  if (held) return held;
  const rows = await loaders.of(getphones).load({ fileNumber: account.fileNumber });
  return withLeftOut(phonesIn(rows, account), leftOutOf(rows));
};

/** Returns the phone of an account with Scollect's number for the record. */
export const phoneWithId = (phones: readonly Phone[], phoneId: string): Phone | undefined =>
  phones.find((phone) => phoneIdOf(phone) === phoneId);

/** The phones of a co-borrower, which are in the account's own row. */
export const phonesOfCoBorrower = async (
  account: AccountRow,
  person: string,
  context: Context,
): Promise<Phone[]> => {
  const keys = coBorrowerColumns.find(({ place }) => place === person)?.phoneKeys ?? [];
  const row = await fullAccountRow(account, context);
  return keys
    .filter((key) => toText(row?.[key]) !== null)
    .map((key) => ({ source: 'SCOLLECT', account, place: key, person, row: { phonenumber: row?.[key] } }));
};

/** The phones of a borrower of an order (RecoveryConnect: listBorrowerPhones). */
export const phonesOfBorrower = async (
  { orderId, borrowerId }: BorrowerKey,
  { loaders }: Context,
): Promise<Phone[]> => {
  const rows = await loaders.of(listBorrowerPhones).load({ orderId, borrowerId });
  return rows.map((row) => ({ source: 'RECOVERY_CONNECT', row, orderId, borrowerId }));
};

/** One phone of a borrower of an order (RecoveryConnect: getBorrowerPhone, or the list if that is selected too). */
export const loadBorrowerPhone = async (
  { orderId, borrowerId }: BorrowerKey,
  phoneId: string,
  { loaders }: Context,
): Promise<Phone | null> => {
  const row = await loaders.phoneOfBorrower.load({ orderId, borrowerId, phoneId });
  return row && { source: 'RECOVERY_CONNECT', row, orderId, borrowerId };
};

/** The calls for the phones of a debtor: none if the row of a portfolio contains everything that is selected of them. */
export const callsForPhones = ({ things, selected }: Selected): Calls[] => {
  const isInRow = 'phone1' in rowOf(things) && selected('Phone').every((name) => inPortfolioRow.has(name));
  const [account = things] = relatedTo(things, 'account');
  return isInRow ? [] : [callsFor(getphones, account)];
};

/** The calls for one phone of a borrower by its number, and the phone. */
export const findPhone = (borrower: Things, phoneId: string) => {
  const phone = phoneOfBorrower(borrower, phoneId);
  return {
    // Several of one borrower come from the list, and what that lacks by a call for each.
    calls: [
      callsFor(getBorrowerPhone, phone),
      { ...callsFor(listBorrowerPhones, borrower), ifSeveral: phoneId },
    ],
    gives: [phone],
  };
};

/** What is known of a phone of an account before any call; without a person it is the debtor's. */
export const phoneKnown = (fileNumber: string, person?: string) => ({
  source: 'SCOLLECT',
  account: { fileNumber },
  ...(person !== undefined && { person }),
});
