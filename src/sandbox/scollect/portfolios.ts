import { parseCents } from '../money.ts';
import type { ColumnValue } from './account-columns.ts';
import { error, succeed } from './answers.ts';
import type { Handler } from './handler.ts';
import { isPosted } from './payment-reads.ts';
import type { Account } from './tables.ts';

export const getportfoliolist: Handler = ({ state }) => succeed(state.portfolios);

const customColumns = Array.from({ length: 60 }, (_, index) => `custom${index + 1}` as const).sort();

const phoneSlots = Array.from({ length: 15 }, (_, index) => index + 1).sort((one, other) =>
  String(one).localeCompare(String(other)),
);

const customFields = (account: Account) =>
  Object.fromEntries(
    customColumns.map((column) => [column, (account.row as Record<string, ColumnValue>)[column]]),
  );

const phoneFields = ({ phones }: Account, prefix: string, key: 'phonenumber' | 'phonestatus') =>
  Object.fromEntries(phoneSlots.map((slot) => [`${prefix}${slot}`, phones[slot - 1]?.[key] ?? '']));

const totalPaid = ({ payments }: Account): number =>
  payments
    .filter(isPosted)
    .reduce((total, { paymentamount }) => total + (parseCents(paymentamount) ?? 0), 0) / 100;

/** Returns the account with the keys of the portfolio buyer. */
const portfolioRow = (account: Account) => {
  const { row } = account;
  return {
    CBR: 'Mon, 01 Jan 1900 00:00:00 GMT',
    'CO AMT': row.chargedoffprincipal,
    'CO Date': row.datechargedoff,
    'Current UPB': row.currentbalance,
    DOB: row.birthdate,
    'E-Mail': row.emailaddress,
    'Last Paid Date': row.lastpaymentdate,
    Lot_Group_master: row.portfoliogroup,
    'MM Address': row.address,
    'MM City': row.city,
    'MM State': row.state,
    'MM Zip': row.zip,
    OrigDate: row.dateaccountopened,
    Originator: row.originalcreditor,
    SOLdate: row.statuteoflimdate,
    SSN: row.socialsecuritynumber,
    'Total Paid since CO': totalPaid(account),
    co_first: row.codebtor1firstname,
    co_last: row.codebtor1lastname,
    co_ssn: row.codebtor1socialsecurity,
    codebtor1primaryphone: row.codebtor1primaryphone,
    creditor: row.clientname,
    ...customFields(account),
    description: ' ',
    firstname: row.firstname,
    lastactive: row.lastworked,
    lastname: row.lastname,
    level: ' ',
    lot_group: row.portfolio,
    lotno: row.filenumber,
    mm_notes: '',
    origacctno: row.accountnumber,
    ...phoneFields(account, 'phone', 'phonenumber'),
    ...phoneFields(account, 'phonestatus', 'phonestatus'),
    producttype: row.typeofdebt,
  };
};

export const get_accounts_in_portfolio: Handler = ({ state, body }) => {
  const { portfolio } = body;
  if (typeof portfolio !== 'string' || portfolio.trim() === '') return error('Missing portfolio');
  const accounts = [...state.accounts.values()].filter(({ row }) => row.portfolio === portfolio);
  return succeed(accounts.map(portfolioRow));
};
