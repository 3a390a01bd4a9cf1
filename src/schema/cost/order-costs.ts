import { clientOfficeColumns, orderColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { accountsFound, addressOf } from './account-things.ts';
import { callsFor, named, oneOf, severalOf, type Things } from './cost-node.ts';
import { type Asked, type FieldCost, type FieldCosts, perThing, sizeOfPage, textsIn } from './field-cost.ts';
import {
  assignmentsById,
  asTheyArrive,
  borrowerOf,
  borrowersOf,
  loadedOrders,
  ordersById,
  phonesOfBorrowers,
  together,
} from './order-things.ts';
import { assumedSizes, rowsPerCall } from './sizes.ts';

/** The page of a search, as many as `first` says. */
const ordersFound = ({ args }: Pick<Asked, 'args'>): Things => {
  const { filter = null, first = null, after = null } = args;
  return named('orders', [JSON.stringify([filter, first, after])], { parent: {} });
};

/** The calls for the pages of the upstream that one page of a search lies on. */
const pagesFor = ({ args, selected }: Asked): number => {
  const size = sizeOfPage({ first: args['first'] });
  const pages = Math.max(1, Math.ceil(size / rowsPerCall));
  // Behind a cursor it may begin within a page; and there may be fewer pages than it is looked for on.
  const behind = typeof args['after'] === 'string' ? 2 : 0;
  // The last page tells how many there are, where the others do not.
  const counting = selected('OrderConnection').includes('totalCount') ? 1 : 0;
  return pages + behind + counting;
};

/** The order that something came from: at hand, unless that was reached by another way. */
const orderBehind: FieldCost = {
  calls: ({ things: { order } }) => (order && !order.isLoaded ? [callsFor('filterOrders', order)] : []),
  gives: ({ things: { order } }) => (order ? [order.isLoaded ? order : loadedOrders(order)] : []),
};

export const orderCosts: FieldCosts = {
  'Query.order': {
    calls: ({ args }) => [together('filterOrders', ordersById(textsIn(args['orderId'])))],
    gives: ({ args }) => [ordersById(textsIn(args['orderId']))],
  },
  'Query.orders': {
    calls: (asked) => [{ ...callsFor('filterOrders', ordersFound(asked)), each: pagesFor(asked) }],
    gives: (asked) => {
      const size = sizeOfPage({ first: asked.args['first'] });
      return [loadedOrders(severalOf(ordersFound(asked), 'page', size, { parent: {} }))];
    },
  },
  'Query.assignment': {
    calls: ({ args }) => [together('filterAssignments', assignmentsById(textsIn(args['assignmentId'])))],
    gives: ({ args }) => [assignmentsById(textsIn(args['assignmentId']))],
  },

  'Order.specialInstructions': { reads: () => [orderColumns.specialInstructions] },
  'Order.clientOffice': {
    reads: () => [orderColumns.clientOffice],
    gives: ({ things }) => [addressOf(things, clientOfficeColumns)],
  },
  'Order.borrowers': {
    ...perThing('listOrderBorrowers'),
    gives: ({ things }) => [borrowersOf(things)],
  },
  'Order.borrower': {
    ...perThing('listOrderBorrowers'),
    gives: ({ things, args }) => [borrowerOf(things, String(args['borrowerId']))],
  },
  'Order.collaterals': perThing('listOrderCollaterals'),
  'Order.assignments': {
    ...perThing('listOrderAssignments'),
    gives: ({ things }) => [
      severalOf(things, 'assignments', assumedSizes.assignmentsOfOrder, { parent: {} }),
    ],
  },
  'Order.photos': {
    ...perThing('listOrderPhotos'),
    gives: ({ things }) => [oneOf(things, 'photos', { parent: {}, order: things })],
  },
  'Order.accounts': {
    calls: ({ things }) => {
      const borrowers = borrowersOf(things);
      return [
        callsFor('listOrderBorrowers', things),
        callsFor('listBorrowerPhones', borrowers),
        callsFor('searchbyphone', phonesOfBorrowers(borrowers)),
      ];
    },
    gives: ({ things }) => {
      const borrower = borrowersOf(things);
      const phone = phonesOfBorrowers(borrower);
      const account = accountsFound(phone);
      return [oneOf(account, 'link', { parent: {}, account, phone, borrower })];
    },
  },
  // The names in the row of searchbyphone may not do.
  'AccountLink.nameMatches': { calls: ({ things: { account } }) => (account?.full ? [account.full] : []) },
  'AccountOrderEdge.nameMatches': {
    calls: ({ things }) => [
      callsFor('listOrderBorrowers', things),
      ...(things.account?.full ? [things.account.full] : []),
    ],
  },
  'AccountLink.account': { gives: ({ things: { account } }) => (account ? [account] : []) },
  'PhoneMatch.phone': { gives: ({ things: { phone } }) => (phone ? [phone] : []) },
  'PhoneMatch.borrower': { gives: ({ things: { borrower } }) => (borrower ? [borrower] : []) },

  'Borrower.order': orderBehind,
  'Photo.order': orderBehind,
  'Assignment.order': {
    calls: ({ things }) => [asTheyArrive(things)],
    gives: ({ things }) => [loadedOrders(oneOf(things, 'order', { parent: {} }))],
  },
};
