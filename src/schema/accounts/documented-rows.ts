import { blankableRow, knownRow } from '../../operation/cost/known-row.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';

// The rows that contain less than the full row of an account, by their documented keys.

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

// Accounts always have a number, a client and a balance.
const certainPortfolioRow = knownRow('Current UPB', 'creditor', 'lot_group', 'lotno', 'origacctno');

const blankablePortfolioRow = blankableRow(
  'CBR',
  'CO AMT',
  'CO Date',
  'DOB',
  'E-Mail',
  'Last Paid Date',
  'Lot_Group_master',
  'MM Address',
  'MM City',
  'MM State',
  'MM Zip',
  'OrigDate',
  'Originator',
  'SOLdate',
  'SSN',
  'Total Paid since CO',
  'co_first',
  'co_last',
  'co_ssn',
  'codebtor1primaryphone',
  'description',
  'firstname',
  'lastactive',
  'lastname',
  'level',
  'mm_notes',
  'producttype',
  ...numbered('custom', 60),
  ...numbered('phone', 15),
  ...numbered('phonestatus', 15),
);

/** Of `get_accounts_in_portfolio`. */
export const portfolioRow: Row = { ...certainPortfolioRow, ...blankablePortfolioRow };

/** Of `searchbyphone`. */
export const searchRow: Row = {
  ...knownRow('filenumber'),
  ...blankableRow('address', 'birthdate', 'city', 'firstname', 'lastname', 'ssn', 'state', 'zip'),
};
