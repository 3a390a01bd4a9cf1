import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
import { createOrder, filterOrders, getOrder } from '../../upstreams/recoveryconnect/orders.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { flagCheck, integer, list, numericIdCheck, optional, text } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { pathIn, toWire } from '../kit/wire-keys.ts';
import {
  AdditionalAddressInput,
  additionalAddress,
  addressKeys,
  mostOfEach,
} from './create-order-address.ts';
import { BorrowerInput, borrower, borrowerKeys } from './create-order-borrower.ts';
import { CollateralInput, collateral, collateralKeys } from './create-order-collateral.ts';
import { createdOrderRow } from './documented-rows.ts';
import { OrderType } from './order.ts';
import { ordersInRow } from './order-things.ts';

const orderKeys = {
  determinationFlag: 'determination_flag',
  orderTypeId: 'case_type_id',
  clientId: 'client_id',
  lienholderId: 'lienholder_id',
  clientAccountNumber: 'client_account_number',
  lienholderAccountNumber: 'lienholder_account_number',
  serviceProviderId: 'assign_service_provider_id',
  tierLevel: 'tier_level',
  placementLevel: 'placement_level',
  collaterals: ['collaterals', collateralKeys],
  borrowers: ['borrowers', borrowerKeys],
  additionalAddresses: ['additional_addresses', addressKeys],
} as const;

const most = 50;
const accountNumberLength = 50;
const highestLevel = 1000;

const accountNumber = optional(text(accountNumberLength));
const level = optional(integer(0, highestLevel));

addMutation('createOrder', {
  endpoint: createOrder,
  scope: 'orders:write',
  description: 'Creates an order with its collaterals and borrowers (RecoveryConnect: createOrder).',
  input: (t) => ({
    determinationFlag: t.boolean({
      description: 'Flag for one of two processes of the case; RecoveryConnect does not document its values.',
    }),
    orderTypeId: t.id({ required: true, description: "RecoveryConnect's number for the type of order." }),
    clientId: t.id({ required: true, description: 'The company that places the order.' }),
    lienholderId: t.id({ required: true, description: 'The company that holds the lien.' }),
    clientAccountNumber: t.string({
      description: `The loan's account number at the client, at most ${accountNumberLength} characters.`,
    }),
    lienholderAccountNumber: t.string({
      description: `The loan's account number at the lienholder, at most ${accountNumberLength} characters.`,
    }),
    serviceProviderId: t.id({
      description: 'The company (forwarder or agent) that the order is assigned to. Default: none.',
    }),
    tierLevel: t.int({ description: `Tier level of the case, 0 to ${highestLevel}.` }),
    placementLevel: t.int({ description: `Placement level of the case, 0 to ${highestLevel}.` }),
    collaterals: t.field({
      type: [CollateralInput],
      required: true,
      description: `The collaterals of the loan, 1 to ${most}; the first is the primary one.`,
    }),
    borrowers: t.field({
      type: [BorrowerInput],
      required: true,
      description: `The borrowers, 1 to ${most}; the first is the primary one.`,
    }),
    additionalAddresses: t.field({
      type: [AdditionalAddressInput],
      description: `Further addresses for the order, at most ${mostOfEach}.`,
    }),
  }),
  check: z.strictObject({
    determinationFlag: optional(flagCheck),
    orderTypeId: numericIdCheck,
    clientId: numericIdCheck,
    lienholderId: numericIdCheck,
    clientAccountNumber: accountNumber,
    lienholderAccountNumber: accountNumber,
    serviceProviderId: optional(numericIdCheck),
    tierLevel: level,
    placementLevel: level,
    collaterals: list(collateral, 1, most),
    borrowers: list(borrower, 1, most),
    additionalAddresses: optional(list(additionalAddress, 0, mostOfEach)),
  }),
  execute: async (order, { write, audit }) => {
    const row = await write(createOrder, { params: {}, body: toWire(order, orderKeys) });
    const orderId = canonicalId(row.id);
    audit.record('Order', orderId);
    return { order: { orderId, row } };
  },
  success: (t) => ({
    order: t.field({
      type: OrderType,
      authScopes: { 'orders:read': true },
      description:
        'The created order. Fields that the response of createOrder does not contain are read as for any order.',
      extensions: costing({
        gives: ({ things }) => [ordersInRow({ ...things, parent: {} }, createdOrderRow)],
      }),
      resolve: ({ order }) => order,
    }),
  }),
  // An order for the same thing that was the latest until now is so no more.
  changes: [filterOrders, getOrder],
  whatToCheck:
    'Search for the order by its VIN or account number (`Query.orders` with `filter`) before you create it again.',
  pathOf: pathIn(orderKeys),
});
