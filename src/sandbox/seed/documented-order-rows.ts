import { firstOf } from '../first-of.ts';
import getOrder from '../fixtures/recoveryconnect/getOrder.json' with { type: 'json' };
import listBorrowerAddresses from '../fixtures/recoveryconnect/listBorrowerAddresses.json' with {
  type: 'json',
};
import listBorrowerPhones from '../fixtures/recoveryconnect/listBorrowerPhones.json' with { type: 'json' };
import listOrderBorrowers from '../fixtures/recoveryconnect/listOrderBorrowers.json' with { type: 'json' };
import listOrderCollaterals from '../fixtures/recoveryconnect/listOrderCollaterals.json' with {
  type: 'json',
};
import updateAssignment from '../fixtures/recoveryconnect/updateAssignment.json' with { type: 'json' };
import type {
  AddressRow,
  BorrowerRow,
  CollateralRow,
  PhoneRow,
  Vehicle,
} from '../recoveryconnect/records.ts';

const firstBorrower = firstOf(listOrderBorrowers.success.data);

/**
 * The documented borrowers of order 57062885. Only the first keys of the second one are documented; the others are those
 * of the first, which are blank.
 */
export const borrowersOf57062885 = listOrderBorrowers.success.data.map(
  (row) => ({ ...firstBorrower, ...row }) as BorrowerRow,
);

// Lists omit these keys of a phone.
const unlisted = { deleted_at: null, migration: null, address_with_number: 'No address' } as const;

/** The documented phones of the first of them. */
export const phonesOf124927241: readonly PhoneRow[] = listBorrowerPhones.success.data.map((row) => ({
  ...row,
  ...unlisted,
}));

export const phoneOf124941995: PhoneRow = {
  ...firstOf(listBorrowerPhones.success.data),
  ...unlisted,
  id: 39317580,
  type: 6,
  number: '210-555-0199',
};

/** The documented addresses of the first of them. */
export const addressesOf124927241: readonly AddressRow[] = listBorrowerAddresses.success.data;

/** The documented collateral of order 57062885. */
export const collateralOf57062885: CollateralRow = firstOf(listOrderCollaterals.success.data);

/** The documented vehicle of assignment 57074903, with the whole history of its properties. */
export const documentedVehicle: Vehicle = updateAssignment.success.data.primary_collateral.base_object;

/** The documented special instruction of order 20, and its client's office. */
export const { special_instructions: instructionsOf20, client_office_location: officeOf20 } =
  getOrder.success.data;
