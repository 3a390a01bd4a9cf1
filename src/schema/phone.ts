import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { BorrowerKey } from '../loaders.ts';
import type { Column } from '../upstreams/column.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { phoneColumns as recoveryConnectColumns } from '../upstreams/recoveryconnect/phones.ts';
import { phoneColumns as scollectColumns } from '../upstreams/scollect/phones.ts';
import { columnFields } from './column-fields.ts';
import { UpstreamSystemEnum } from './system.ts';

/** A phone's row, with the keys of what it belongs to. */
export type Phone = { readonly row: Row } & (
  | { readonly source: 'SCOLLECT'; readonly fileNumber: string }
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
}

const columns: Record<Phone['source'], PhoneColumns> = {
  SCOLLECT: scollectColumns,
  RECOVERY_CONNECT: recoveryConnectColumns,
};

export const PhoneType = builder.objectRef<Phone>('Phone').implement({
  description: 'A phone number of a person who owes, as one of the systems keeps it.',
  fields: (t) => {
    const column = columnFields(t, ({ source }) => columns[source]);
    return {
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
      createdAt: column.localDateTime('createdAt', 'When the record was made. Null in Scollect.'),
      updatedAt: column.localDateTime(
        'updatedAt',
        'When the record was last changed; null where it never was.',
      ),
    };
  },
});

/** The phones of an account (Scollect: getphones). */
export const phonesOfAccount = async (fileNumber: string, { loaders }: Context): Promise<Phone[]> => {
  const rows = await loaders.phonesOfAccount.load(fileNumber);
  return rows.map((row) => ({ source: 'SCOLLECT', row, fileNumber }));
};

/** The phones of a borrower of an order (RecoveryConnect: listBorrowerPhones). */
export const phonesOfBorrower = async (
  { orderId, borrowerId }: BorrowerKey,
  { loaders }: Context,
): Promise<Phone[]> => {
  const rows = await loaders.phonesOfBorrower.load({ orderId, borrowerId });
  return rows.map((row) => ({ source: 'RECOVERY_CONNECT', row, orderId, borrowerId }));
};
