import type { GraphQLResolveInfo } from 'graphql';
import { callsFor } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import { borrowerAddressColumns, listBorrowerAddresses } from '../../upstreams/recoveryconnect/borrowers.ts';
import { clientOfficeColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { getaccount } from '../../upstreams/scollect/accounts.ts';
import { accountAddresses } from '../../upstreams/scollect/people-columns.ts';
import { addressOf, partAt, wholeAccounts } from '../accounts/account-things.ts';
import { fileNumberOf, numericId } from '../kit/input-error.ts';
import { isSameKey } from '../kit/listed.ts';
import { bySystem, findNodesBy } from '../kit/node.ts';
import { finderInList } from '../kit/nodes-in-lists.ts';
import { officeOf, orderOf } from '../orders/order.ts';
import { borrowerOf, findOrders, parentOrder } from '../orders/order-things.ts';
import { type Address, addressKeyOf, addressOfAccount } from './address.ts';
import { addressesIn } from './borrower-rows.ts';

type Finder = Parameters<typeof findNodesBy>[1];

/** In the row of an account. */
const inAccounts: Finder = {
  scopeOf: bySystem,
  find: ([system, first = '', place = '', ...rest], context) => {
    const columns = accountAddresses.get(place);
    if (system !== 'S' || !columns || rest.length > 0) return undefined;
    const read = async () => {
      const fileNumber = fileNumberOf(first, 'id');
      const row = await context.loaders.of(getaccount).load({ fileNumber });
      return row && addressOfAccount({ fileNumber, row }, columns, context);
    };
    return read();
  },
  costOf: ([system, first = '', place = '', ...rest]) => {
    const columns = accountAddresses.get(place);
    if (system !== 'S' || !columns || rest.length > 0) return undefined;
    const account = wholeAccounts([first]);
    return { calls: [callsFor(getaccount, account)], gives: partAt(account, 'address', columns) };
  },
};

const parentBorrower = ([first = '', second = '']: readonly string[]) => ({
  orderId: numericId(first, 'id'),
  borrowerId: numericId(second, 'id'),
});

/** Of a borrower of an order. */
const ofBorrowers = finderInList('Address', {
  system: 'R',
  parts: 2,
  endpoint: listBorrowerAddresses,
  parentOf: parentBorrower,
  itemsOf: addressesIn,
  thingsOf: ([first = '', second = '']) => borrowerOf(parentOrder.thingsOf([first]), second),
  gives: (borrower) => addressOf(borrower, borrowerAddressColumns),
});

const officeAt = async (key: readonly string[], context: Context): Promise<Address | null> => {
  const [, orderId = ''] = key;
  const order = await orderOf(numericId(orderId, 'id'), context);
  const office = order && (await officeOf(order, context));
  return office && isSameKey(addressKeyOf(office, context), key) ? office : null;
};

/** The office of the client of an order. */
const offices: Finder = {
  scopeOf: bySystem,
  find: (key, context) => (key[0] === 'R' && key.length === 3 ? officeAt(key, context) : undefined),
  costOf: (key) => {
    const [system, orderId = ''] = key;
    if (system !== 'R' || key.length !== 3) return undefined;
    const { calls, gives } = findOrders([orderId]);
    return { calls, gives: gives.map((order) => addressOf(order, clientOfficeColumns)) };
  },
};

const finderOf = (key: readonly string[]): Finder => {
  if (key[0] === 'S') return inAccounts;
  return key.length === 3 ? offices : ofBorrowers;
};

findNodesBy('Address', {
  scopeOf: bySystem,
  find: (key, context, info: GraphQLResolveInfo) => finderOf(key).find(key, context, info),
  costOf: (key) => finderOf(key).costOf(key),
});
