import type { Column } from '../../upstreams/endpoint/column.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';

// The keys of rows that tell less than the call for the thing itself, as the upstreams document them: by these it is
// known beforehand which fields such a row can answer.

/** Under each key: whether it is enough for a field that reads it. */
const rowOf = (...keys: readonly string[]): Row => Object.fromEntries(keys.map((key) => [key, true]));

/** Of keys that answer a field only if they are not blank, which is not known beforehand. */
const blankableRowOf = (...keys: readonly string[]): Row =>
  Object.fromEntries(keys.map((key) => [key, false]));

/** Whether a row answers for a column, whatever its values are. */
export const answersFor = (row: Row, { keys }: Column<unknown>): boolean =>
  keys.some((key) => typeof key === 'string' && row[key] === true);

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

/** A row that tells nothing: a thing of which no more is known than its number. */
export const bareRow = rowOf();

// Accounts always have a number, a client and a balance.
const certainPortfolioRow = rowOf('Current UPB', 'creditor', 'lot_group', 'lotno', 'origacctno');

const blankablePortfolioRow = blankableRowOf(
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
  ...rowOf('filenumber'),
  ...blankableRowOf('address', 'birthdate', 'city', 'firstname', 'lastname', 'ssn', 'state', 'zip'),
};

/** Of `filterOrders`. */
export const orderRow = rowOf(
  'id',
  'has_mbsi_source',
  'source',
  'other_refno',
  'client_id',
  'parent_order_id',
  'status_date',
  'is_violent',
  'accepted_date',
  'tier_level',
  'placement_level',
  'created_at',
  'reopen_num',
  'is_latest_case',
  'client_accountno',
  'company_orderno',
  'agreement_type',
  'order_type',
  'order_type_id',
  'special_instructions',
  'number_of_runs',
  'client_office_location',
);

/** Of `createOrder`. */
export const createdOrderRow = rowOf(
  'id',
  'client_id',
  'owner_id',
  'lienholder',
  'collector_id',
  'association_id',
  'assignment_manager',
  'status_date',
  'note',
  'reason',
  'parent_id',
  'is_lender',
  'order_type',
  'prior_case_type_live_recovery',
  'client_accountno',
  'lien_accountno',
  'company_orderno',
  'debtor_skipped',
  'is_violent',
  'expiration',
  'company_address',
  'accepted_date',
  'other_refno',
  'company_address_id',
  'tier_level',
  'placement_level',
  'det_guid',
  'created_at',
  'updated_at',
  'deleted_at',
  'source',
  'company_origin',
  'source_file',
  'managed_by_company',
  'flagged_delete',
  'from_transparency_set',
  'trans_set_by_client_id',
  'trans_main_parent_id',
  'parent_case',
  'reopen_num',
  'is_latest_case',
  'assignment_situation',
  'recovery_situation',
  'status',
  'status_id',
);

const phoneKeys = [
  'id',
  'type',
  'mobile_carrier_id',
  'number',
  'extension',
  'memo',
  'valid',
  'no_contact',
  'created_at',
  'updated_at',
] as const;

/** Of `listBorrowerPhones`. */
export const phoneRow = rowOf(...phoneKeys);

/** Of `createBorrowerPhone` and `updateBorrowerPhone`. */
export const writtenPhoneRow = rowOf(...phoneKeys, 'deleted_at', 'migration', 'address_with_number');
