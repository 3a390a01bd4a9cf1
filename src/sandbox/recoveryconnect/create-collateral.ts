import { sqlTime } from '../dates.ts';
import { ownCompany, statusName, vehicleTypeName } from './catalog.ts';
import type { Request } from './handler.ts';
import { type Collateral, type CollateralRow, nextId } from './records.ts';
import { type Fields, numberOf, textOf } from './validation.ts';
import { vehicleOf } from './vehicles.ts';

const collateralRow = (fields: Fields, id: number, isPrimary: boolean, time: string): CollateralRow => {
  const loan = (fields['loan_info'] ?? {}) as Fields;
  const vehicleType = numberOf(fields, 'vehicle_type_id') ?? 1;
  return {
    id,
    is_primary: isPrimary ? 1 : 0,
    vehicle_type_id: vehicleType,
    vehicle_type: vehicleTypeName(vehicleType),
    year: textOf(fields, 'year'),
    make: textOf(fields, 'make'),
    model: textOf(fields, 'model'),
    color: textOf(fields, 'color'),
    drive_train: textOf(fields, 'drive_train'),
    fuel_type: textOf(fields, 'fuel_type'),
    engine: textOf(fields, 'engine'),
    selling_dealer: '',
    original_loan_amount: textOf(loan, 'original_loan_amount') || '0',
    payment_amount: textOf(loan, 'payment_amount') || '0',
    past_due_amount: textOf(loan, 'past_due_amount') || '0',
    unpaid_balance: textOf(loan, 'unpaid_balance') || '0',
    chargeoff_date: textOf(loan, 'chargeoff_date') || 'No Data',
    key_codes: '-undefined',
    maximum_bailout: null,
    additional_info: 'No Data',
    contract_date: textOf(loan, 'contract_date') || 'No Data',
    license_no: textOf(fields, 'license_plate'),
    license_state: textOf(fields, 'license_state'),
    license_exp: null,
    vin: textOf(fields, 'identification_number'),
    status: statusName(0),
    status_id: 0,
    status_date: time,
    status_reason: null,
    status_note: null,
    on_hook_by: null,
  };
};

/** Creates a collateral from a body; the first of an order is its primary one. */
export const createCollateral = (
  { state, now }: Pick<Request, 'state' | 'now'>,
  fields: Fields,
  index: number,
  parent?: number,
): Collateral => {
  const time = sqlTime(now);
  const id = nextId(state, 'collateral');
  const row = collateralRow(fields, id, index === 0, time);
  const loan = (fields['loan_info'] ?? {}) as Fields;
  const extra = { bodyType: textOf(fields, 'body_type'), trim: textOf(fields, 'trim') };
  return {
    row,
    parent_id: parent ?? id,
    delinquent_since: textOf(loan, 'delinquent_since') || 'No Data',
    created_at: time,
    updated_at: time,
    vehicle: vehicleOf(row, nextId(state, 'vehicle'), ownCompany, time, extra),
  };
};
