import { httpDate, httpDay, slashDate } from '../dates.ts';
import type { AccountRow } from '../scollect/account-columns.ts';
import { documentedLists } from '../scollect/account-lists.ts';
import { initialPermissions, type Permissions } from '../scollect/permission-fields.ts';
import type { Account, Lists, Payment, PhoneRow } from '../scollect/tables.ts';

/** Creates an account from its row and its related records. Other lists contain their documented rows. */
export const accountOf = (
  row: AccountRow,
  { payments = [], ...lists }: Partial<Lists & Pick<Account, 'payments'>> = {},
  permissions: Partial<Permissions> = {},
): Account => ({
  row,
  permissions: { ...initialPermissions(), ...permissions },
  payments,
  ...(documentedLists(String(row.filenumber)) as Lists),
  ...lists,
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
