import { z } from 'zod';
import { identifier, recoveryConnectRead, recoveryConnectWrite, row, rows } from '../endpoint/endpoint.ts';
import { asNumber } from '../endpoint/response-keys.ts';
import { flagBody, phoneBody } from './phones.ts';
import { ofOrder } from './response-keys.ts';

// On a new order parts of a phone may be omitted.
const phone = phoneBody.partial();

const address = z.strictObject({
  name: z.string(),
  address_1: z.string(),
  address_2: z.string().optional(),
  unit: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  zip_code: z.string(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  dwelling_id: z.number().optional(),
  category_id: z.number().optional(),
  phones: z.array(phone).optional(),
});

const additionalAddress = address.extend({ name: z.string().optional() });

const loanInfo = z.strictObject({
  original_loan_amount: z.number().optional(),
  payment_amount: z.number().optional(),
  past_due_amount: z.number().optional(),
  unpaid_balance: z.number().optional(),
  contract_date: z.string().optional(),
  delinquent_since: z.string().optional(),
  chargeoff_date: z.string().optional(),
  collateral_value: z.number().optional(),
  collateral_value_added: z.string().optional(),
});

const collateral = z.strictObject({
  identification_number: z.string(),
  vehicle_type_id: z.number().optional(),
  year: z.string().optional(),
  make: z.string().optional(),
  model: z.string().optional(),
  body_type: z.string().optional(),
  drive_train: z.string().optional(),
  engine: z.string().optional(),
  trim: z.string().optional(),
  fuel_type: z.string().optional(),
  license_plate: z.string().optional(),
  license_state: z.string().optional(),
  loan_info: loanInfo.optional(),
  color: z.string().optional(),
});

const borrower = z.strictObject({
  firstname: z.string(),
  middle_initial: z.string().optional(),
  lastname: z.string(),
  date_of_birth: z.string().optional(),
  type: z.string(),
  ssn: z.string().optional(),
  is_fraud: flagBody.optional(),
  bankruptcy: z.string().optional(),
  active_military: flagBody.optional(),
  is_deceased: flagBody.optional(),
  phones: z.array(phone).optional(),
  addresses: z.array(address),
});

export const createOrder = recoveryConnectWrite({
  operation: 'createOrder',
  method: 'POST',
  path: '/api/v150/orders',
  request: z.strictObject({
    determination_flag: flagBody.optional(),
    case_type_id: z.number(),
    client_id: z.number(),
    lienholder_id: z.number(),
    client_account_number: z.string().optional(),
    lienholder_account_number: z.string().optional(),
    assign_service_provider_id: z.number().optional(),
    tier_level: z.number().optional(),
    placement_level: z.number().optional(),
    collaterals: z.array(collateral),
    borrowers: z.array(borrower),
    additional_addresses: z.array(additionalAddress).optional(),
  }),
  reply: row({ id: identifier }),
  nothing: 'UNKNOWN',
});

/** The one batch read of this API, by `ids`, and its search by the other parameters. */
export const filterOrders = recoveryConnectRead({
  operation: 'filterOrders',
  method: 'GET',
  path: '/api/v150/recon/orders',
  query: [
    'status',
    'acct_no',
    'client_id',
    'owner_id',
    'other_refno',
    'order_type',
    'vin',
    'ids',
    'per_page',
    'page',
  ],
  reply: rows({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'ids', read: asNumber, isBatch: true }],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const listOrders = recoveryConnectRead({
  operation: 'listOrders',
  method: 'GET',
  path: '/api/v150/orders',
  query: ['per_page', 'page'],
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const getOrder = recoveryConnectRead({
  operation: 'getOrder',
  method: 'GET',
  path: '/api/v150/orders/{order_id}',
  key: { orderId: 'order_id' },
  reply: row({ id: identifier }),
  answersFor: [{ row: 'id', requested: 'order_id', read: asNumber }],
  nothing: 'NOT_FOUND',
  caching: 'allowed',
});

export const listOrderCollaterals = recoveryConnectRead({
  operation: 'listOrderCollaterals',
  method: 'GET',
  path: '/api/v130/orders/{order_id}/collaterals',
  key: { orderId: 'order_id' },
  reply: rows({ id: identifier }),
  answersFor: [ofOrder],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});
