import type { Row } from '../../upstreams/endpoint/row.ts';
import type { Calls } from './calls.ts';
import { callsFor, countOf, named, severalOf, type Things } from './cost-node.ts';
import { bareRow, orderRow, phoneRow } from './documented-rows.ts';
import { assumedSizes, rowsPerCall } from './sizes.ts';

// What comes of orders, with the rows that tell of it.

/** Orders of which a row tells a part, and `getOrder` the rest. */
export const ordersTold = (orders: Things, row: Row): Things => ({
  ...orders,
  key: `${orders.key}#told`,
  parent: { orderId: '', row },
  full: callsFor('getOrder', orders),
});

/** The same orders as `filterOrders` gives them by their numbers. */
export const loadedOrders = (orders: Things): Things => ({
  ...ordersTold(orders, orderRow),
  isLoaded: true,
});

const withoutBlanks = (id: string): string => id.trim().replace(/^0+(?=\d)/, '');

/** Orders by their numbers. */
export const ordersById = (ids: readonly string[]): Things =>
  loadedOrders(named('order', ids.map(withoutBlanks), { parent: {} }));

export const assignmentsById = (ids: readonly string[]): Things =>
  named('assignment', ids.map(withoutBlanks), { parent: {} });

/** What is asked for by its own number at the start of a request: all in one call. */
export const together = (operation: string, things: Things): Calls => ({
  ...callsFor(operation, things),
  areTogether: true,
});

/** Orders that are asked for as what leads to them arrives: one call for each time. */
export const asTheyArrive = (things: Things): Calls => {
  const perArrival = Math.ceil(countOf(things) / things.arrivals / rowsPerCall);
  return {
    operation: 'filterOrders',
    names: [`as they arrive with ${things.key}`],
    each: Math.min(countOf(things), things.arrivals * perArrival),
  };
};

const borrowerParent = { source: 'RECOVERY_CONNECT', orderId: '', borrowerId: '', row: bareRow };

export const borrowersOf = (order: Things): Things =>
  severalOf(order, 'borrowers', assumedSizes.borrowersOfOrder, { parent: borrowerParent, order });

/** One of the people on each order, by its number. */
export const borrowerOf = (order: Things, borrowerId: string): Things => ({
  ...severalOf(order, `borrower ${withoutBlanks(borrowerId)}`, 1, { parent: borrowerParent, order }),
});

/** Phones of which a row tells all or a part, and `getBorrowerPhone` the rest. */
export const phonesTold = (phones: Things, row: Row): Things => ({
  ...phones,
  parent: { source: 'RECOVERY_CONNECT', orderId: '', borrowerId: '', row },
  full: callsFor('getBorrowerPhone', phones),
});

const belonging = (borrower: Things) => ({
  parent: {},
  borrower,
  ...(borrower.order && { order: borrower.order }),
});

export const phonesOfBorrowers = (borrower: Things): Things =>
  phonesTold(severalOf(borrower, 'phones', assumedSizes.phonesOfBorrower, belonging(borrower)), phoneRow);

/** One of the phones of each borrower, by its number. */
export const phoneOfBorrower = (borrower: Things, phoneId: string, row: Row = phoneRow): Things =>
  phonesTold(severalOf(borrower, `phone ${withoutBlanks(phoneId)}`, 1, belonging(borrower)), row);
