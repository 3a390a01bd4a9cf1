import { z } from 'zod';
import { toDecimal } from '../../values/decimal.ts';
import { toInteger } from '../../values/identifier.ts';
import { column } from '../endpoint/column.ts';
import { identifier, row, rows, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asText, asWholeSsn } from '../endpoint/response-keys.ts';
import { accountColumns, feeColumns, workColumns } from './account-columns.ts';
import { acknowledgement } from './envelope.ts';
import { debtorColumns } from './people-columns.ts';

export const getaccount = scollectRead({
  operation: 'getaccount',
  method: 'GET',
  path: '/getaccount/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => ({ ...accountColumns, ...feeColumns, ...workColumns, ...debtorColumns }),
  reply: row({ filenumber: identifier }),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NOT_FOUND',
  caching: 'allowed',
});

/** The path parameter is written `###-##-####`. */
export const getaccountbysocial = scollectRead({
  operation: 'getaccountbysocial',
  method: 'GET',
  path: '/getaccountbysocial/{ssn}',
  reply: rows({ filenumber: identifier }),
  answersFor: [
    {
      row: 'socialsecuritynumber',
      requested: 'ssn',
      read: asWholeSsn,
      orIn: ['jointsocial', 'codebtor1socialsecurity', 'codebtor2socialsecurity'],
    },
  ],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const searchbyphone = scollectRead({
  operation: 'searchbyphone',
  method: 'POST',
  path: '/searchbyphone',
  request: z.strictObject({ PhoneNumber: z.string() }),
  key: { number: 'PhoneNumber' },
  reply: rows({ filenumber: identifier }),
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

/** Balance, minimum payments and the offered settlement. */
export const getAlaccountdata = scollectRead({
  operation: 'getAlaccountdata',
  method: 'POST',
  path: '/getAlaccountdata',
  request: z.strictObject({ FileNumber: z.string() }),
  key: { fileNumber: 'FileNumber' },
  columns: () => settlementColumns,
  reply: row({ filenumber: identifier }),
  answersFor: [{ row: 'filenumber', requested: 'FileNumber', read: asText }],
  nothing: 'NOT_FOUND',
  caching: 'money',
});

const fieldUpdate = z.strictObject({ filenumber: z.string(), fieldname: z.string(), fieldvalue: z.string() });

/** Sets one column of the account. */
export const updatedbase = scollectWrite({
  operation: 'updatedbase',
  method: 'PUT',
  path: '/updatedbase',
  request: fieldUpdate,
  reply: acknowledgement,
  nothing: 'REFUSED',
});

/** Sets one of the account's permissions. */
export const updatepermissions = scollectWrite({
  operation: 'updatepermissions',
  method: 'PUT',
  path: '/updatepermissions',
  request: fieldUpdate,
  reply: acknowledgement,
  nothing: 'REFUSED',
});

export const settlementColumns = {
  currentBalance: column(toDecimal, 'currentbalance'),
  settlementAmount: column(toDecimal, 'sifamount'),
  settlementPaymentCount: column(toInteger, 'sifnumberofpay'),
  minimumPayment: column(toDecimal, 'minimumpayment'),
  minimumOneTimePayment: column(toDecimal, 'minimumonetimepayment'),
} as const;
