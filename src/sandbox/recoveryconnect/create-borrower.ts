import { sqlTime } from '../dates.ts';
import { addressType, stateName } from './catalog.ts';
import { createPhone } from './phones.ts';
import {
  type AddressRow,
  type Borrower,
  type BorrowerRow,
  nextId,
  type RecoveryConnectState,
} from './records.ts';
import { type Fields, flagOf, listOf, numberOf, textOf } from './validation.ts';

const coordinate = (fields: Fields, key: string): string | null => numberOf(fields, key)?.toFixed(8) ?? null;

// Documented rows have separate numbers for an address and its position, and for a person and a borrower.
const addressIdOffset = -99_020_359;
const personIdOffset = 11_854_041;

const addressRow = (fields: Fields, id: number, time: string): AddressRow => ({
  id,
  address_id: id + addressIdOffset,
  name: textOf(fields, 'name'),
  address_1: textOf(fields, 'address_1'),
  address_2: textOf(fields, 'address_2'),
  unit: textOf(fields, 'unit'),
  zip_code_id: null,
  type: addressType(textOf(fields, 'name')),
  latitude: coordinate(fields, 'latitude'),
  longitude: coordinate(fields, 'longitude'),
  zip_code: textOf(fields, 'zip_code'),
  city_name: textOf(fields, 'city'),
  state_name: stateName(textOf(fields, 'state')),
  county_name: '',
  hits: 0,
  no_contact: 0,
  created_at: time,
  updated_at: time,
});

/** Adds an address to a borrower. Its phones become phones of the borrower that refer to it. */
export const createAddress = (
  state: RecoveryConnectState,
  fields: Fields,
  borrower: Borrower,
  now: Date,
): void => {
  const address = addressRow(fields, nextId(state, 'address'), sqlTime(now));
  borrower.addresses.push(address);
  for (const phone of listOf(fields, 'phones')) {
    borrower.phones.push(createPhone(state, phone, now, address.address_1));
  }
};

const borrowerRow = (
  fields: Fields,
  id: number,
  orderId: number,
  isPrimary: boolean,
  time: string,
): BorrowerRow => ({
  id,
  parent_id: id - 1,
  order_id: orderId,
  person_id: id + personIdOffset,
  role: textOf(fields, 'type'),
  is_violent: 0,
  is_primary: isPrimary ? 1 : 0,
  active_military: flagOf(fields, 'active_military'),
  is_deceased: flagOf(fields, 'is_deceased'),
  is_fraud: flagOf(fields, 'is_fraud'),
  created_at: time,
  updated_at: time,
  deleted_at: null,
  bankruptcy: textOf(fields, 'bankruptcy') || null,
  firstname: textOf(fields, 'firstname'),
  middle_initial: textOf(fields, 'middle_initial'),
  lastname: textOf(fields, 'lastname'),
  birthday: textOf(fields, 'date_of_birth') || null,
  license_no: null,
  license_state: null,
  validated: 1,
  migration: null,
  phones: [],
  ssn: textOf(fields, 'ssn') || null,
});

export const createBorrower = (
  state: RecoveryConnectState,
  fields: Fields,
  orderId: number,
  isPrimary: boolean,
  now: Date,
): Borrower => {
  const row = borrowerRow(fields, nextId(state, 'borrower'), orderId, isPrimary, sqlTime(now));
  const phones = listOf(fields, 'phones').map((phone) => createPhone(state, phone, now));
  const borrower = { row, phones, addresses: [] };
  for (const address of listOf(fields, 'addresses')) createAddress(state, address, borrower, now);
  return borrower;
};
