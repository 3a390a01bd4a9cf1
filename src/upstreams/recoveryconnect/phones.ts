import { z } from 'zod';
import { toLocalDateTime } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toPhoneNumber } from '../../values/phone-number.ts';
import { asWritten, toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, recoveryConnectRead, recoveryConnectWrite, row, rows } from '../endpoint/endpoint.ts';
import { asNumber } from '../endpoint/response-keys.ts';
import { confirmation } from './envelope.ts';
import { borrowerKey, ofBorrower } from './response-keys.ts';

/** RecoveryConnect writes yes and no as 1 and 0. */
export const flagBody = z.union([z.literal(0), z.literal(1)]);

export const phoneBody = z.strictObject({
  type: z.number(),
  mobile_carrier_id: z.number().optional(),
  number: z.string(),
  extension: z.string().optional(),
  memo: z.string().optional(),
  valid: flagBody.optional(),
  no_contact: flagBody.optional(),
});

export const listBorrowerPhones = recoveryConnectRead({
  operation: 'listBorrowerPhones',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones',
  key: borrowerKey,
  columns: () => listedPhoneColumns,
  reply: rows({ id: identifier }),
  answersFor: ofBorrower,
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const getBorrowerPhone = recoveryConnectRead({
  operation: 'getBorrowerPhone',
  method: 'GET',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones/{phone_id}',
  key: { ...borrowerKey, phoneId: 'phone_id' },
  columns: () => borrowerPhoneColumns,
  reply: row({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'phone_id', read: asNumber }, ...ofBorrower],
  nothing: 'NOT_FOUND',
  caching: 'allowed',
});

export const createBorrowerPhone = recoveryConnectWrite({
  operation: 'createBorrowerPhone',
  method: 'POST',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones',
  request: phoneBody,
  reply: row({ id: identifier }),
  answersFor: ofBorrower,
  nothing: 'UNKNOWN',
});

/** Omitted keys stay unchanged. */
export const updateBorrowerPhone = recoveryConnectWrite({
  operation: 'updateBorrowerPhone',
  method: 'PUT',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones/{phone_id}',
  request: phoneBody.partial(),
  reply: row({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'phone_id', read: asNumber }, ...ofBorrower],
  nothing: 'UNKNOWN',
});

export const deleteBorrowerPhone = recoveryConnectWrite({
  operation: 'deleteBorrowerPhone',
  method: 'DELETE',
  path: '/api/v140/orders/{order_id}/borrowers/{borrower_id}/phones/{phone_id}',
  reply: confirmation,
  answersFor: [{ row: 'id', requested: 'phone_id', read: asNumber }, ...ofBorrower],
  nothing: 'UNKNOWN',
});

export const borrowerPhoneColumns = {
  phoneId: column(toText, 'id'),
  number: column(toPhoneNumber, 'number'),
  rawNumber: column(asWritten, 'number'),
  typeId: column(toText, 'type'),
  isValid: column(toFlag, 'valid'),
  doNotContact: column(toFlag, 'no_contact'),
  extension: column(toText, 'extension'),
  memo: column(toText, 'memo'),
  mobileCarrierId: column(toText, 'mobile_carrier_id'),
  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  // Returned by getBorrowerPhone only.
  deletedAt: column(toLocalDateTime, 'deleted_at'),
  addressText: column(toText, 'address_with_number'),
} as const;

const { deletedAt, addressText, ...listedPhoneColumns } = borrowerPhoneColumns;
