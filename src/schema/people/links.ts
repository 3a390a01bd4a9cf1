import type { Context } from '../../request/context.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { orderColumns } from '../../upstreams/recoveryconnect/order-columns.ts';
import { accountColumns } from '../../upstreams/scollect/account-columns.ts';
import { isFillerAccountNumber, isFillerPhone } from '../../values/filler.ts';
import { toNationalNumber } from '../../values/phone-number.ts';
import { AccountType } from '../accounts/account.ts';
import { accountsIn } from '../accounts/account-reads.ts';
import { type AccountRow, fullAccountRow } from '../accounts/account-row.ts';
import { builder } from '../kit/builder.ts';
import { readColumn } from '../kit/column-fields.ts';
import { pageOf } from '../kit/connection.ts';
import { type Order, OrderType } from '../orders/order.ts';
import { BorrowerType } from './borrower.ts';
import { type Borrower, currentBorrowersOfOrder } from './borrower-rows.ts';
import { nameMatches } from './name-matches.ts';
import { isCurrent, numberOf, type Phone, PhoneType, phonesOfBorrower } from './phone.ts';

// What belongs together in the two systems is not recorded by either. A link says by what it was matched, and is made
// only where that is the same on both sides.

/** The number to search accounts by; null where it identifies nobody, or Scollect cannot be searched by it. */
const searchedNumber = (phone: Phone): string | null => {
  const national = isCurrent(phone) ? toNationalNumber(numberOf(phone) ?? '') : null;
  return national === null || isFillerPhone(national) ? null : national;
};

const accountsOfPhone = async (phone: Phone, { loaders, audit }: Context): Promise<AccountRow[]> => {
  const national = searchedNumber(phone);
  if (national === null) return [];
  audit.searched('phone', national);
  return accountsIn(await loaders.accountsByPhone.load(national));
};

builder.objectField(PhoneType, 'accounts', (t) =>
  t.field({
    type: [AccountType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      "The accounts in Scollect that the same number is kept for, matched by this phone's `number` alone (searchbyphone). Empty, without a search, for a number that identifies nobody, such as 000-000-0000. The same holds for a phone whose row says that it is not valid or was deleted. Null, with an error, when they cannot be read.",
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

const PhoneMatchType = builder.objectRef<PhoneMatch>('PhoneMatch').implement({
  description: 'A phone number that is kept in both systems.',
  fields: (t) => ({
    phone: t.field({
      type: PhoneType,
      description: 'The phone of the order; the account has one of the same number.',
      resolve: ({ phone }) => phone,
    }),
    borrower: t.field({
      type: BorrowerType,
      description: 'Whose phone it is on the order; need not be who owes the account.',
      resolve: ({ borrower }) => borrower,
    }),
  }),
});

const AccountLinkType = builder.objectRef<AccountLink>('AccountLink').implement({
  description: 'An account in Scollect that seems to belong to an order, and why.',
  fields: (t) => ({
    account: t.field({
      type: AccountType,
      description: 'The account.',
      resolve: ({ account }) => account,
    }),
    matchedBy: t.field({
      type: [PhoneMatchType],
      description: 'The phone numbers that both have.',
      resolve: ({ matchedBy }) => [...matchedBy],
    }),
    nameMatches: t.boolean({
      nullable: true,
      description:
        "Whether a borrower in `matchedBy` has the name of a person of the account: the debtor, joint debtor, spouse or a co-debtor. Letter case, accents, punctuation, middle names and a suffix of one of the two are ignored. Null if a name is unknown or no more than an initial. Null, with an error, when the account's names cannot be read (Scollect: getaccount, if the row at hand has no name that matches, or a suffix is compared).",
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
    resolve: ({ orderId }, _, context) => accountsOfOrder(orderId, context),
  }),
);

const OrderMatchEnum = builder.enumType('OrderMatch', {
  description: 'By what an order was matched to an account.',
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

/** By what a row is an order of an account; by nothing where the upstream did not filter as it was asked. */
const matchesOf = (row: Row, accountNumber: string): OrderLink['matchedBy'] => {
  const { clientAccountNumber, lienholderAccountNumber } = orderColumns;
  const isSame = (value: string | null): boolean => value?.toUpperCase() === accountNumber.toUpperCase();
  return [
    ...(isSame(clientAccountNumber.read(row)) ? (['CLIENT_ACCOUNT_NUMBER'] as const) : []),
    ...(isSame(lienholderAccountNumber.read(row)) ? (['LIENHOLDER_ACCOUNT_NUMBER'] as const) : []),
  ];
};

const ordersOfAccount = async (account: AccountRow, context: Context): Promise<OrderLink[]> => {
  const number = await readColumn(accountColumns.originalAccountNumber, account, context, fullAccountRow);
  if (number === null || isFillerAccountNumber(number)) return [];
  const rows = await context.loaders.ordersByAccountNumber.load(number);
  return rows
    .map((row) => ({ orderId: String(row['id']), row, account, matchedBy: matchesOf(row, number) }))
    .filter(({ matchedBy }) => matchedBy.length > 0);
};

builder.objectField(AccountType, 'orders', (t) =>
  t.connection(
    {
      type: OrderType,
      authScopes: { 'orders:read': true },
      nullable: true,
      description:
        "The orders in RecoveryConnect with the account's `originalAccountNumber` (filterOrders by acct_no). Empty, without a search, if that identifies nobody: a word, fewer than four digits without leading zeros, or a pattern such as 0000000 or 12345678. Null, with an error, when they cannot be read.",
      resolve: async (account, args, context) =>
        pageOf(await ordersOfAccount(account, context), args, ({ orderId }) => orderId),
    },
    { name: 'AccountOrderConnection', description: 'One page of the orders of an account.' },
    {
      name: 'AccountOrderEdge',
      description: 'An order in a page, with its place and by what it belongs to the account.',
      fields: (t) => ({
        matchedBy: t.field({
          type: [OrderMatchEnum],
          description: 'By what it was matched to the account.',
          resolve: ({ node }) => [...(node as OrderLink).matchedBy],
        }),
        nameMatches: t.boolean({
          nullable: true,
          description:
            'Whether a borrower of the order has the name of a person of the account: the debtor, joint debtor, spouse or a co-debtor. Letter case, accents, punctuation, middle names and a suffix of one of the two are ignored. Null if a name is unknown or no more than an initial. Null, with an error, when the names cannot be read (RecoveryConnect: listOrderBorrowers; Scollect: getaccount, if the row at hand has no name that matches, or a suffix is compared).',
          resolve: async ({ node }, _, context) => {
            const { account, orderId } = node as OrderLink;
            return nameMatches(account, await currentBorrowersOfOrder(orderId, context), context);
          },
        }),
      }),
    },
  ),
);
