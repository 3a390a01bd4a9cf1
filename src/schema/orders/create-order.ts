import { z } from 'zod';
import { createOrder } from '../../upstreams/recoveryconnect/orders.ts';
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
import { OrderType } from './order.ts';

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
  scope: 'orders:write',
  description: 'Creates an order, with what secures the loan and who owes it (RecoveryConnect: createOrder).',
  input: (t) => ({
    determinationFlag: t.boolean({
      description:
        'Which of two ways the case goes; RecoveryConnect does not tell what yes and no stand for.',
    }),
    orderTypeId: t.id({ required: true, description: "RecoveryConnect's number for what is to be done." }),
    clientId: t.id({ required: true, description: 'The company that places the order.' }),
    lienholderId: t.id({ required: true, description: 'The company that holds the lien.' }),
    clientAccountNumber: t.string({
      description: `The loan's account number at the client, at most ${accountNumberLength} characters.`,
    }),
    lienholderAccountNumber: t.string({
      description: `The loan's account number at the lienholder, at most ${accountNumberLength} characters.`,
    }),
    serviceProviderId: t.id({
      description: 'The company, a forwarder or an agent, that the order is assigned to; nobody unless told.',
    }),
    tierLevel: t.int({ description: `Tier level of the case, 0 to ${highestLevel}.` }),
    placementLevel: t.int({ description: `Placement level of the case, 0 to ${highestLevel}.` }),
    collaterals: t.field({
      type: [CollateralInput],
      required: true,
      description: `What secures the loan, 1 to ${most} of them; the first is the primary one.`,
    }),
    borrowers: t.field({
      type: [BorrowerInput],
      required: true,
      description: `The people who owe, 1 to ${most} of them; the first is the primary one.`,
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
  carryOut: async (order, { write, audit }) => {
    const row = await write(createOrder, { params: {}, body: toWire(order, orderKeys) });
    const orderId = String(row.id);
    audit.record('Order', orderId);
    return { order: { orderId, row } };
  },
  success: (t) => ({
    order: t.field({
      type: OrderType,
      authScopes: { 'orders:read': true },
      description:
        'The order as it was created. What the answer to that does not tell is asked for, as of any order.',
      resolve: ({ order }) => order,
    }),
  }),
  forget: ({ order, orderDetail, ordersPage, ordersByAccountNumber }) => {
    ordersPage.clearAll();
    ordersByAccountNumber.clearAll();
    // An order for the same thing that was the latest until now is so no more.
    order.clearAll();
    orderDetail.clearAll();
  },
  whatToCheck:
    'Look for the order by its VIN or account number (`Query.orders` with `filter`) before it is created again.',
  pathOf: pathIn(orderKeys),
});
