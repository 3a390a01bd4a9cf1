import type { OrdersPageKey } from '../../request/loaders.ts';
import { builder, pageSize } from '../kit/builder.ts';
import { sizeOf } from '../kit/connection.ts';
import { badInput, numericId } from '../kit/input-error.ts';
import { selectedNames } from '../kit/look-ahead.ts';
import { pageOfNumbered } from '../kit/numbered-pages.ts';
import { OrderType } from './order.ts';

const OrderFilterType = builder.inputType('OrderFilter', {
  description: 'Which orders are looked for: those that fit everything that is given.',
  fields: (t) => ({
    statusId: t.id({ description: "RecoveryConnect's number for the status of the collateral." }),
    clientAccountNumber: t.string({ description: "The loan's account number at the client." }),
    clientId: t.id({ description: 'The company that placed the order.' }),
    ownerCompanyId: t.id({ description: 'The company that the order belongs to.' }),
    otherReferenceNumber: t.string({ description: 'The further reference number.' }),
    orderTypeId: t.id({ description: "RecoveryConnect's number for the type of order." }),
    vin: t.string({
      description: 'The vehicle identification number of a collateral, in any letter case.',
    }),
  }),
});

const textOf = (value: string, argument: string): string => {
  const text = value.trim();
  if (text !== '' && text.length <= 100) return text;
  throw badInput(argument, 'at most 100 characters, and not only blanks');
};

const vinOf = (value: string, argument: string): string => {
  const vin = value.trim().toUpperCase();
  if (/^[A-Z0-9]{1,25}$/.test(vin)) return vin;
  throw badInput(argument, 'at most 25 letters and digits');
};

/** What the upstream calls the fields of the filter, and how each is read. */
const parameters = [
  ['statusId', 'status', numericId],
  ['clientAccountNumber', 'acct_no', textOf],
  ['clientId', 'client_id', numericId],
  ['ownerCompanyId', 'owner_id', numericId],
  ['otherReferenceNumber', 'other_refno', textOf],
  ['orderTypeId', 'order_type', numericId],
  ['vin', 'vin', vinOf],
] as const;

type OrderFilter = Partial<Record<(typeof parameters)[number][0], string | null | undefined>>;

const queryOf = (filter: OrderFilter): OrdersPageKey['filter'] =>
  Object.fromEntries(
    parameters.flatMap(([name, parameter, read]) => {
      const value = filter[name];
      return value === null || value === undefined ? [] : [[parameter, read(value, `filter.${name}`)]];
    }),
  );

export const OrderConnection = builder.connectionObject(
  { type: OrderType, name: 'OrderConnection', description: 'One page of orders.' },
  { name: 'OrderEdge', description: 'An order in a page, with its place.' },
);

builder.queryField('orders', (t) =>
  t.field({
    type: OrderConnection,
    authScopes: { 'orders:read': true },
    nullable: true,
    description:
      'Orders, in the order of the upstream (RecoveryConnect: filterOrders, as many calls as it has pages for what is asked). Null, with an error, when they cannot be read.',
    args: {
      filter: t.arg({ type: OrderFilterType, description: 'Which orders; all of them unless told.' }),
      first: t.arg.int({
        description: `How many orders from the start: ${pageSize.default} unless told, ${pageSize.max} at the most.`,
      }),
      after: t.arg.string({ description: 'Only orders behind this cursor.' }),
    },
    resolve: async (_, { filter, first, after }, { loaders }, info) => {
      const query = queryOf(filter ?? {});
      const wanted = {
        first: sizeOf(first, 'first') ?? pageSize.default,
        after,
        isCounted: selectedNames('OrderConnection', info).includes('totalCount'),
      };
      const load = async (page: number, perPage: number) => {
        const found = await loaders.ordersPage.load({ filter: query, page, perPage });
        // They are rows of orders as `filterOrders` gives them by their numbers: nobody has to ask for these again.
        for (const row of found.rows) loaders.order.prime(String(row['id']), row);
        return found;
      };
      const { edges, ...page } = await pageOfNumbered(load, wanted);
      return {
        ...page,
        edges: edges.map(({ node, cursor }) => ({
          node: { orderId: String(node['id']), row: node },
          cursor,
        })),
      };
    },
  }),
);
