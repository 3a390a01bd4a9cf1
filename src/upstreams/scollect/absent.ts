// Documented sentences for a missing object. Each is a valid response of the operations for that object only; from any
// other operation it is a server fault.

/** The operations without a file number; every other one has one. */
export const withoutFileNumber: readonly string[] = [
  'get_accounts_in_portfolio',
  'getaccountbysocial',
  'getportfoliolist',
  'login',
  'searchbyphone',
];

/** Stands for every operation with a file number. */
export const byFileNumber = Symbol('every operation with a file number');

const list = (what: string): string =>
  `^file ?number .{1,80}? does not have (?:any|associated) ${what}(?: or may not exist)?\\.?$`;

type Operations = readonly string[] | typeof byFileNumber;

/** Each sentence as a regular expression for a lower-case text, with its operations. */
export const absentSentences: readonly (readonly [sentence: string, operations: Operations])[] = [
  ['^(?:this )?file ?number(?: .{1,80}?)? does not exist(?: in the system)?\\.?$', byFileNumber],
  ['^data not found for this file ?number(?: .{1,80})?\\.?$', byFileNumber],
  [list('notes'), ['getnotes']],
  [list('phone numbers'), ['getphones', 'updatephone']],
  [list('payments'), ['getpayments', 'get_lastpayinfo', 'update_payment_external']],
  [list('attempts'), ['getattempts']],
  [list('e-?mails'), ['getemails', 'getemailstats']],
  ['^ssn of .{1,80}? not found\\.?$', ['getaccountbysocial']],
  ['^this phone number does not exist in the system\\.?$', ['searchbyphone', 'updatephone']],
  [
    '^the payment data based on your search criteria does not exist\\.?$',
    ['getAlpaymentdata', 'getpayments'],
  ],
  [
    '^no payment info found with file ?number .{1,80}?\\.?$',
    ['getpayments', 'get_lastpayinfo', 'getAlpaymentdata', 'update_payment_external'],
  ],
];
