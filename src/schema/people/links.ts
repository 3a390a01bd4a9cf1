import type { Calls } from '../../operation/cost/calls.ts';
import { costing, fullRows, giving } from '../../operation/cost/field-cost.ts';
import { callsFor, oneOf, relatedTo, severalOf, type Things } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { listOrderBorrowers } from '../../upstreams/recoveryconnect/borrowers.ts';
import { orderColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { filterOrders } from '../../upstreams/recoveryconnect/orders.ts';
import { listBorrowerPhones } from '../../upstreams/recoveryconnect/phones.ts';
import { accountColumns } from '../../upstreams/scollect/account-columns.ts';
import { searchbyphone } from '../../upstreams/scollect/accounts.ts';
import { isFillerAccountNumber, isFillerPhone } from '../../values/filler.ts';
import { canonicalId } from '../../values/numeric-id.ts';
import { toNationalNumber } from '../../values/phone-number.ts';
import { AccountType } from '../accounts/account.ts';
import { accountsIn } from '../accounts/account-reads.ts';
import { type AccountRow, fullAccountRow } from '../accounts/account-row.ts';
import { accountsFound } from '../accounts/account-things.ts';
import { builder } from '../kit/builder.ts';
import { readColumn } from '../kit/column-fields.ts';
import { pageOf, sizeOfPage, wantedOf } from '../kit/connection.ts';
import { cursorsOf } from '../kit/cursor.ts';
import { declaring } from '../kit/read.ts';
import { orderRow } from '../orders/documented-rows.ts';
import { type Order, OrderType } from '../orders/order.ts';
import { borrowersOf, ordersInRow, phonesOfBorrowers } from '../orders/order-things.ts';
import { BorrowerType } from './borrower.ts';
import { type Borrower, currentBorrowersOfOrder } from './borrower-rows.ts';
import { nameMatches } from './name-matches.ts';
import { isCurrent, numberOf, type Phone, PhoneType, phonesOfBorrower } from './phone.ts';

// Neither system records which accounts and orders belong together. A link contains the values that it was matched by,
// and exists only if they are equal on both sides.

/** The number to search accounts by; null if it identifies nobody, or if Scollect cannot search by it. */
const searchedNumber = (phone: Phone): string | null => {
  const national = isCurrent(phone) ? toNationalNumber(numberOf(phone) ?? '') : null;
  return national === null || isFillerPhone(national) ? null : national;
};

const accountsOfPhone = async (phone: Phone, { loaders, audit }: Context): Promise<AccountRow[]> => {
  const national = searchedNumber(phone);
  if (national === null) return [];
  audit.searched('phone', national);
  return accountsIn(await loaders.of(searchbyphone).load({ number: national }));
};

builder.objectField(PhoneType, 'accounts', (t) =>
  t.field({
    type: [AccountType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      "The accounts in Scollect with the same number, matched by this phone's `number` alone (searchbyphone). Empty, without a search, for a number that identifies nobody, such as 000-000-0000. The same holds for a phone whose row says that it is not valid or was deleted. Null, with an error, if they cannot be read.",
    extensions: costing({
      calls: ({ things }) => [callsFor(searchbyphone, things)],
      gives: ({ things }) => [accountsFound(things)],
    }),
    resolve: (phone, _, context) => accountsOfPhone(phone, context),
  }),
);

interface PhoneMatch {
  readonly phone: Phone;
  readonly borrower: Borrower;
}

interface AccountLink {
  readonly account: AccountRow;
  readonly matchedBy: readonly PhoneMatch[];
}

/** The names in the row of searchbyphone may not be sufficient. */
const fullRowsOfAccount = (things: Things): Calls[] =>
  relatedTo(things, 'account').flatMap((account) => fullRows({ things: account }));

const PhoneMatchType = builder.objectRef<PhoneMatch>('PhoneMatch').implement({
  description: 'A phone number that both upstreams contain.',
  fields: (t) => ({
    phone: t.field({
      type: PhoneType,
      description: 'The phone of the order; the account has one of the same number.',
      extensions: costing(giving('phone')),
      resolve: ({ phone }) => phone,
    }),
    borrower: t.field({
      type: BorrowerType,
      description: 'Borrower of the phone on the order; not necessarily the debtor of the account.',
      extensions: costing(giving('borrower')),
      resolve: ({ borrower }) => borrower,
    }),
  }),
});

const AccountLinkType = builder.objectRef<AccountLink>('AccountLink').implement({
  description: 'An account in Scollect that probably belongs to an order, and the matched values.',
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      extensions: costing(giving('account')),
      resolve: ({ account }) => account,
    }),
    matchedBy: t.field({
      type: [PhoneMatchType],
      description: 'Phone numbers that the account and the order share.',
      resolve: ({ matchedBy }) => [...matchedBy],
    }),
    nameMatches: t.boolean({
      nullable: true,
      description:
        "Whether a borrower in `matchedBy` has the name of a person of the account: the debtor, joint debtor, spouse or a co-debtor. Letter case, accents, punctuation, middle names and a suffix of one of the two are ignored. Null if a name is unknown or no more than an initial. Null, with an error, when the account's names cannot be read (Scollect: getaccount, if the row at hand has no name that matches, or a suffix is compared).",
      extensions: costing({ calls: ({ things }) => fullRowsOfAccount(things) }),
      resolve: ({ account, matchedBy }, _, context) =>
        nameMatches(account, [...new Set(matchedBy.map(({ borrower }) => borrower))], context),
    }),
  }),
});

