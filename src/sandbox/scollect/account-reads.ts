import type { AccountRow } from './account-columns.ts';
import { error, errorWithStatus, nothing, succeed } from './answers.ts';
import type { Handler } from './handler.ts';
import { type Account, findAccount } from './tables.ts';

// The documented row of getaccount spells one key differently from that of getaccountbysocial, and has no
// `makepayabletocity`.
const misspelt = ({ managername, makepayabletocity, ...row }: AccountRow) => ({
  ...row,
  ...(makepayabletocity === null ? {} : { makepayabletocity }),
  managename: managername,
});

export const getaccount: Handler = ({ state, params }) => {
  const account = findAccount(state, params['filenumber']);
  return account ? succeed([misspelt(account.row)]) : nothing();
};

export const getaccountbysocial: Handler = ({ state, params }) => {
  const ssn = params['ssn'] ?? '';
  const found = [...state.accounts.values()].filter(({ row }) => row.socialsecuritynumber === ssn);
  return found.length > 0 ? succeed(found.map(({ row }) => row)) : error(`SSN of ${ssn} not found`);
};

const lastFourOfSsn = ({ row }: Account): string =>
  String(row.socialsecuritynumber ?? '')
    .slice(-4)
    .trim()
    .padStart(4, '0');

const digitsOf = (phone: unknown): string => (typeof phone === 'string' ? phone.replace(/\D/g, '') : '');

export const searchbyphone: Handler = ({ state, body }) => {
  const wanted = digitsOf(body['PhoneNumber']);
  const found = [...state.accounts.values()].filter(
    ({ phones }) => wanted !== '' && phones.some(({ phonenumber }) => digitsOf(phonenumber) === wanted),
  );
  if (found.length === 0) return errorWithStatus('This phone number does not exist in the system', 404);
  const success = found.map((account) => {
    const { address, birthdate, city, filenumber, firstname, lastname, state: usState, zip } = account.row;
    const ssn = lastFourOfSsn(account);
    return { address, birthdate, city, filenumber, firstname, lastname, ssn, state: usState, zip };
  });
  return succeed({ success });
};

export const getAlaccountdata: Handler = ({ state, body }) => {
  const account = findAccount(state, body['FileNumber']);
  if (!account) return errorWithStatus('This file number does not exist in the system', 404);
  const { row, permissions, phones } = account;
  const data = {
    birthdate: row.birthdate,
    currentbalance: row.currentbalance,
    filenumber: row.filenumber,
    fullName: row.fullname,
    id: row.id,
    minimumonetimepayment: permissions.minimumonetimepayment,
    minimumpayment: permissions.minimumpayment,
    phone1: phones[0]?.phonenumber ?? '',
    phone2: phones[1]?.phonenumber ?? '',
    sifamount: permissions.sifamount,
    sifnumberofpay: permissions.sifnumberofpay,
    socialsecuritynumber: lastFourOfSsn(account),
  };
  return succeed({ success: [data] });
};
