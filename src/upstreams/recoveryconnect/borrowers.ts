import { toLocalDateTime, toPastDate } from '../../values/date.ts';
import { toDecimal } from '../../values/decimal.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger } from '../../values/identifier.ts';
import { toSsn } from '../../values/ssn.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, recoveryConnectRead, rows, rowsWithAny } from '../endpoint/endpoint.ts';
import { borrowerKey, ofBorrower, ofOrder } from './response-keys.ts';

/** `phones` in its rows is empty even for borrowers with phones: `listBorrowerPhones` returns them. */
export const listOrderBorrowers = recoveryConnectRead({
  operation: 'listOrderBorrowers',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers',
  key: { orderId: 'order_id' },
  reply: rows({ id: identifier }),
  answersFor: [ofOrder],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const listBorrowerAddresses = recoveryConnectRead({
  operation: 'listBorrowerAddresses',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/addresses',
  // No request uses the number of an address, so it may be missing.
  key: borrowerKey,
  reply: rowsWithAny('id', 'address_1', 'city_name', 'city', 'zip_code'),
  answersFor: ofBorrower,
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

/** A person on an order. New orders use the keys `type` and `date_of_birth`, which reads call differently. */
export const borrowerColumns = {
  borrowerId: column(toText, 'id'),
  parentBorrowerId: column(toText, 'parent_id'),
  personId: column(toText, 'person_id'),
  role: column(toText, 'role', 'type'),
  firstName: column(toText, 'firstname'),
  middleName: column(toText, 'middle_initial'),
  lastName: column(toText, 'lastname'),
  ssn: column(toSsn, 'ssn'),
  dateOfBirth: column(toPastDate, 'birthday', 'date_of_birth'),
  isDeceased: column(toFlag, 'is_deceased'),
  isActiveMilitary: column(toFlag, 'active_military'),
  isFraud: column(toFlag, 'is_fraud'),
  isViolent: column(toFlag, 'is_violent'),
  isPrimary: column(toFlag, 'is_primary'),
  isValidated: column(toFlag, 'validated'),
  bankruptcy: column(toText, 'bankruptcy'),
  driversLicenseNumber: column(toText, 'license_no'),
  driversLicenseState: column(toText, 'license_state'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  deletedAt: column(toLocalDateTime, 'deleted_at'),
} as const;

export const borrowerAddressColumns = {
  addressId: column(toText, 'id'),
  baseAddressId: column(toText, 'address_id'),
  name: column(toText, 'name'),
  line1: column(toText, 'address_1'),
  line2: column(toText, 'address_2'),
  unit: column(toText, 'unit'),
  city: column(toText, 'city_name', 'city'),
  state: column(toText, 'state_name', 'state'),
  zipCode: column(toText, 'zip_code'),
  zipCodeId: column(toText, 'zip_code_id'),
  county: column(toText, 'county_name'),
  latitude: column(toDecimal, 'latitude'),
  longitude: column(toDecimal, 'longitude'),
  typeId: column(toText, 'type'),
  hits: column(toInteger, 'hits'),
  doNotContact: column(toFlag, 'no_contact'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
} as const;
