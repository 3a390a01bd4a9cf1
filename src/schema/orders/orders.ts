import { costing, type Selected } from '../../operation/cost/field-cost.ts';
import { callsFor, named, severalOf, type Things } from '../../operation/cost/things.ts';
import { selectedNames } from '../../operation/prefetch.ts';
import type { OrdersPageKey } from '../../request/loaders.ts';
import { filterOrders } from '../../upstreams/recoveryconnect/orders.ts';
import { rowsPerCall } from '../../upstreams/recoveryconnect/page.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { builder } from '../kit/builder.ts';
import { sizeOfPage, wantedOf } from '../kit/connection.ts';
import { cursorsOf } from '../kit/cursor.ts';
import { badInput, numericId } from '../kit/input-error.ts';
import { pageOfNumbered } from '../kit/numbered-pages.ts';
import { OrderType } from './order.ts';
import { loadedOrders } from './order-things.ts';

const OrderFilterType = builder.inputType('OrderFilter', {
  description: 'Filter of orders. An order must match every given field.',
  fields: (t) => ({
    statusId: t.id({ description: "RecoveryConnect's number for the status of the collateral." }),
    clientAccountNumber: t.string({ description: "The loan's account number at the client." }),
    clientId: t.id({ description: 'The company that placed the order.' }),
    ownerCompanyId: t.id({ description: 'The company that the order belongs to.' }),
    otherReferenceNumber: t.string({ description: 'Further reference number.' }),
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

/** The upstream's keys of the filter fields, and their parsers. */
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
  { name: 'OrderEdge', description: 'An order in a page, with its cursor.' },
);

/** One page of a search. */
const searchOf = ({ args }: Pick<Selected, 'args'>): Things => {
  const { filter = null, first = null, after = null, last = null, before = null } = args;
  return named('orders', [JSON.stringify([filter, first, after, last, before])], { parent: {} });
};

/** The calls for the pages of the upstream that contain one page of a search. */
const pagesFor = ({ args, selected }: Selected): number => {
  const pages = Math.max(1, Math.ceil(sizeOfPage(args) / rowsPerCall));
  const isText = (name: string): boolean => typeof args[name] === 'string';
  // Next to a cursor it may begin within a page; and the upstream may have fewer pages than expected.
  const displaced = isText('after') || isText('before') ? 2 : 0;
  // The end of the list and the size of its pages have to be found, and the page may begin within one of the upstream.
  const fromEnd = typeof args['last'] === 'number' ? 3 : 0;
  // The last page shows how many there are, if the others do not.
  const counting = selected('OrderConnection').includes('totalCount') ? 1 : 0;
  return pages + displaced + fromEnd + counting;
};

builder.queryField('orders', (t) =>
  t.field({
    type: OrderConnection,
    authScopes: { 'orders:read': true },
    nullable: true,
    description:
      'Orders, in the sequence of the upstream (RecoveryConnect: filterOrders, one call for each of its pages that is needed). `last` without `before` takes up to two calls more, to find the end of the list. Null, with an error, if they cannot be read.',
    args: {
      filter: t.arg({ type: OrderFilterType, description: 'Filter of orders. Default: all orders.' }),
      ...t.arg.connectionArgs(),
    },
    extensions: costing({
      calls: (selected) => [{ ...callsFor(filterOrders, searchOf(selected)), each: pagesFor(selected) }],
      gives: (selected) => [loadedOrders(severalOf(searchOf(selected), 'page', sizeOfPage(selected.args)))],
    }),
    resolve: async (_, { filter, ...args }, context, info) => {
      const { loaders } = context;
      const query = queryOf(filter ?? {});
      const cursors = cursorsOf(context, 'Query.orders', query);
      const wanted = wantedOf(args, cursors);
      const load = async (page: number, perPage: number) => {
        const found = await loaders.ordersPage.load({ filter: query, page, perPage });
        // These rows equal those of `filterOrders` by number, so that `order` does not read them again.
        for (const row of found.rows) loaders.order.prime(canonicalId(row['id']), row);
        return found;
      };
      return pageOfNumbered(load, wanted, {
        cursors,
        nodeOf: (row) => ({ orderId: canonicalId(row['id']), row }),
        isCounted: selectedNames('OrderConnection', info).includes('totalCount'),
      });
    },
  }),
);
