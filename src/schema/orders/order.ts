import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { clientOfficeColumns, orderColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, type FullRow, readColumn } from '../kit/column-fields.ts';
import { numericId } from '../kit/input-error.ts';
import { startReads } from '../kit/look-ahead.ts';
import { findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { readsOfOrder } from '../kit/reads-by-key.ts';
import { AddressType } from '../people/address.ts';
import { BorrowerType } from '../people/borrower.ts';
import { borrowerOfOrder, borrowersOfOrder } from '../people/borrower-rows.ts';
import { AssignmentType, assignmentsOfOrder } from './assignment.ts';
import { caseFields } from './case-fields.ts';
import { CollateralType, collateralsOfOrder } from './collateral.ts';
import { PhotoType, photosOfOrder } from './photo.ts';
import { SpecialInstructionType } from './special-instruction.ts';

/** An order by its number, with its row of `filterOrders`, or of another operation that tells as much. */
export interface Order {
  readonly orderId: string;
  readonly row: Row;
}

/**
 * A row among others may lack keys of the order's own row. The keys that it has are the same there, so that a blank is
 * no reason for a call.
 */
const fullOrderRow: FullRow<Order> = ({ orderId, row }, { loaders }, column) =>
  column.isIn(row) ? row : loaders.orderDetail.load(orderId);

/**
 * Gets an order by its number (RecoveryConnect: filterOrders); null when there is none.
 *
 * @param info of the field whose type is Order: what is selected below it and needs the number alone is asked for
 *   at once, instead of after the order is there.
 */
export const orderOf = async (
  orderId: string,
  context: Context,
  info?: GraphQLResolveInfo,
): Promise<Order | null> => {
  const loading = context.loaders.order.load(orderId);
  if (info) startReads(readsOfOrder, 'Order', orderId, context, info);
  const row = await loading;
  return row && { orderId, row };
};

export const OrderType = builder.objectRef<Order>('Order').implement({
  description:
    'An order to repossess what secures a loan, also called a case (RecoveryConnect: filterOrders; getOrder, one call for each order, where a field is selected that the row there does not tell of). What is not recorded is null.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => orderColumns, fullOrderRow);
    return {
      id: nodeId(t, 'Order', ({ orderId }) => [orderId]),
      orderId: t.exposeID('orderId', { description: "RecoveryConnect's number for the order." }),
      ...caseFields(t, orderColumns, fullOrderRow),
      runCount: column.integer('runCount', 'How many times agents went out for it.'),
      specialInstructions: t.field({
        type: [SpecialInstructionType],
        nullable: true,
        description: 'What is to be heeded with the order; null where nothing tells of any.',
        resolve: async (order, _, context) => {
          const rows = await readColumn(orderColumns.specialInstructions, order, context, fullOrderRow);
          return rows?.map((row) => ({ row })) ?? null;
        },
      }),
      clientOffice: t.field({
        type: AddressType,
        nullable: true,
        description: 'The office of the client that the order belongs to; null where none is told.',
        resolve: async (order, _, context) => {
          const row = await readColumn(orderColumns.clientOffice, order, context, fullOrderRow);
          return row && { row, columns: clientOfficeColumns };
        },
      }),
      borrowers: t.field({
        type: [BorrowerType],
        nullable: true,
        description:
          'The people who owe (RecoveryConnect: listOrderBorrowers). Null, with an error, when they cannot be read.',
        resolve: ({ orderId }, _, context) => borrowersOfOrder(orderId, context),
      }),
      borrower: t.field({
        type: BorrowerType,
        nullable: true,
        description:
          'One of the people who owe (RecoveryConnect: listOrderBorrowers); null when there is no such one on this order.',
        args: {
          borrowerId: t.arg.id({ required: true, description: "RecoveryConnect's number for the borrower." }),
        },
        resolve: async ({ orderId }, { borrowerId }, context, info) =>
          borrowerOfOrder({ orderId, borrowerId: numericId(borrowerId, 'borrowerId') }, context, info),
      }),
      collaterals: t.field({
        type: [CollateralType],
        nullable: true,
        description:
          'What secures the loan (RecoveryConnect: listOrderCollaterals). Null, with an error, when it cannot be read.',
        resolve: ({ orderId }, _, context) => collateralsOfOrder(orderId, context),
      }),
      assignments: t.field({
        type: [AssignmentType],
        nullable: true,
        description:
          'The assignments that were made of it (RecoveryConnect: listOrderAssignments). Null, with an error, when they cannot be read.',
        resolve: ({ orderId }, _, context) => assignmentsOfOrder(orderId, context),
      }),
      photos: t.field({
        type: [PhotoType],
        nullable: true,
        description:
          'The photos on it (RecoveryConnect: listOrderPhotos). Null, with an error, when they cannot be read.',
        resolve: ({ orderId }, _, context) => photosOfOrder(orderId, context),
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
      'One order by its number (RecoveryConnect: filterOrders, all orders of a request in one call); null when there is none.',
    args: {
      orderId: t.arg.id({ required: true, description: "RecoveryConnect's number for the order." }),
    },
    resolve: (_, { orderId }, context, info) => orderOf(numericId(orderId, 'orderId'), context, info),
  }),
);

findNodesBy(
  'Order',
  () => 'orders:read',
  ([orderId = '', ...rest], context, info) =>
    rest.length > 0 ? undefined : orderOf(numericId(orderId, 'id'), context, info),
);

builder.objectField(BorrowerType, 'order', (t) =>
  t.field({
    type: OrderType,
    authScopes: { 'orders:read': true },
    nullable: true,
    description: 'The order that the person is on (RecoveryConnect: filterOrders). Null in Scollect.',
    resolve: (borrower, _, context, info) =>
      borrower.source === 'RECOVERY_CONNECT' ? orderOf(borrower.orderId, context, info) : null,
  }),
);

builder.objectField(AssignmentType, 'order', (t) =>
  t.field({
    type: OrderType,
    nullable: true,
    description:
      'The order that it was made of (RecoveryConnect: filterOrders); null when there is none that can be read.',
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
    description: 'The order that it is on (RecoveryConnect: filterOrders).',
    resolve: ({ orderId }, _, context, info) => orderOf(orderId, context, info),
  }),
);
