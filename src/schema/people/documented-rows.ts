import { knownRow } from '../../operation/cost/known-row.ts';

// The rows that contain less than the full row of a phone on an order, by their documented keys.

const phoneKeys = [
  'id',
  'type',
  'mobile_carrier_id',
  'number',
  'extension',
  'memo',
  'valid',
  'no_contact',
  'created_at',
  'updated_at',
] as const;

/** Of `listBorrowerPhones`. */
export const phoneRow = knownRow(...phoneKeys);

/** Of `createBorrowerPhone` and `updateBorrowerPhone`. */
export const writtenPhoneRow = knownRow(...phoneKeys, 'deleted_at', 'migration', 'address_with_number');
