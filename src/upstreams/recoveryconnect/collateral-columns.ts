import { toDate, toLocalDateTime, toPastDate, toRecordedDate } from '../../values/date.ts';
import { toDecimal } from '../../values/decimal.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger, toName } from '../../values/identifier.ts';
import { toNumericId } from '../../values/numeric-id.ts';
import { toText, toVehicleText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { toPart } from './nested.ts';

const vehicle = 'base_object';
const properties = 'object_properties';
const model = 'object_model';

/**
 * A collateral. In the list of an order the row itself has the columns of the vehicle. In the response of
 * `updateAssignment` the vehicle is a nested row, and the status a number.
 */
export const collateralColumns = {
  parentCollateralId: column(toText, 'parent_id'),
  caseId: column(toText, 'orders_id'),
  vehicleId: column(toText, 'object_id', [vehicle, 'id']),
  vehicle: column(toPart, vehicle),
  displayName: column(toText, 'display_string'),
  isPrimary: column(toFlag, 'is_primary'),
  isDamaged: column(toFlag, 'is_damaged'),

  status: column(toName, 'status'),
  statusId: column(toNumericId, 'status_id', 'status'),
  priorStatusId: column(toText, 'prior_status'),
  statusReason: column(toText, 'status_reason'),
  statusNote: column(toText, 'status_note'),
  statusChangedAt: column(toLocalDateTime, 'status_date'),
  collateralDisposition: column(toText, 'current_disposition'),
  reason: column(toText, 'reason'),
  note: column(toText, 'note'),
  additionalInfo: column(toText, 'additional_info'),
  onHookBy: column(toText, 'on_hook_by'),
  completedBy: column(toText, 'completed_by'),
  recoveryId: column(toText, 'recovery_id'),
  pendingRecoveryId: column(toText, 'pending_recovery_id'),
  orderFulfillmentHistoryId: column(toText, 'order_fulfillment_history_id'),
  sourceCode: column(toText, 'source'),

  vin: column(toText, 'vin', [vehicle, 'identification_number']),
  vehicleType: column(toText, 'vehicle_type'),
  vehicleTypeId: column(toText, 'vehicle_type_id'),
  year: column(toInteger, 'year', [vehicle, model, 'year']),
  make: column(toText, 'make', [vehicle, model, 'make', 'name']),
  model: column(toText, 'model', [vehicle, model, 'name']),
  color: column(toVehicleText, 'color', [vehicle, properties, 'color']),
  bodyType: column(
    toVehicleText,
    'body_type',
    [vehicle, properties, 'body_type'],
    [vehicle, model, 'body_type'],
  ),
  driveTrain: column(
    toVehicleText,
    'drive_train',
    [vehicle, properties, 'drive_train'],
    [vehicle, model, 'drive_train'],
  ),
  engine: column(toVehicleText, 'engine', [vehicle, properties, 'engine'], [vehicle, model, 'engine']),
  fuelType: column(
    toVehicleText,
    'fuel_type',
    [vehicle, properties, 'fuel_type'],
    [vehicle, model, 'fuel_type'],
  ),
  trim: column(toVehicleText, 'trim', [vehicle, properties, 'trim'], [vehicle, model, 'trim']),
  licensePlate: column(toVehicleText, 'license_no', [vehicle, properties, 'license_no']),
  licenseState: column(toVehicleText, 'license_state', [vehicle, properties, 'license_state']),
  licenseExpirationDate: column(toDate, 'license_exp', [vehicle, properties, 'license_exp']),
  keyCodes: column(toVehicleText, 'key_codes', [vehicle, properties, 'keycodes']),
  sellingDealer: column(toVehicleText, 'selling_dealer', [vehicle, properties, 'selling_dealer']),

  originalLoanAmount: column(toDecimal, 'original_loan_amount'),
  paymentAmount: column(toDecimal, 'payment_amount'),
  pastDueAmount: column(toDecimal, 'past_due_amount'),
  unpaidBalance: column(toDecimal, 'unpaid_balance'),
  outstandingBalance: column(toDecimal, 'outstanding_balance'),
  principalAmount: column(toDecimal, 'principal_amount'),
  interestAmount: column(toDecimal, 'interest_amount'),
  chargeOffAmount: column(toDecimal, 'chargeoff_amount'),
  lastPaymentAmount: column(toDecimal, 'last_payment_amount'),
  lastPaymentType: column(toText, 'last_payment_type'),
  lastPaymentDate: column(toRecordedDate, 'last_payment_date'),
  contractDate: column(toPastDate, 'contract_date'),
  delinquentSince: column(toPastDate, 'deliquent_since', 'delinquent_since'),
  chargeOffDate: column(toPastDate, 'chargeoff_date'),
  daysPastDue: column(toInteger, 'days_past_due'),
  delinquentPaymentCount: column(toInteger, 'number_payments_delinquent'),
  tranche: column(toText, 'tranche'),
  maximumBailout: column(toDecimal, 'maximum_bailout'),
  estimatedValue: column(toDecimal, 'estimated_value'),
  baseCashValue: column(toDecimal, 'base_cash_value'),
  averageCashValue: column(toDecimal, 'average_cash_value'),
  averageWholesaleValue: column(toDecimal, 'average_wholesale_value'),

  createdAt: column(toLocalDateTime, 'created_at'),
  updatedAt: column(toLocalDateTime, 'updated_at'),
  deletedAt: column(toLocalDateTime, 'deleted_at'),
} as const;
