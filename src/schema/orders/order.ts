import type { GraphQLResolveInfo } from 'graphql';
import { costing, textsIn } from '../../operation/cost/field-cost.ts';
import { callsFor, oneOf } from '../../operation/cost/things.ts';
import { prefetch } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { listOrderAssignments } from '../../upstreams/recoveryconnect/assignments.ts';
import { listOrderBorrowers } from '../../upstreams/recoveryconnect/borrowers.ts';
import { clientOfficeColumns, orderColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { getOrder, listOrderCollaterals } from '../../upstreams/recoveryconnect/orders.ts';
import { listOrderPhotos } from '../../upstreams/recoveryconnect/photos.ts';
import { numericIdForm, parseNumericId } from '../../values/numeric-id.ts';
import { addressOf } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FullRow, readColumn, reading } from '../kit/column-fields.ts';
import { numericId } from '../kit/input-error.ts';
import { itemWithKey, onlyListed } from '../kit/listed.ts';
import { bySystem, costOfSingleKeys, findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { declaring, read } from '../kit/read.ts';
import { type Address, AddressType } from '../people/address.ts';
import { BorrowerType } from '../people/borrower.ts';
import { type Borrower, borrowerOfOrder, borrowersIn } from '../people/borrower-rows.ts';
import { AssignmentType, assignmentsIn } from './assignment.ts';
import { caseFields } from './case-fields.ts';
import { CollateralType, collateralsIn } from './collateral.ts';
import {
  borrowerOf,
  borrowersOf,
  findOrders,
  loadedOrders,
  orderBehindCost,
  readOnArrival,
} from './order-things.ts';
import { type Photo, PhotoType, photosIn, photosOf } from './photo.ts';
import { instructionsIn, type SpecialInstruction, SpecialInstructionType } from './special-instruction.ts';

/** An order by its number, with its row of `filterOrders`, or of another operation with the same keys. */
export interface Order {
  readonly orderId: string;
  readonly row: Row;
}

/**
 * A row among others may lack keys of the order's own row. The keys that it has are the same there, so that a blank is
 * no reason for a call.
 */
const fullOrderRow: FullRow<Order> = ({ orderId, row }, { loaders }, column) =>
  column.isIn(row) ? row : loaders.of(getOrder).load({ orderId });

/**
 * Returns an order by its number (RecoveryConnect: filterOrders); null if it does not exist.
 *
 * @param info of the field whose type is Order: selected fields below it that need only the number are requested in
 *   parallel with the order.
 */
export const orderOf = async (
  orderId: string,
  context: Context,
  info?: GraphQLResolveInfo,
): Promise<Order | null> => {
  const loading = context.loaders.order.load(orderId);
  if (info) prefetch('Order', { orderId }, context, info);
  const row = await loading;
  return row && { orderId, row };
};

/** The special instructions in the row of an order; null if it has none. */
const instructionsOf = async (order: Order, context: Context): Promise<SpecialInstruction[] | null> => {
  const rows = await readColumn(orderColumns.specialInstructions, order, context, fullOrderRow);
  return rows && instructionsIn(rows, order);
};

/** The office of the client in the row of an order; null if none is recorded. */
export const officeOf = async (order: Order, context: Context): Promise<Address | null> => {
  const row = await readColumn(orderColumns.clientOffice, order, context, fullOrderRow);
  return row && { ...onlyListed(row, ['R', order.orderId]), columns: clientOfficeColumns };
};

export const OrderType = builder.objectRef<Order>('Order').implement({
  description:
    'An order to repossess the collateral of a loan, also called a case (RecoveryConnect: filterOrders; getOrder, one call for each order, if a selected field is not in its row). A field is null if no value is recorded.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => orderColumns, fullOrderRow);
    return {
      id: nodeId(t, 'Order', ({ orderId }) => [orderId]),
      orderId: t.exposeID('orderId', { description: "RecoveryConnect's number for the order." }),
      ...caseFields(t, orderColumns, fullOrderRow),
      runCount: column.integer('runCount', 'Number of runs that agents made for the order.'),
      specialInstructions: t.field({
        type: [SpecialInstructionType],
        nullable: true,
        description: 'Special instructions for the order. Null if the upstream returns none.',
        extensions: reading(() => [orderColumns.specialInstructions]),
        resolve: (order, _, context) => instructionsOf(order, context),
      }),
      clientOffice: t.field({
        type: AddressType,
        nullable: true,
        description: 'The office of the client that the order belongs to. Null if none is recorded.',
        extensions: costing({
          reads: () => [orderColumns.clientOffice],
          gives: ({ things }) => [addressOf(things, clientOfficeColumns)],
        }),
        resolve: (order, _, context) => officeOf(order, context),
      }),
      borrowers: read(t, {
        endpoint: listOrderBorrowers,
        type: [BorrowerType],
        description:
          'The borrowers of the order (RecoveryConnect: listOrderBorrowers). Null, with an error, if they cannot be read.',
        gives: borrowersOf,
        value: (rows, { orderId }) => borrowersIn(rows, orderId),
      }),
      borrower: t.field({
        type: BorrowerType,
        nullable: true,
        description:
          'One borrower of the order (RecoveryConnect: listOrderBorrowers). Null if the order has no such borrower.',
        args: {
          borrowerId: t.arg.id({ required: true, description: "RecoveryConnect's number for the borrower." }),
        },
        extensions: declaring<Order>({
          start: (order, _, { loaders }) => loaders.of(listOrderBorrowers).load(order),
          below: ({ orderId }, { borrowerId }) => ({
            source: 'RECOVERY_CONNECT',
            orderId,
            borrowerId: numericId(String(borrowerId), 'borrowerId'),
          }),
          calls: ({ things }) => [callsFor(listOrderBorrowers, things)],
          gives: ({ things, args }) => [borrowerOf(things, String(args['borrowerId']))],
        }),
        resolve: async ({ orderId }, { borrowerId }, context, info) =>
          borrowerOfOrder({ orderId, borrowerId: numericId(borrowerId, 'borrowerId') }, context, info),
      }),
      collaterals: read(t, {
        endpoint: listOrderCollaterals,
        type: [CollateralType],
        description:
          'The collaterals of the loan (RecoveryConnect: listOrderCollaterals). Null, with an error, if they cannot be read.',
        value: collateralsIn,
      }),
      assignments: read(t, {
        endpoint: listOrderAssignments,
        type: [AssignmentType],
        description:
          'The assignments of the order (RecoveryConnect: listOrderAssignments). Null, with an error, if they cannot be read.',
        size: 5,
        value: assignmentsIn,
      }),
      photos: read(t, {
        endpoint: listOrderPhotos,
        type: [PhotoType],
        description:
          'The photos of the order (RecoveryConnect: listOrderPhotos). Null, with an error, if they cannot be read.',
        gives: photosOf,
        value: photosIn,
      }),
    };
  },
});

