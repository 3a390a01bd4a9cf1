import { randomBytes, randomInt } from 'node:crypto';
import { httpDay, parseDate, slashDate } from '../dates.ts';
import { formatCents, parseCents } from '../money.ts';
import { error, errorWithStatus, nothing, succeed } from './answers.ts';
import { type Handler, type Request, requireTexts } from './handler.ts';
import { isPending, isPosted } from './payment-reads.ts';
import { type Account, findAccount, type Payment } from './tables.ts';

const requiredKeys = [
  'filenumber',
  'paymentdate',
  'payorname',
  'paymentmethod',
  'paymentstatus',
  'typeofpayment',
  'checkaccountnumber',
  'checkroutingnumber',
  'cardtype',
  'cardnumber',
  'threedigitnumber',
  'cardexpirationmonth',
  'cardexpirationyear',
  'cardexpirationdate',
  'paymentamount',
  'checkaccounttype',
  'acceptedfees',
  'printed',
  'invoice',
] as const;

type PaymentTexts = Record<(typeof requiredKeys)[number], string>;

/** Creates a token in the documented form, `4jde-dt32-yclc-3d28`. */
const newCardToken = (): string => (randomBytes(8).toString('hex').match(/.{4}/g) ?? []).join('-');

/** The stored part of a card: never its number or its security code. */
const keptOfCard = (cardnumber: string): Pick<Payment, 'last4card' | 'cardtoken'> => {
  const digits = cardnumber.replace(/\D/g, '');
  return digits === ''
    ? { last4card: '', cardtoken: '' }
    : { last4card: digits.slice(-4), cardtoken: newCardToken() };
};

/** All keys must be texts; those of the other payment method may be blank. */
const readPayment = (body: Readonly<Record<string, unknown>>): PaymentTexts | undefined =>
  requiredKeys.every((key) => typeof body[key] === 'string') ? (body as PaymentTexts) : undefined;

interface Installment {
  readonly paymentamount: string;
  readonly paymentdate: string;
}

/** Creates a payment from the texts; undefined if its amount or date is unreadable. */
const newPayment = (texts: PaymentTexts, part: Installment, now: Date): Payment | undefined => {
  const date = parseDate(part.paymentdate);
  const cents = parseCents(part.paymentamount);
  if (date === undefined || cents === undefined || cents <= 0) return undefined;
  return {
    datetaken: slashDate(now),
    merchant: null,
    paymentamount: formatCents(cents),
    paymentdate: httpDay(date),
    paymentmethod: texts.paymentmethod,
    paymentstatus: texts.paymentstatus,
    typeofpayment: texts.typeofpayment,
    payorname: texts.payorname,
    ...keptOfCard(texts.cardnumber),
    cardexpirationdate: texts.cardexpirationdate,
    cardaddress: '',
    cardzipcode: '',
  };
};

/** Books a payment on its account. */
const post = (account: Account, payment: Payment): void => {
  const cents = parseCents(payment.paymentamount) ?? 0;
  const balance = parseCents(String(account.row.currentbalance ?? '')) ?? 0;
  account.row.currentbalance = formatCents(balance - cents);
  account.row.lastpaymentamount = payment.paymentamount;
  account.row.lastpaymentdate = slashDate(new Date(payment.paymentdate));
};

const insertPayments = ({ state, body, now }: Request, parts: (texts: PaymentTexts) => Installment[]) => {
  const texts = readPayment(body);
  const account = findAccount(state, body['filenumber']);
  if (!texts || !account) return error('');
  const wanted = parts(texts);
  const payments = wanted
    .map((part) => newPayment(texts, part, now))
    .filter((payment) => payment !== undefined);
  if (payments.length === 0 || payments.length < wanted.length) return error('');
  account.payments.push(...payments);
  for (const payment of payments.filter(isPosted)) post(account, payment);
  return { state: 'SUCCESS', message: 'Payment successfully inserted' };
};

export const insert_payments_external: Handler = (request) => insertPayments(request, (texts) => [texts]);

const isInstallment = (value: unknown): value is Installment => {
  if (typeof value !== 'object' || value === null) return false;
  const { paymentamount, paymentdate } = value as Partial<Record<string, unknown>>;
  return typeof paymentamount === 'string' && typeof paymentdate === 'string';
};

