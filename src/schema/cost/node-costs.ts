import { coBorrowerColumns } from '../../upstreams/scollect/people-columns.ts';
import { readNodeId } from '../kit/node.ts';
import { bareAccounts, personOf, phonesOf, wholeAccounts } from './account-things.ts';
import type { Calls } from './calls.ts';
import { callsFor, named, once, type Things } from './cost-node.ts';
import { type FieldCosts, textsIn } from './field-cost.ts';
import { assignmentsById, borrowerOf, ordersById, phoneOfBorrower, together } from './order-things.ts';

/** What is found by an id, and what that costs. */
interface Found {
  readonly calls: readonly Calls[];
  readonly gives: Things;
}

const nodeOfAccount = (fileNumber: string, gives: Things, type: string): Found => ({
  calls: [callsFor('getaccount', wholeAccounts([fileNumber]))],
  gives: { ...gives, type },
});

const borrowerAt = (orderId: string, borrowerId: string): Found => {
  const order = named('order', [orderId], { parent: {} });
  return {
    calls: [callsFor('listOrderBorrowers', order)],
    gives: { ...borrowerOf(order, borrowerId), type: 'Borrower' },
  };
};

const phoneInAccount = (fileNumber: string, place: string): Found => {
  const account = bareAccounts([fileNumber]);
  const owner = coBorrowerColumns.find(({ phoneKeys }) => phoneKeys.includes(place))?.place;
  const gives: Things = { ...phonesOf(account, 1, owner), type: 'Phone' };
  return { calls: [callsFor(owner ? 'getaccount' : 'getphones', account)], gives };
};

const phoneOnOrder = (orderId: string, borrowerId: string, phoneId: string): Found => {
  const borrower = borrowerAt(orderId, borrowerId).gives;
  const phone = phoneOfBorrower(borrower, phoneId);
  const list = { ...callsFor('listBorrowerPhones', borrower), ifSeveral: phoneId };
  return { calls: [callsFor('getBorrowerPhone', phone), list], gives: { ...phone, type: 'Phone' } };
};

const foundBy = (id: string): Found | undefined => {
  const { typeName, key } = readNodeId(id);
  const [first = '', second = '', third = '', fourth = ''] = key;
  switch (key.length > 1 ? `${typeName} ${first}` : typeName) {
    case 'Account':
      return nodeOfAccount(first, wholeAccounts([first]), 'Account');
    case 'Order':
      return {
        calls: [together('filterOrders', ordersById([first]))],
        gives: { ...ordersById([first]), type: 'Order' },
      };
    case 'Assignment':
      return {
        calls: [together('filterAssignments', assignmentsById([first]))],
        gives: { ...assignmentsById([first]), type: 'Assignment' },
      };
    case 'Portfolio':
      return {
        calls: [once('getportfoliolist')],
        gives: { ...named('portfolio by number', [first], { parent: {} }), type: 'Portfolio' },
      };
    case 'Borrower S':
      return nodeOfAccount(second, personOf(wholeAccounts([second]), third), 'Borrower');
    case 'Borrower R':
      return borrowerAt(second, third);
    case 'Phone S':
      return phoneInAccount(second, third);
    case 'Phone R':
      return phoneOnOrder(second, third, fourth);
    default:
      return undefined;
  }
};

const foundIn = (ids: unknown): Found[] =>
  textsIn(ids).flatMap((id) => {
    const found = foundBy(id);
    return found ? [found] : [];
  });

export const nodeCosts: FieldCosts = {
  'Query.node': {
    calls: ({ args }) => foundIn(args['id']).flatMap(({ calls }) => calls),
    gives: ({ args }) => foundIn(args['id']).map(({ gives }) => gives),
  },
  'Query.nodes': {
    calls: ({ args }) => foundIn(args['ids']).flatMap(({ calls }) => calls),
    gives: ({ args }) => foundIn(args['ids']).map(({ gives }) => gives),
  },
};