builder.queryField('order', (t) =>
  t.field({
    type: OrderType,
    authScopes: { 'orders:read': true },
    nullable: true,
    description:
      'One order by its number (RecoveryConnect: filterOrders, all orders of a request in one call). Null if it does not exist.',
    args: {
      orderId: t.arg.id({ required: true, description: "RecoveryConnect's number for the order." }),
    },
    extensions: costing({
      naming: 'orderId',
      calls: ({ args }) => findOrders(textsIn(args['orderId'])).calls,
      gives: ({ args }) => findOrders(textsIn(args['orderId'])).gives,
    }),
    resolve: (_, { orderId }, context, info) => orderOf(numericId(orderId, 'orderId'), context, info),
  }),
);

findNodesBy('Order', {
  scopeOf: () => 'orders:read',
  find: ([orderId = '', ...rest], context, info) =>
    rest.length > 0 ? undefined : orderOf(numericId(orderId, 'id'), context, info),
  ...costOfSingleKeys(findOrders),
  keyField: { name: 'orderId', form: numericIdForm, read: parseNumericId },
});

findNodesBy('SpecialInstruction', {
  scopeOf: bySystem,
  find: (key, context) => {
    const [system, orderId = '', ...own] = key;
    if (system !== 'R' || own.length === 0 || own.length > 2) return undefined;
    const instructionsOfOrder = async () => {
      const order = await orderOf(numericId(orderId, 'id'), context);
      return order && instructionsOf(order, context);
    };
    return instructionsOfOrder().then((found) => itemWithKey(found ?? [], key, context) ?? null);
  },
  costOf: ([system, orderId = '', ...own]) =>
    system === 'R' && (own.length === 1 || own.length === 2) ? findOrders([orderId]) : undefined,
});

builder.objectField(BorrowerType, 'order', (t) =>
  t.field({
    type: OrderType,
    authScopes: { 'orders:read': true },
    nullable: true,
    description: 'The order of the borrower (RecoveryConnect: filterOrders). Null in Scollect.',
    extensions: declaring<Borrower>({
      start: (borrower, _, { loaders }) =>
        borrower.source === 'RECOVERY_CONNECT' ? loaders.order.load(borrower.orderId) : undefined,
      below: (borrower) =>
        borrower.source === 'RECOVERY_CONNECT' ? { orderId: borrower.orderId } : undefined,
      ...orderBehindCost,
    }),
    resolve: (borrower, _, context, info) =>
      borrower.source === 'RECOVERY_CONNECT' ? orderOf(borrower.orderId, context, info) : null,
  }),
);

builder.objectField(AssignmentType, 'order', (t) =>
  t.field({
    type: OrderType,
    nullable: true,
    description:
      'The order that was assigned (RecoveryConnect: filterOrders). Null if there is none, or if it cannot be read.',
    extensions: costing({
      calls: ({ things }) => [readOnArrival(things)],
      gives: ({ things }) => [loadedOrders(oneOf(things, 'order'))],
    }),
    resolve: ({ row }, _, context, info) => {
      const orderId = orderColumns.parentOrderId.read(row);
      return orderId === null ? null : orderOf(orderId, context, info);
    },
  }),
);

builder.objectField(PhotoType, 'order', (t) =>
  t.field({
    type: OrderType,
    nullable: true,
    description: 'The order of the photo (RecoveryConnect: filterOrders).',
    extensions: declaring<Photo>({
      start: ({ orderId }, _, { loaders }) => loaders.order.load(orderId),
      below: ({ orderId }) => ({ orderId }),
      ...orderBehindCost,
    }),
    resolve: ({ orderId }, _, context, info) => orderOf(orderId, context, info),
  }),
);