/** Creates one payment per installment; the amount and date next to the list are ignored. */
export const insert_payplan_external: Handler = (request) => {
  const { paymentdata } = request.body;
  const isPlan = Array.isArray(paymentdata) && paymentdata.every(isInstallment);
  return isPlan ? insertPayments(request, () => paymentdata) : error('');
};

const updatableTexts = [
  'payorname',
  'paymentmethod',
  'paymentstatus',
  'typeofpayment',
  'cardexpirationdate',
] as const;

/** Fields that may be updated but appear in no response: they are accepted and not stored. */
const unseenFields = [
  'checkaddress',
  'checkcity',
  'checkstate',
  'checkzip',
  'checkaccountnumber',
  'checkroutingnumber',
  'checkaccounttype',
  'cardtype',
  'threedigitnumber',
  'cardexpirationmonth',
  'cardexpirationyear',
  'acceptedfees',
  'printed',
  'invoice',
] as const;

const isIgnored = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** Returns the changes in a body; undefined if one of them is unreadable. */
const readChanges = (body: Readonly<Record<string, unknown>>): Partial<Payment> | undefined => {
  const given = [...updatableTexts, 'cardnumber', 'paymentdate'].filter((key) => !isIgnored(body[key]));
  if (given.some((key) => typeof body[key] !== 'string')) return undefined;
  const texts = updatableTexts.filter((key) => given.includes(key)).map((key) => [key, body[key]]);
  const changes: Partial<Payment> = Object.fromEntries(texts);
  if (given.includes('cardnumber')) Object.assign(changes, keptOfCard(String(body['cardnumber'])));
  if (isIgnored(body['paymentdate'])) return changes;
  const date = parseDate(String(body['paymentdate']));
  return date && { ...changes, paymentdate: httpDay(date) };
};

export const update_payment_external: Handler = ({ state, body }) => {
  const required = requireTexts(body, ['filenumber']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber } = required.texts;
  const fields = [...updatableTexts, ...unseenFields, 'cardnumber', 'paymentdate'];
  if (fields.every((key) => isIgnored(body[key]))) {
    return { state: 'TIMEOUT', status: 'At least one update field must be provided.' };
  }
  const account = findAccount(state, filenumber);
  const pending = account?.payments.filter(isPending) ?? [];
  if (!account || pending.length === 0) {
    return errorWithStatus(`No payment info found with filenumber ${filenumber}`, 400);
  }
  const changes = readChanges(body);
  if (!changes) return errorWithStatus('Invalid update field', 400);
  for (const payment of pending) {
    Object.assign(payment, changes);
    if (isPosted(payment)) post(account, payment);
  }
  return succeed({ success: 'Payments have been updated.' });
};

/** Charges the last payment method of the account. */
const charge = (account: Account, cents: number, date: Date, now: Date): void => {
  const last = account.payments.at(-1);
  const payment: Payment = {
    datetaken: slashDate(now),
    merchant: null,
    paymentamount: formatCents(cents),
    paymentdate: httpDay(date),
    paymentmethod: last?.paymentmethod ?? 'CREDIT CARD',
    paymentstatus: 'POSTED',
    typeofpayment: 'Online',
    payorname: last?.payorname || String(account.row.fullname ?? ''),
    last4card: last?.last4card ?? '',
    cardtoken: last?.cardtoken ?? '',
    cardexpirationdate: last?.cardexpirationdate ?? '',
    cardaddress: last?.cardaddress ?? '',
    cardzipcode: last?.cardzipcode ?? '',
  };
  account.payments.push(payment);
  post(account, payment);
};

export const run_payment_external: Handler = ({ state, body, now }) => {
  const required = requireTexts(body, ['filenumber', 'paymentdate', 'paymentamount']);
  if ('missing' in required) return nothing();
  const { filenumber, paymentdate, paymentamount } = required.texts;
  const account = findAccount(state, filenumber);
  const cents = parseCents(paymentamount);
  const date = parseDate(paymentdate);
  if (!account || !date || cents === undefined || cents <= 0) return nothing();
  charge(account, cents, date, now);
  return { result: 'APPROVED', approvalcode: String(randomInt(100_000, 1_000_000)), error: '' };
};
