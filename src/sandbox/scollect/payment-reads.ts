import { errorWithStatus, nothing, succeed } from './answers.ts';
import type { Handler } from './handler.ts';
import { fileNumberOf, findAccount, idOf, type Payment } from './tables.ts';

export const isPending = ({ paymentstatus }: Payment): boolean => paymentstatus.toUpperCase() === 'PENDING';

const posted = new Set(['POSTED', 'APPROVED', 'PAID']);

export const isPosted = ({ paymentstatus }: Payment): boolean => posted.has(paymentstatus.toUpperCase());

export const getpayments: Handler = ({ state, params }) => {
  const filenumber = params['filenumber'] ?? '';
  const account = findAccount(state, filenumber);
  if (!account) return errorWithStatus(`File number ${filenumber} does not exist.`, 404);
  const rows = account.payments.map((payment) => ({
    datetaken: payment.datetaken,
    filenumber: fileNumberOf(account),
    merchant: payment.merchant,
    paymentamount: payment.paymentamount,
    paymentdate: payment.paymentdate,
    paymentmethod: payment.paymentmethod,
    portfolio: account.row.portfolio,
    typeofpayment: payment.typeofpayment,
  }));
  return succeed(rows);
};

export const get_lastpayinfo: Handler = ({ state, body }) => {
  const payments = findAccount(state, body['filenumber'])?.payments.filter(isPosted) ?? [];
  const [last] = payments.toSorted(
    (one, other) => Date.parse(other.paymentdate) - Date.parse(one.paymentdate),
  );
  if (!last) return nothing();
  const data = {
    cardaddress: last.cardaddress,
    cardexpirationdate: last.cardexpirationdate,
    cardnumber: last.cardtoken,
    cardzipcode: last.cardzipcode,
    last4card: last.last4card,
    paymentdate: last.paymentdate,
    payorname: last.payorname,
  };
  return succeed({ data: [data] });
};

/** A missing or blank filter matches everything. */
const fits = (value: string, filter: unknown): boolean =>
  typeof filter !== 'string' || filter.trim() === '' || value.toUpperCase() === filter.trim().toUpperCase();

/** Returns the payment methods of the payments of the account, each once. */
export const getAlpaymentdata: Handler = ({ state, body }) => {
  const account = findAccount(state, body['FileNumber']);
  const ways = new Map<string, Record<string, unknown>>();
  for (const { paymentmethod, last4card, cardzipcode } of account?.payments ?? []) {
    if (!account || paymentmethod === null) continue;
    if (!fits(paymentmethod, body['paymentMethod']) || !fits(last4card, body['last4Card'])) continue;
    const way = { cardzipcode, last4card, maindatabaseid: idOf(account), paymentmethod };
    ways.set(JSON.stringify(way), way);
  }
  return ways.size > 0
    ? succeed({ success: [...ways.values()] })
    : errorWithStatus('The payment data based on your search criteria does not exist', 404);
};