/** The accounts of the phones of an order's borrowers, each once, with the phones that lead to it. */
const accountsOfOrder = async (orderId: string, context: Context): Promise<AccountLink[]> => {
  const borrowers = await currentBorrowersOfOrder(orderId, context);
  const found = await Promise.all(
    borrowers.map(async (borrower) => {
      const phones = await phonesOfBorrower(borrower, context);
      // Those of one borrower do not wait for the phones of the others.
      const matches = phones.map(async (phone) => ({
        match: { phone, borrower },
        accounts: await accountsOfPhone(phone, context),
      }));
      return Promise.all(matches);
    }),
  );
  const links = new Map<string, { account: AccountRow; matchedBy: PhoneMatch[] }>();
  for (const { match, accounts } of found.flat()) {
    for (const account of accounts) {
      const link = links.get(account.fileNumber) ?? { account, matchedBy: [] };
      link.matchedBy.push(match);
      links.set(account.fileNumber, link);
    }
  }
  return [...links.values()];
};

builder.objectField(OrderType, 'accounts', (t) =>
  t.field({
    type: [AccountLinkType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      "The accounts in Scollect that share a phone number with the order's borrowers (listOrderBorrowers, listBorrowerPhones for each, searchbyphone for each number). Numbers that identify nobody, phones that are not valid, and deleted phones and borrowers make no link. Null, with an error, when one of these cannot be read.",
    extensions: declaring<Order>({
      start: (order, _, { loaders }) => loaders.of(listOrderBorrowers).load(order),
      calls: ({ things }) => {
        const borrowers = borrowersOf(things);
        return [
          callsFor(listOrderBorrowers, things),
          callsFor(listBorrowerPhones, borrowers),
          callsFor(searchbyphone, phonesOfBorrowers(borrowers)),
        ];
      },
      gives: ({ things }) => {
        const borrower = borrowersOf(things);
        const phone = phonesOfBorrowers(borrower);
        const account = accountsFound(phone);
        return [oneOf(account, 'link', { parent: {}, related: { account, phone, borrower } })];
      },
    }),
    resolve: ({ orderId }, _, context) => accountsOfOrder(orderId, context),
  }),
);

const OrderMatchEnum = builder.enumType('OrderMatch', {
  description: 'Value by which an order was matched to an account.',
  values: {
    CLIENT_ACCOUNT_NUMBER: {
      description: "The order's `clientAccountNumber` is the account's `originalAccountNumber`.",
    },
    LIENHOLDER_ACCOUNT_NUMBER: {
      description: "The order's `lienholderAccountNumber` is the account's `originalAccountNumber`.",
    },
  },
});

interface OrderLink extends Order {
  readonly account: AccountRow;
  readonly matchedBy: readonly ('CLIENT_ACCOUNT_NUMBER' | 'LIENHOLDER_ACCOUNT_NUMBER')[];
}

/** The values by which a row matches an account; none if the upstream ignored the filter. */
const matchesOf = (row: Row, accountNumber: string): OrderLink['matchedBy'] => {
  const { clientAccountNumber, lienholderAccountNumber } = orderColumns;
  const isSame = (value: string | null): boolean => value?.toUpperCase() === accountNumber.toUpperCase();
  return [
    ...(isSame(clientAccountNumber.read(row)) ? (['CLIENT_ACCOUNT_NUMBER'] as const) : []),
    ...(isSame(lienholderAccountNumber.read(row)) ? (['LIENHOLDER_ACCOUNT_NUMBER'] as const) : []),
  ];
};

/** The assumed number of orders that have the account number of one account. */
const ordersPerAccount = 5;

const ordersOfAccount = async (account: AccountRow, context: Context): Promise<OrderLink[]> => {
  const number = await readColumn(accountColumns.originalAccountNumber, account, context, fullAccountRow);
  if (number === null || isFillerAccountNumber(number)) return [];
  const rows = await context.loaders.ordersByAccountNumber.load(number);
  return rows
    .map((row) => ({ orderId: canonicalId(row['id']), row, account, matchedBy: matchesOf(row, number) }))
    .filter(({ matchedBy }) => matchedBy.length > 0);
};

builder.objectField(AccountType, 'orders', (t) =>
  t.connection(
    {
      type: OrderType,
      authScopes: { 'orders:read': true },
      nullable: true,
      description:
        "The orders in RecoveryConnect with the account's `originalAccountNumber` (filterOrders by acct_no). Empty, without a search, if that identifies nobody: a word, fewer than four digits without leading zeros, or a pattern such as 0000000 or 12345678. Null, with an error, if they cannot be read.",
      extensions: costing({
        reads: () => [accountColumns.originalAccountNumber],
        calls: ({ things }) => [callsFor(filterOrders, oneOf(things, 'orders'))],
        gives: ({ things, args }) => {
          const size = sizeOfPage(args, ordersPerAccount);
          const related = { account: things };
          const orders = severalOf(things, `orders${JSON.stringify(args)}`, size, { parent: {}, related });
          return [ordersInRow(orders, orderRow)];
        },
      }),
      resolve: async (account, args, context) => {
        const cursors = cursorsOf(context, 'Account.orders', account.fileNumber);
        const wanted = wantedOf(args, cursors);
        return pageOf(await ordersOfAccount(account, context), wanted, {
          cursors,
          keyOf: ({ orderId }) => orderId,
          nodeOf: (order) => order,
        });
      },
    },
    { name: 'AccountOrderConnection', description: 'One page of the orders of an account.' },
    {
      name: 'AccountOrderEdge',
      description:
        'An order in a page, with its cursor and the values by which it was matched to the account.',
      fields: (t) => ({
        matchedBy: t.field({
          type: [OrderMatchEnum],
          description: 'Values by which the order was matched to the account.',
          resolve: ({ node }) => [...(node as OrderLink).matchedBy],
        }),
        nameMatches: t.boolean({
          nullable: true,
          description:
            'Whether a borrower of the order has the name of a person of the account: the debtor, joint debtor, spouse or a co-debtor. Letter case, accents, punctuation, middle names and a suffix of one of the two are ignored. Null if a name is unknown or no more than an initial. Null, with an error, when the names cannot be read (RecoveryConnect: listOrderBorrowers; Scollect: getaccount, if the row at hand has no name that matches, or a suffix is compared).',
          extensions: costing({
            calls: ({ things }) => [callsFor(listOrderBorrowers, things), ...fullRowsOfAccount(things)],
          }),
          resolve: async ({ node }, _, context) => {
            const { account, orderId } = node as OrderLink;
            return nameMatches(account, await currentBorrowersOfOrder(orderId, context), context);
          },
        }),
      }),
    },
  ),
);
