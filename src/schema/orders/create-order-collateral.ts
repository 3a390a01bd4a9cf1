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

// The body of a new order has amounts as JSON numbers, which hold what an amount may be here exactly.
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
    originalLoanAmount: t.field({ type: 'Decimal', description: 'The loan that the borrower took.' }),
    paymentAmount: t.field({
      type: 'Decimal',
      description: 'The payment on the loan, as `Collateral.paymentAmount` gives it.',
    }),
    pastDueAmount: t.field({ type: 'Decimal', description: 'What was due and is not paid.' }),
    unpaidBalance: t.field({ type: 'Decimal', description: 'The principal that is not paid yet.' }),
    contractDate: t.field({ type: 'Date', description: 'The day on which the loan was agreed.' }),
    delinquentSince: t.field({ type: 'Date', description: 'The day on which a payment was first missed.' }),
    chargeOffDate: t.field({
      type: 'Date',
      description: 'The day on which the lender declared the loan a loss.',
    }),
    collateralValue: t.field({ type: 'Decimal', description: 'What the collateral is held to be worth.' }),
    collateralValueAddedDate: t.field({
      type: 'Date',
      description: 'The day on which that value was last told.',
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
  description: `What secures the loan of a new order: a vehicle. Its texts have at most ${words} characters.`,
  fields: (t) => ({
    vin: t.string({
      required: true,
      description:
        'Vehicle identification number: 17 letters and digits without I, O and Q, or, of what has another, 5 to 25.',
    }),
    vehicleTypeId: t.id({ description: "RecoveryConnect's number for the kind of vehicle." }),
    year: t.string({ description: 'The model year, in four digits.' }),
    make: t.string({ description: 'Who makes it, such as `Ford`.' }),
    model: t.string({ description: 'Its model, such as `Fusion`.' }),
    bodyType: t.string({ description: 'Its body, such as `Short Bed`.' }),
    driveTrain: t.string({ description: 'Which wheels are driven, such as `Front-Wheel Drive`.' }),
    engine: t.string({ description: 'Its engine, such as `5.3L V8`.' }),
    trim: t.string({ description: 'Its trim, such as `4dr 1500 LS`.' }),
    fuelType: t.string({ description: 'What it runs on, such as `Gasoline`.' }),
    licensePlate: t.string({ description: `What its license plate reads, at most ${plate} characters.` }),
    licenseState: t.string({
      description: 'The state that issued the license plate, by its two letters.',
    }),
    loanInfo: t.field({ type: LoanInput, description: 'The loan that it secures.' }),
    color: t.string({ description: 'Its color.' }),
  }),
});
