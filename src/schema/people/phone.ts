import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';
import type { BorrowerKey } from '../../request/loaders.ts';
import type { Column } from '../../upstreams/endpoint/column.ts';
import { absentFrom, leftOutOf, withLeftOut } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { borrowerPhoneColumns as recoveryConnectColumns } from '../../upstreams/recoveryconnect/phones.ts';
import { portfolioPhonePlaces } from '../../upstreams/scollect/account-columns.ts';
import { coBorrowerColumns } from '../../upstreams/scollect/people-columns.ts';
import { getphones, phoneColumns as scollectColumns } from '../../upstreams/scollect/phones.ts';
import { toText } from '../../values/text.ts';
import { type AccountRow, fullAccountRow } from '../accounts/account-row.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FullRow } from '../kit/column-fields.ts';
import { fileNumberOf, numericId } from '../kit/input-error.ts';
import { selectedNames, startReads } from '../kit/look-ahead.ts';
import { bySystem, findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { readsOfBorrowerPhone, readsOfPhone } from '../kit/reads-by-key.ts';
import { UpstreamSystemEnum } from '../kit/system.ts';

/** A phone's row, with the keys of what it belongs to. */
export type Phone = { readonly row: Row } & (
  | {
      readonly source: 'SCOLLECT';
      readonly account: AccountRow;
      /** Tells the account's phones apart: their number at Scollect, or their key in the account's row. */
      readonly place: string;
      /** The person of the account whose phone it is, where that is known to be another than the debtor. */
      readonly person?: string;
    }
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

const phoneIdOf = ({ source, row }: Phone): string | null => columns[source].phoneId.read(row);

/**
 * A row of a list lacks keys of the phone's own row. The keys that it has are the same there, so that a blank is no
 * reason for a call.
 */
const fullPhoneRow: FullRow<Phone> = (phone, { loaders }, column) => {
  const phoneId = phoneIdOf(phone);
  if (phone.source === 'SCOLLECT' || phoneId === null || column.isIn(phone.row)) return phone.row;
  const { orderId, borrowerId } = phone;
  return loaders.phoneDetail.load({ orderId, borrowerId, phoneId });
};

const keyOf = (phone: Phone): string[] =>
  phone.source === 'SCOLLECT'
    ? ['S', phone.account.fileNumber, phone.place]
    : ['R', phone.orderId, phone.borrowerId, phoneIdOf(phone) ?? ''];

export const PhoneType = builder.objectRef<Phone>('Phone').implement({
  description: 'A phone number of a person who owes, as one of the systems keeps it.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, ({ source }) => columns[source], fullPhoneRow);
    return {
      id: nodeId(t, 'Phone', keyOf),
      source: t.expose('source', { type: UpstreamSystemEnum, description: 'The system that keeps it.' }),
      phoneId: column.id('phoneId', "That system's number for this record; null where the row has none."),
      number: column.phoneNumber('number', 'The number in E.164; null where what is written cannot be one.'),
      rawNumber: t.string({
        description: 'The number as it is written in that system; empty where nothing is.',
        resolve: ({ source, row }) => columns[source].rawNumber.read(row) ?? '',
      }),
      type: column.text(
        'type',
        'What kind of phone it is, in words of the agency. Null in RecoveryConnect, which has `typeId`.',
      ),
      typeId: column.id(
        'typeId',
        "RecoveryConnect's number for the kind of phone. Null in Scollect, which has `type`.",
      ),
      status: column.text(
        'status',
        'What is known of the number, such as `Good Number` or `Disconnected`. Null in RecoveryConnect.',
      ),
      isValid: column.flag(
        'isValid',
        'Whether the number is held to be right; null where that is not known.',
      ),
      doNotContact: column.flag(
        'doNotContact',
        'Whether this number must not be used. Null in Scollect, which keeps this with the account.',
      ),
      extension: column.text('extension', 'The extension to dial. Null in Scollect.'),
      memo: column.text('memo', 'A remark on the number. Null in Scollect.'),
      mobileCarrierId: column.id(
        'mobileCarrierId',
        "RecoveryConnect's number for the mobile carrier. Null in Scollect.",
      ),
      origin: column.text(
        'origin',
        'Where the number came from, such as `LOAD` or `USER`. Null in RecoveryConnect.',
      ),
      contactFirstName: column.text(
        'contactFirstName',
        'The first name kept with the number. Null in RecoveryConnect.',
      ),
      contactLastName: column.text(
        'contactLastName',
        'The last name kept with the number. Null in RecoveryConnect.',
      ),
      assignedTo: column.text(
        'assignedTo',
        'The agent or queue that the number is assigned to. Null in RecoveryConnect.',
      ),
      balance: column.decimal(
        'balance',
        'The balance kept with the number, in US dollars; null where `rawBalance` is no amount. Null in RecoveryConnect.',
      ),
      rawBalance: column.text(
        'rawBalance',
        'The same balance as Scollect writes it. Null in RecoveryConnect.',
      ),
      debtType: column.text(
        'debtType',
        'The kind of debt kept with the number, in words of the agency. Null in RecoveryConnect.',
      ),
      addressText: column.text(
        'addressText',
        'The address that the number belongs to, as one text (RecoveryConnect: getBorrowerPhone). Null in Scollect.',
      ),
      createdAt: column.localDateTime('createdAt', 'When the record was made. Null in Scollect.'),
      updatedAt: column.localDateTime(
        'updatedAt',
        'When the record was last changed; null where it never was.',
      ),
      deletedAt: column.localDateTime(
        'deletedAt',
        'When the record was deleted; null while it stands (RecoveryConnect: getBorrowerPhone). Null in Scollect.',
      ),
    };
  },
});

/** What the row of a portfolio tells of a phone; all else takes a call of getphones. */
export const toldByPortfolio: ReadonlySet<string> = new Set([
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
  if (!selected.every((name) => toldByPortfolio.has(name))) return null;
  if (!portfolioPhonePlaces.every(({ numberKey }) => numberKey in row)) return null;
  const filled = portfolioPhonePlaces.filter(({ numberKey }) => toText(row[numberKey]) !== null);
  if (filled.length === portfolioPhonePlaces.length) return null;
  return filled.map(({ numberKey, statusKey }) => ({
    source: 'SCOLLECT',
    account,
    place: numberKey,
    row: { phonenumber: row[numberKey], phonestatus: row[statusKey] },
  }));
};

/** The phones of an account: from its portfolio's row where that can answer, else by `getphones`. */
export const phonesOfAccount = async (
  account: AccountRow,
  { loaders }: Context,
  info?: GraphQLResolveInfo,
): Promise<Phone[]> => {
  const held = info ? phonesInPortfolioRow(account, selectedNames('Phone', info)) : null;
  if (held) return held;
  const rows = await loaders.phonesOfAccount.load(account.fileNumber);
  const phones = rows.map(
    (row, index): Phone => ({
      source: 'SCOLLECT',
      account,
      place: scollectColumns.phoneId.read(row) ?? `at${index}`,
      row,
    }),
  );
  return withLeftOut(phones, leftOutOf(rows));
};

/** The phones of somebody who owes beside the debtor, which stand in the account's own row. */
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
  const rows = await loaders.phonesOfBorrower.load({ orderId, borrowerId });
  return rows.map((row) => ({ source: 'RECOVERY_CONNECT', row, orderId, borrowerId }));
};

/** One phone of a borrower of an order (RecoveryConnect: getBorrowerPhone, or the list if that is asked for too). */
export const loadBorrowerPhone = async (
  { orderId, borrowerId }: BorrowerKey,
  phoneId: string,
  { loaders }: Context,
): Promise<Phone | null> => {
  const row = await loaders.phoneOfBorrower.load({ orderId, borrowerId, phoneId });
  return row && { source: 'RECOVERY_CONNECT', row, orderId, borrowerId };
};

/** One phone of an account, by its place among them. */
const phoneAt = async (
  fileNumber: string,
  place: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Phone | null> => {
  const account = { fileNumber, row: {} };
  const owner = coBorrowerColumns.find(({ phoneKeys }) => phoneKeys.includes(place));
  const reading = owner
    ? phonesOfCoBorrower(account, owner.place, context)
    : phonesOfAccount(account, context);
  startReads(readsOfPhone, 'Phone', { fileNumber, isDebtor: !owner }, context, info);
  const phones = await reading;
  const found = phones.find((phone) => phone.source === 'SCOLLECT' && phone.place === place);
  return found ?? absentFrom(getphones, phones);
};

findNodesBy('Phone', bySystem, ([system = '', ...key], context, info) => {
  const [first = '', second = '', third = ''] = key;
  if (system === 'S' && key.length === 2) return phoneAt(fileNumberOf(first, 'id'), second, context, info);
  if (system !== 'R' || key.length !== 3) return undefined;
  const borrower = { orderId: numericId(first, 'id'), borrowerId: numericId(second, 'id') };
  const phone = loadBorrowerPhone(borrower, numericId(third, 'id'), context);
  startReads(readsOfBorrowerPhone, 'Phone', borrower, context, info);
  return phone;
});
