import { z } from 'zod';
import { toLocalDateTime } from '../../values/date.ts';
import { toDecimal } from '../../values/decimal.ts';
import { toFlag } from '../../values/flag.ts';
import { toPhoneNumber } from '../../values/phone-number.ts';
import { asWritten, toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { rowsWithAny, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asText } from '../endpoint/response-keys.ts';
import { acknowledgement } from './envelope.ts';

export const getphones = scollectRead({
  operation: 'getphones',
  method: 'GET',
  path: '/getphones/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => phoneColumns,
  reply: rowsWithAny('phonenumber', 'id'),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const insertphone = scollectWrite({
  operation: 'insertphone',
  method: 'POST',
  path: '/insertphone',
  request: z.strictObject({
    filenumber: z.string(),
    phonenumber: z.string(),
    phonetype: z.string(),
    phonestatus: z.string(),
    source: z.string(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
});

/** At least one of type and status is required. */
export const updatephone = scollectWrite({
  operation: 'updatephone',
  method: 'PUT',
  path: '/updatephone',
  request: z.strictObject({
    filenumber: z.string(),
    phonenumber: z.string(),
    phonetype: z.string().optional(),
    phonestatus: z.string().optional(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
});

export const phoneColumns = {
  phoneId: column(toText, 'id'),
  number: column(toPhoneNumber, 'phonenumber'),
  rawNumber: column(asWritten, 'phonenumber'),
  type: column(toText, 'phonetype'),
  status: column(toText, 'phonestatus'),
  isValid: column(toFlag, 'isagoodnumber'),
  origin: column(toText, 'source'),
  updatedAt: column(toLocalDateTime, 'lastchange'),
  contactFirstName: column(toText, 'firstname'),
  contactLastName: column(toText, 'lastname'),
  assignedTo: column(toText, 'assignedto'),
  balance: column(toDecimal, 'balance'),
  rawBalance: column(toText, 'balance'),
  debtType: column(toText, 'typeofdebt'),
} as const;
