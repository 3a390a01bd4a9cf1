import type { Column } from './column.ts';

/** The columns of an address that a row may have. */
export interface AddressColumns {
  readonly addressId?: Column<string>;
  readonly baseAddressId?: Column<string>;
  readonly name?: Column<string>;
  readonly line1: Column<string>;
  readonly line2?: Column<string>;
  readonly unit?: Column<string>;
  readonly city?: Column<string>;
  readonly state?: Column<string>;
  readonly zipCode?: Column<string>;
  readonly zipCodeId?: Column<string>;
  readonly county?: Column<string>;
  readonly latitude?: Column<string>;
  readonly longitude?: Column<string>;
  readonly typeId?: Column<string>;
  readonly hits?: Column<number>;
  readonly doNotContact?: Column<boolean>;
  readonly createdAt?: Column<string>;
  readonly updatedAt?: Column<string>;
}
