import { z } from 'zod';
import { builder } from '../kit/builder.ts';
import {
  amountOrZero,
  date,
  modelYear,
  numericIdCheck,
  optional,
  state,
  text,
  vehicleNumber,
} from '../kit/checks.ts';

// The body of a new order has amounts as JSON numbers, which represent every valid amount exactly.
const amount = optional(amountOrZero.transform(Number));

const loanKeys = {
  originalLoanAmount: 'original_loan_amount',
  paymentAmount: 'payment_amount',
  pastDueAmount: 'past_due_amount',
  unpaidBalance: 'unpaid_balance',
  contractDate: 'contract_date',
  delinquentSince: 'delinquent_since',
  chargeOffDate: 'chargeoff_date',
  collateralValue: 'collateral_value',
  collateralValueAddedDate: 'collateral_value_added',
} as const;

const loan = z.strictObject({
  originalLoanAmount: amount,
  paymentAmount: amount,
  pastDueAmount: amount,
  unpaidBalance: amount,
  contractDate: optional(date),
  delinquentSince: optional(date),
  chargeOffDate: optional(date),
  collateralValue: amount,
  collateralValueAddedDate: optional(date),
});

const LoanInput = builder.inputType('CreateOrderLoanInfoInput', {
  description: 'The loan that a collateral of a new order secures. Amounts are in US dollars.',
  fields: (t) => ({
    originalLoanAmount: t.field({ type: 'Decimal', description: 'Original amount of the loan.' }),
    paymentAmount: t.field({
      type: 'Decimal',
      description: 'Amount of one scheduled payment, as in `Collateral.paymentAmount`.',
    }),
    pastDueAmount: t.field({ type: 'Decimal', description: 'Amount past due.' }),
    unpaidBalance: t.field({ type: 'Decimal', description: 'Unpaid principal.' }),
    contractDate: t.field({ type: 'Date', description: 'Date of the loan contract.' }),
    delinquentSince: t.field({ type: 'Date', description: 'Date of the first missed payment.' }),
    chargeOffDate: t.field({
      type: 'Date',
      description: 'Date on which the lender charged the loan off.',
    }),
    collateralValue: t.field({ type: 'Decimal', description: 'Estimated value of the collateral.' }),
    collateralValueAddedDate: t.field({
      type: 'Date',
      description: 'Date of that estimate.',
    }),
  }),
});

export const collateralKeys = {
  vin: 'identification_number',
  vehicleTypeId: 'vehicle_type_id',
  year: 'year',
  make: 'make',
  model: 'model',
  bodyType: 'body_type',
  driveTrain: 'drive_train',
  engine: 'engine',
  trim: 'trim',
  fuelType: 'fuel_type',
  licensePlate: 'license_plate',
  licenseState: 'license_state',
  loanInfo: ['loan_info', loanKeys],
  color: 'color',
} as const;

const words = 100;
const plate = 20;
const description = optional(text(words));

export const collateral = z.strictObject({
  vin: vehicleNumber,
  vehicleTypeId: optional(numericIdCheck),
  year: optional(modelYear),
  make: description,
  model: description,
  bodyType: description,
  driveTrain: description,
  engine: description,
  trim: description,
  fuelType: description,
  licensePlate: optional(text(plate)),
  licenseState: optional(state),
  loanInfo: optional(loan),
  color: description,
});

export const CollateralInput = builder.inputType('CreateOrderCollateralInput', {
  description: `A vehicle that secures the loan of a new order. Its texts have at most ${words} characters.`,
  fields: (t) => ({
    vin: t.string({
      required: true,
      description:
        'Vehicle identification number: 17 letters and digits without I, O and Q, or another number of 5 to 25.',
    }),
    vehicleTypeId: t.id({ description: "RecoveryConnect's number for the kind of vehicle." }),
    year: t.string({ description: 'The model year, in four digits.' }),
    make: t.string({ description: 'Make, such as `Ford`.' }),
    model: t.string({ description: 'Model, such as `Fusion`.' }),
    bodyType: t.string({ description: 'Body type, such as `Short Bed`.' }),
    driveTrain: t.string({ description: 'Drive train, such as `Front-Wheel Drive`.' }),
    engine: t.string({ description: 'Engine, such as `5.3L V8`.' }),
    trim: t.string({ description: 'Trim, such as `4dr 1500 LS`.' }),
    fuelType: t.string({ description: 'Fuel type, such as `Gasoline`.' }),
    licensePlate: t.string({ description: `License plate, at most ${plate} characters.` }),
    licenseState: t.string({
      description: 'The state that issued the license plate, by its two letters.',
    }),
    loanInfo: t.field({ type: LoanInput, description: 'The loan that it secures.' }),
    color: t.string({ description: 'Color.' }),
  }),
});
