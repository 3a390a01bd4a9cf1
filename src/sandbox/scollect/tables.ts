import { canonicalFileNumber } from '../../values/file-number.ts';
import type { AccountRow } from './account-columns.ts';
import type { ListName } from './account-lists.ts';
import type { Permissions } from './permission-fields.ts';

// The tables of the API. Their keys are those of the documented responses, including misspellings.

export interface Portfolio {
  readonly client: string;
  readonly dateplaced: string;
  readonly id: number;
  readonly portfolio: string;
}

export interface PhoneRow {
  readonly assignedto: string | null;
  readonly balance: string | null;
  readonly filenumber: string;
  readonly firstname: string;
  readonly id: number;
  readonly isagoodnumber: string | null;
  lastchange: string;
  readonly lastname: string;
  readonly maindatabaseid: number;
  readonly phonenumber: string;
  phonestatus: string;
  phonetype: string;
  readonly source: string;
  readonly typeofdebt: string | null;
}

export interface NoteRow {
  readonly collectorname: string;
  readonly filenumber: string;
  readonly id: number;
  readonly 'log.filenumber': string;
  readonly logdate: string;
  readonly logdateandtime: string;
  readonly logmessage: string;
  readonly logtime: string;
}

/** An old attempt has the account under `filename`, others under `filenumber`. */
export type AttemptRow = {
  readonly agent: string;
  readonly date: string;
  readonly direction: string;
  readonly dispo: string;
  readonly maindatabaseid: number;
  readonly phonenumber: string;
  readonly time: string;
  readonly type: string;
  readonly wassecond: number;
} & ({ readonly filename: string } | { readonly filenumber: string });

export interface EmailRow {
  readonly DateLoaded: string;
  readonly EmailID: string;
  readonly IPAddress: string;
  readonly ReferenceNumber: string;
  readonly Subject: string;
  readonly ToAddress: string;
  readonly TrackingType: string;
  readonly UserAgent: string;
  readonly id: number;
}

/** A payment. Of a card it contains only the last four digits, and a token for the rest. */
export interface Payment {
  readonly datetaken: string;
  readonly merchant: string | null;
  readonly paymentamount: string;
  paymentdate: string;
  paymentmethod: string | null;
  paymentstatus: string;
  typeofpayment: string;
  payorname: string;
  last4card: string;
  cardtoken: string;
  cardexpirationdate: string;
  readonly cardaddress: string;
  readonly cardzipcode: string;
}

/** The rows of the lists that writes change. */
interface Rows {
  phones: PhoneRow;
  notes: NoteRow;
  attempts: AttemptRow;
  emails: EmailRow;
}

/** The lists of an account that are read as they are. */
export type Lists = { readonly [Name in ListName]: (Name extends keyof Rows ? Rows[Name] : object)[] };

/** An account with its related records, each list in the order of creation. */
export interface Account extends Lists {
  readonly row: AccountRow;
  readonly permissions: Permissions;
  readonly payments: Payment[];
}

export interface ScollectState {
  readonly portfolios: readonly Portfolio[];
  /** By file number, in capitals. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** The last assigned number by kind of row. */
  readonly lastIds: { phone: number; note: number; email: number };
}

/** Finds an account by its file number in any letter case. */
export const findAccount = (state: ScollectState, filenumber: unknown): Account | undefined =>
  typeof filenumber === 'string' ? state.accounts.get(canonicalFileNumber(filenumber)) : undefined;

export const nextId = (state: ScollectState, kind: keyof ScollectState['lastIds']): number => {
  state.lastIds[kind] += 1;
  return state.lastIds[kind];
};

export const fileNumberOf = (account: Account): string => String(account.row.filenumber);

export const idOf = (account: Account): number => Number(account.row.id);
