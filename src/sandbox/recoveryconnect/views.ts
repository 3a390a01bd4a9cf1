import { companyOf, orderTypeName } from './catalog.ts';
import type { Case, CaseRow, Collateral, Order, PhoneRow, Vehicle } from './records.ts';

/** Converts `2026-03-05T13:59:56.000000Z` to the form of lists: `2026-03-05 13:59:56`. */
const withoutMicroseconds = (time: string): string => time.slice(0, 19).replace('T', ' ');

const withMicroseconds = (time: string): string => `${time.replace(' ', 'T')}.000000Z`;

/** The common columns of orders and assignments. */
const caseListing = (row: CaseRow) => ({
  id: row.id,
  has_mbsi_source: null,
  source: row.source,
  other_refno: row.other_refno,
  client_id: row.client_id,
  parent_order_id: row.parent_id,
  status_date: withoutMicroseconds(row.status_date),
  is_violent: row.is_violent,
  accepted_date: row.accepted_date,
  tier_level: row.tier_level,
  placement_level: row.placement_level,
  created_at: row.created_at,
  reopen_num: row.reopen_num,
  is_latest_case: row.is_latest_case,
  client_accountno: row.client_accountno,
  company_orderno: `${row.company_orderno}-${row.reopen_num}`,
  agreement_type: null,
  order_type: orderTypeName(row.order_type),
  order_type_id: row.order_type,
});

export const orderListing = (order: Order) => ({
  ...caseListing(order.row),
  special_instructions: order.special_instructions,
  number_of_runs: order.number_of_runs,
  client_office_location: order.client_office_location,
});

export const assignmentListing = ({ row }: Case) => ({ ...caseListing(row), owner: companyOf(row.owner_id) });

/** The first collateral, whose status is the case's. */
export const primaryOf = ({ collaterals }: Case): Collateral | undefined =>
  collaterals.find(({ row }) => row.is_primary === 1) ?? collaterals[0];

export const createdOrder = (order: Order) => {
  const primary = primaryOf(order)?.row;
  return { ...order.row, status: primary?.status ?? 'Open', status_id: primary?.status_id ?? 0 };
};

const displayString = ({ year, make, model, vin }: Collateral['row']): string =>
  `${year} ${make} ${model} ${vin}`;

// Columns without a documented value.
const unknowns = {
  last_payment_date: null,
  days_past_due: null,
  number_payments_delinquent: null,
  tranche: null,
  last_payment_type: null,
  chargeoff_amount: null,
  last_payment_amount: null,
  interest_amount: null,
  average_wholesale_value: null,
  outstanding_balance: null,
  average_cash_value: null,
  principal_amount: null,
  base_cash_value: null,
  estimated_value: null,
  source: null,
  is_damaged: 0,
  deleted_at: null,
};

/** The collateral of an updated assignment, with the vehicle as a nested row and the status as a number. */
const primaryCollateral = (caseId: number, collateral: Collateral) => {
  const { row, parent_id, delinquent_since, created_at, updated_at, vehicle } = collateral;
  return {
    id: row.id,
    parent_id,
    recovery_id: null,
    completed_by: null,
    pending_recovery_id: null,
    object_id: vehicle.id,
    orders_id: caseId,
    current_disposition: '',
    reason: null,
    contract_date: row.contract_date,
    deliquent_since: delinquent_since,
    chargeoff_date: row.chargeoff_date,
    original_loan_amount: row.original_loan_amount,
    payment_amount: row.payment_amount,
    past_due_amount: row.past_due_amount,
    unpaid_balance: row.unpaid_balance,
    maximum_bailout: row.maximum_bailout,
    additional_info: row.additional_info,
    is_primary: row.is_primary,
    note: null,
    prior_status: null,
    status: row.status_id,
    status_date: withMicroseconds(row.status_date),
    order_fulfillment_history_id: null,
    created_at,
    updated_at,
    ...unknowns,
    display_string: displayString(row),
    base_object: vehicle satisfies Vehicle,
  };
};

export const updatedAssignment = (assignment: Case) => {
  const primary = primaryOf(assignment);
  return {
    ...assignment.row,
    primary_collateral: primary ? primaryCollateral(assignment.row.id, primary) : null,
  };
};

/** A list has fewer columns of a phone than the phone itself. */
export const phoneListing = ({ deleted_at, migration, address_with_number, ...listed }: PhoneRow) => listed;
