import type { Context } from '../../request/context.ts';
import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';

/** The row that an address stands in, and where in it. */
export interface Address {
  readonly row: Row;
  readonly columns: AddressColumns;
  /** Set where the row is an account's. */
  readonly fileNumber?: string;
}

export const AddressType = builder.objectRef<Address>('Address').implement({
  description: 'A postal address. What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(
      t,
      ({ columns }) => columns,
      ({ fileNumber, row }, context) =>
        fileNumber === undefined ? row : fullAccountRow({ fileNumber }, context),
    );
    return {
      addressId: column.id('addressId', "RecoveryConnect's number for it. Null in Scollect."),
      baseAddressId: column.id(
        'baseAddressId',
        "RecoveryConnect's number for the place itself, which several records may share. Null in Scollect.",
      ),
      name: column.text('name', 'What address it is, such as `Home Address`. Null in Scollect.'),
      line1: column.text('line1', 'Street and number.'),
      line2: column.text('line2', 'What stands below the street.'),
      unit: column.text('unit', 'Apartment, suite or unit. Null in Scollect.'),
      city: column.text('city', 'City.'),
      state: column.text('state', 'State: its two letters, or its name.'),
      zipCode: column.text('zipCode', 'ZIP code.'),
      zipCodeId: column.id('zipCodeId', "RecoveryConnect's number for the ZIP code. Null in Scollect."),
      county: column.text('county', 'County. Null in Scollect.'),
      latitude: column.decimal('latitude', 'Degrees north. Null in Scollect.'),
      longitude: column.decimal(
        'longitude',
        'Degrees east: negative in the United States. Null in Scollect.',
      ),
      typeId: column.id('typeId', "RecoveryConnect's number for the type of address. Null in Scollect."),
      hits: column.integer('hits', 'How many times RecoveryConnect counted a hit there. Null in Scollect.'),
      doNotContact: column.flag(
        'doNotContact',
        'Whether the person must not be contacted there. Null in Scollect.',
      ),
      createdAt: column.localDateTime('createdAt', 'When the record was made. Null in Scollect.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed. Null in Scollect.'),
    };
  },
});

/** An address in the row of an account; null where nothing of it is recorded. */
export const addressOfAccount = (
  { fileNumber, row }: AccountRow,
  columns: AddressColumns,
  context: Context,
): Promise<Address | null> => partOf({ fileNumber, row, columns }, Object.values(columns), context);
