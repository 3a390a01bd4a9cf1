import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { orderColumns } from '../upstreams/recoveryconnect/order-columns.ts';
import { BorrowerType, borrowerOfOrder, borrowersOfOrder } from './borrower.ts';
import { columnFields } from './column-fields.ts';
import { numericId } from './input-error.ts';

/** An order by its number, with its row of `filterOrders`. */
export interface Order {
  readonly orderId: string;
  readonly row: Row;
}

const orderOf = async (orderId: string, { loaders }: Context): Promise<Order | null> => {
  const row = await loaders.order.load(orderId);
  return row && { orderId, row };
};

const OrderType = builder.objectRef<Order>('Order').implement({
  description:
    'An order to repossess what secures a loan, also called a case (RecoveryConnect: filterOrders). What is not recorded is null.',
  fields: (t) => {
    const column = columnFields(t, () => orderColumns);
    return {
      orderId: t.exposeID('orderId', { description: "RecoveryConnect's number for the order." }),
      caseNumber: column.text('caseNumber', "The owner company's own number for the case, such as `1081-1`."),
      status: column.text('status', 'Where the order stands, such as `Open`.'),
      statusId: column.id('statusId', "RecoveryConnect's number for the status."),
      orderType: column.text('orderType', 'What is to be done, such as `Involuntary Repossession`.'),
      orderTypeId: column.id('orderTypeId', "RecoveryConnect's number for the type of order."),
      parentOrderId: column.id('parentOrderId', 'The order that this one was made from.'),
      clientId: column.id('clientId', 'The company that placed the order.'),
      ownerCompanyId: column.id('ownerCompanyId', 'The company that the order belongs to.'),
      lienholderId: column.id('lienholderId', 'The company that holds the lien.'),
      clientAccountNumber: column.text('clientAccountNumber', "The loan's account number at the client."),
      lienholderAccountNumber: column.text(
        'lienholderAccountNumber',
        "The loan's account number at the lienholder.",
      ),
      otherReferenceNumber: column.text('otherReferenceNumber', 'A further reference number.'),
      isViolent: column.flag('isViolent', 'Whether agents are warned of violence.'),
      isLatestCase: column.flag('isLatestCase', 'Whether no later case was opened for the same thing.'),
      reopenCount: column.integer('reopenCount', 'How many times the case was opened, the first included.'),
      statusChangedAt: column.localDateTime('statusChangedAt', 'When the status last changed.'),
      acceptedAt: column.localDateTime('acceptedAt', 'When the order was accepted.'),
      createdAt: column.localDateTime('createdAt', 'When the order was made.'),
      updatedAt: column.localDateTime('updatedAt', 'When the order was last changed.'),
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
        resolve: ({ orderId }, args, context) =>
          borrowerOfOrder({ orderId, borrowerId: numericId(args.borrowerId, 'borrowerId') }, context),
      }),
    };
  },
});

builder.queryField('order', (t) =>
  t.field({
    type: OrderType,
    nullable: true,
    description:
      'One order by its number (RecoveryConnect: filterOrders, all orders of a request in one call); null when there is none.',
    args: {
      orderId: t.arg.id({ required: true, description: "RecoveryConnect's number for the order." }),
    },
    resolve: (_, { orderId }, context) => orderOf(numericId(orderId, 'orderId'), context),
  }),
);

builder.objectField(BorrowerType, 'order', (t) =>
  t.field({
    type: OrderType,
    nullable: true,
    description: 'The order that the person is on. Null in Scollect.',
    resolve: (borrower, _, context) => ('orderId' in borrower ? orderOf(borrower.orderId, context) : null),
  }),
);
