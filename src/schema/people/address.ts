import type { Context } from '../../request/context.ts';
import type { AddressColumns } from '../../upstreams/endpoint/address-columns.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { accountAddresses } from '../../upstreams/scollect/people-columns.ts';
import { type AccountRow, fullAccountRow, partOf } from '../accounts/account-row.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { keyOfListed, type Listed } from '../kit/listed.ts';
import { NodeInterface, nodeId, withoutNumber } from '../kit/node.ts';

/** The row that contains an address, and its columns: an account's row, or one of its own. */
export type Address = { readonly row: Row; readonly columns: AddressColumns } & (
  | { readonly fileNumber: string }
  | (Listed & { readonly fileNumber?: undefined })
);

const placeOf: ReadonlyMap<AddressColumns, string> = new Map(
  [...accountAddresses].map(([place, columns]) => [columns, place]),
);

/** The key of an address. */
export const addressKeyOf = (address: Address, context: Context): readonly string[] =>
  address.fileNumber === undefined
    ? keyOfListed(address, context)
    : ['S', address.fileNumber, placeOf.get(address.columns) ?? ''];

export const AddressType = builder.objectRef<Address>('Address').implement({
  description: 'A postal address. A field is null if no value is recorded.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(
      t,
      ({ columns }) => columns,
      ({ fileNumber, row }, context) =>
        fileNumber === undefined ? row : fullAccountRow({ fileNumber }, context),
    );
    return {
      id: nodeId(t, 'Address', addressKeyOf, withoutNumber),
      addressId: column.id('addressId', "RecoveryConnect's number for the address. Null in Scollect."),
      baseAddressId: column.id(
        'baseAddressId',
        "RecoveryConnect's number for the physical address, which several records may share. Null in Scollect.",
      ),
      name: column.text('name', 'Name of the address, such as `Home Address`. Null in Scollect.'),
      line1: column.text('line1', 'Street and number.'),
      line2: column.text('line2', 'Second address line.'),
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
      hits: column.integer(
        'hits',
        'Number of hits that RecoveryConnect counted at the address. Null in Scollect.',
      ),
      doNotContact: column.flag(
        'doNotContact',
        'Whether the person must not be contacted at this address. Null in Scollect.',
      ),
      createdAt: column.localDateTime('createdAt', 'When the record was created. Null in Scollect.'),
      updatedAt: column.localDateTime('updatedAt', 'When the record was last changed. Null in Scollect.'),
    };
  },
});

/** Returns an address in the row of an account; null if nothing of it is recorded. */
export const addressOfAccount = (
  { fileNumber, row }: AccountRow,
  columns: AddressColumns,
  context: Context,
): Promise<Address | null> => partOf({ fileNumber, row, columns }, Object.values(columns), context);
