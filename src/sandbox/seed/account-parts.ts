import { httpDate, httpDay, slashDate } from '../dates.ts';
import type { AccountRow } from '../scollect/account-columns.ts';
import { initialPermissions, type Permissions } from '../scollect/permission-fields.ts';
import type { Account, Payment, PhoneRow } from '../scollect/tables.ts';

type Lists = Pick<Account, 'phones' | 'notes' | 'attempts' | 'payments' | 'emails'>;

/** Creates an account from its row and its related records. */
export const accountOf = (
  row: AccountRow,
  lists: Partial<Lists> = {},
  permissions: Partial<Permissions> = {},
): Account => ({
  row,
  permissions: { ...initialPermissions(), ...permissions },
  phones: lists.phones ?? [],
  notes: lists.notes ?? [],
  attempts: lists.attempts ?? [],
  payments: lists.payments ?? [],
  emails: lists.emails ?? [],
});

export const phoneRow = (
  row: AccountRow,
  id: number,
  phonenumber: string,
  phonetype: string,
  phonestatus: string,
  lastchange?: Date,
): PhoneRow => ({
  assignedto: null,
  balance: null,
  filenumber: String(row.filenumber),
  firstname: String(row.firstname),
  id,
  isagoodnumber: null,
  lastchange: lastchange ? httpDate(lastchange) : '0000-00-00 00:00:00',
  lastname: String(row.lastname),
  maindatabaseid: Number(row.id),
  phonenumber,
  phonestatus,
  phonetype,
  source: 'LOAD',
  typeofdebt: null,
});

/** Creates a payment; omitted values are blank. */
export const paymentOf = (
  paid: Date,
  paymentamount: string,
  paymentstatus: string,
  details: Partial<Payment> = {},
): Payment => ({
  datetaken: slashDate(paid),
  merchant: null,
  paymentamount,
  paymentdate: httpDay(paid),
  paymentmethod: null,
  paymentstatus,
  typeofpayment: 'IN HOUSE',
  payorname: '',
  last4card: '',
  cardtoken: '',
  cardexpirationdate: '',
  cardaddress: '',
  cardzipcode: '',
  ...details,
});
