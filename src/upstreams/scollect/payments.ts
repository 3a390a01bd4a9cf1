import { z } from 'zod';
import { toCardExpiration } from '../../values/card-expiration.ts';
import { toDate, toRecordedDate } from '../../values/date.ts';
import { toDecimal } from '../../values/decimal.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, row, rowsWithAny, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asLast4, asText } from '../endpoint/response-keys.ts';
import { acknowledgement } from './envelope.ts';

export const getpayments = scollectRead({
  operation: 'getpayments',
  method: 'GET',
  path: '/getpayments/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => paymentColumns,
  reply: rowsWithAny('paymentamount', 'paymentdate'),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NO_ROWS',
  caching: 'money',
});

export const get_lastpayinfo = scollectRead({
  operation: 'get_lastpayinfo',
  method: 'POST',
  path: '/get_lastpayinfo',
  request: z.strictObject({ filenumber: z.string() }),
  key: { fileNumber: 'filenumber' },
  columns: () => lastPaymentColumns,
  reply: row({ paymentdate: z.string().nullable() }),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NOT_FOUND',
  caching: 'money',
});

/** The stored payment methods of an account. */
export const getAlpaymentdata = scollectRead({
  operation: 'getAlpaymentdata',
  method: 'POST',
  path: '/getAlpaymentdata',
  request: z.strictObject({
    FileNumber: z.string(),
    paymentMethod: z.string().optional(),
    last4Card: z.string().optional(),
  }),
  key: { fileNumber: 'FileNumber' },
  filter: { method: 'paymentMethod', last4: 'last4Card' },
  columns: () => paymentMethodColumns,
  reply: rowsWithAny('maindatabaseid', 'paymentmethod', 'last4card'),
  answersFor: [
    { row: 'last4card', requested: 'last4Card', read: asLast4 },
    { row: 'filenumber', requested: 'FileNumber', read: asText },
  ],
  nothing: 'NO_ROWS',
  caching: 'money',
});

const checkAndCard = {
  checkaccountnumber: z.string(),
  checkroutingnumber: z.string(),
  checkaccounttype: z.string(),
  cardtype: z.string(),
  cardnumber: z.string(),
  threedigitnumber: z.string(),
  cardexpirationmonth: z.string(),
  cardexpirationyear: z.string(),
  cardexpirationdate: z.string(),
};

/** Every key is required; those of the other payment method are blank. */
const payment = {
  filenumber: z.string(),
  paymentdate: z.string(),
  payorname: z.string(),
  paymentmethod: z.string(),
  paymentstatus: z.string(),
  typeofpayment: z.string(),
  ...checkAndCard,
  paymentamount: z.string(),
  acceptedfees: z.string(),
  printed: z.string(),
  invoice: z.string(),
};

export const insert_payments_external = scollectWrite({
  operation: 'insert_payments_external',
  method: 'POST',
  path: '/insert_payments_external',
  request: z.strictObject(payment),
  reply: acknowledgement,
  nothing: 'REFUSED',
  isOnce: true,
});

/** Its response is not documented; it is said to equal that of `insert_payments_external`. */
export const insert_payplan_external = scollectWrite({
  operation: 'insert_payplan_external',
  method: 'POST',
  path: '/insert_payplan_external',
  request: z.strictObject({
    ...payment,
    paymentdata: z.array(z.strictObject({ paymentamount: z.string(), paymentdate: z.string() })),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
  isOnce: true,
});

/** Changes the pending payments of the account; blank values are unchanged. */
export const update_payment_external = scollectWrite({
  operation: 'update_payment_external',
  method: 'POST',
  path: '/update_payment_external',
  request: z
    .strictObject({
      filenumber: z.string(),
      paymentdate: z.string(),
      payorname: z.string(),
      paymentmethod: z.string(),
      paymentstatus: z.string(),
      typeofpayment: z.string(),
      checkaddress: z.string(),
      checkcity: z.string(),
      checkstate: z.string(),
      checkzip: z.string(),
      ...checkAndCard,
      acceptedfees: z.boolean(),
      printed: z.string(),
      invoice: z.string(),
    })
    .partial()
    .required({ filenumber: true }),
  reply: acknowledgement,
  nothing: 'REFUSED',
  isOnce: true,
});

/** Charges a payment now. */
export const run_payment_external = scollectWrite({
  operation: 'run_payment_external',
  method: 'POST',
  path: '/run_payment_external',
  request: z.strictObject({ filenumber: z.string(), paymentdate: z.string(), paymentamount: z.string() }),
  reply: row({ result: z.string(), approvalcode: identifier }),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'REFUSED',
  isOnce: true,
  isCharge: true,
});

/** Truncates the value in case it is the whole number. */
const toLast4 = (wire: unknown): string | null => toText(wire)?.slice(-4) ?? null;

export const paymentColumns = {
  amount: column(toDecimal, 'paymentamount'),
  rawAmount: column(toText, 'paymentamount'),
  paymentDate: column(toDate, 'paymentdate'),
  rawPaymentDate: column(toText, 'paymentdate'),
  takenDate: column(toRecordedDate, 'datetaken'),
  rawTakenDate: column(toText, 'datetaken'),
  method: column(toText, 'paymentmethod'),
  type: column(toText, 'typeofpayment'),
  merchant: column(toText, 'merchant'),
  portfolio: column(toText, 'portfolio'),
} as const;

/** `cardnumber` is a token for the card number, and is never read. */
export const lastPaymentColumns = {
  paymentDate: column(toRecordedDate, 'paymentdate'),
  payorName: column(toText, 'payorname'),
  cardLast4: column(toLast4, 'last4card'),
  cardExpiration: column(toCardExpiration, 'cardexpirationdate'),
  rawCardExpiration: column(toText, 'cardexpirationdate'),
  cardAddress: column(toText, 'cardaddress'),
  cardZipCode: column(toText, 'cardzipcode'),
} as const;

export const paymentMethodColumns = {
  method: column(toText, 'paymentmethod'),
  cardLast4: column(toLast4, 'last4card'),
  cardZipCode: column(toText, 'cardzipcode'),
} as const;
