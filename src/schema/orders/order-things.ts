import type { Calls } from '../../operation/cost/calls.ts';
import type { FieldCost } from '../../operation/cost/field-cost.ts';
import { bareRow } from '../../operation/cost/known-row.ts';
import {
  batchOf,
  callsFor,
  countOf,
  named,
  oneOf,
  severalOf,
  type Things,
} from '../../operation/cost/things.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { filterOrders, getOrder } from '../../upstreams/recoveryconnect/orders.ts';
import { rowsPerCall } from '../../upstreams/recoveryconnect/page.ts';
import { getBorrowerPhone } from '../../upstreams/recoveryconnect/phones.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { numericId } from '../kit/input-error.ts';
import { phoneRow } from '../people/documented-rows.ts';
import { orderRow } from './documented-rows.ts';

// Orders and their parts in the estimate of a cost, with the rows that contain them.

/** The assumed lengths of lists that several fields return. */
export const borrowersPerOrder = 3;
export const phonesPerBorrower = 4;

/** The parent of what is found by its id in a list of an order. */
export const parentOrder = {
  system: 'R',
  parts: 1,
  parentOf: ([orderId = '']: readonly string[]) => ({ orderId: numericId(orderId, 'id') }),
  thingsOf: ([orderId = '']: readonly string[]): Things =>
    named('order', [canonicalId(orderId)], { parent: {} }),
} as const;

/** Orders with a row that contains a part; `getOrder` returns the rest. */
export const ordersInRow = (orders: Things, row: Row): Things => ({
  ...orders,
  key: `${orders.key}#in a row`,
  parent: { orderId: '', row },
  full: callsFor(getOrder, orders),
});

/** Orders as `filterOrders` returns them by their numbers. */
export const loadedOrders = (orders: Things): Things => ({
  ...ordersInRow(orders, orderRow),
  isLoaded: true,
});

/** Orders by their numbers. */
const ordersById = (ids: readonly string[]): Things =>
  loadedOrders(named('order', ids.map(canonicalId), { parent: {} }));

/** The calls for orders by their numbers, and the orders. */
export const findOrders = (ids: readonly string[]) => ({
  calls: [batchOf(filterOrders, ordersById(ids), rowsPerCall)],
  gives: [ordersById(ids)],
});

/** Orders that are read as the objects that lead to them arrive: one call for each response with some of those. */
export const readOnArrival = (things: Things): Calls => {
  const perArrival = Math.ceil(countOf(things) / things.arrivals / rowsPerCall);
  return {
    ...callsFor(filterOrders, things),
    names: [`on arrival of ${things.key}`],
    each: Math.min(countOf(things), things.arrivals * perArrival),
  };
};

/** The order that an object belongs to: the request has it, unless the object was reached another way. */
export const orderBehindCost: FieldCost = {
  calls: ({ things: { related } }) => {
    const order = related?.['order'];
    return order && !order.isLoaded ? [callsFor(filterOrders, order)] : [];
  },
  gives: ({ things: { related } }) => {
    const order = related?.['order'];
    return order ? [order.isLoaded ? order : loadedOrders(order)] : [];
  },
};

const borrowerParent = { source: 'RECOVERY_CONNECT', orderId: '', borrowerId: '', row: bareRow };

export const borrowersOf = (order: Things): Things =>
  severalOf(order, 'borrowers', borrowersPerOrder, { parent: borrowerParent, related: { order } });

/** One of the people on each order, by its number. */
export const borrowerOf = (order: Things, borrowerId: string): Things =>
  severalOf(order, `borrower ${canonicalId(borrowerId)}`, 1, { parent: borrowerParent, related: { order } });

/** The borrower of a write. It is read after the write, and so shared with no other reads. */
export const borrowerOfWrite = (things: Things): Things => borrowerOf(oneOf(things, 'order'), 'of the write');

/** Phones with a row that contains all or a part; `getBorrowerPhone` returns the rest. */
const phonesInRow = (phones: Things, row: Row): Things => ({
  ...phones,
  parent: { source: 'RECOVERY_CONNECT', orderId: '', borrowerId: '', row },
  full: callsFor(getBorrowerPhone, phones),
});

const belonging = (borrower: Things) => ({ parent: {}, related: { ...borrower.related, borrower } });

export const phonesOfBorrowers = (borrower: Things): Things =>
  phonesInRow(severalOf(borrower, 'phones', phonesPerBorrower, belonging(borrower)), phoneRow);

/** One of the phones of each borrower, by its number. */
export const phoneOfBorrower = (borrower: Things, phoneId: string, row: Row = phoneRow): Things =>
  phonesInRow(severalOf(borrower, `phone ${canonicalId(phoneId)}`, 1, belonging(borrower)), row);
