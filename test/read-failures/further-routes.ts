import { expect } from 'vitest';
import {
  account,
  emptyPage,
  ofAccount,
  ofBorrower,
  ofNode,
  ofOrder,
  order,
  page,
  type Route,
} from './route.ts';

const ordersOfAccount = `{
  account(fileNumber: "R1") { status orders ${page('orderId')} payments { totalCount } } orders { totalCount } ${order}
}`;
const accountsOfOrder = `{
  order(orderId: "20") {
    createdAt
    accounts { account { fileNumber } matchedBy { borrower { borrowerId } phone { number } } }
    borrowers { fullName addresses { city } }
  }
  other: accountsByPhone(number: "716-628-9898") { fileNumber }
  account(fileNumber: "R1") { status }
}`;
const linkBy = (...matches: readonly (readonly [string, string])[]) => ({
  account: { fileNumber: 'R1005' },
  matchedBy: matches.map(([borrowerId, number]) => ({ borrower: { borrowerId }, phone: { number } })),
});

/** The other ways to the same reads. */
export const furtherRoutes: Route[] = [
  // A page that fails must not make the list shorter.
  {
    field: 'Query.orders (second page)',
    operation: 'filterOrders',
    document: `{
      orders(filter: {clientId: 7}, first: 2) { totalCount edges { node { orderId } } }
      other: orders(filter: {vin: "2FT"}) { totalCount } order(orderId: "20") { orderId } ${account}
    }`,
    paths: [['orders']],
    nothing: { totalCount: 2, edges: [{ node: { orderId: '1' } }] },
    at: '"page":"2"',
  },
  {
    field: 'Account.orders',
    operation: 'filterOrders',
    document: ordersOfAccount,
    paths: [['account', 'orders']],
    nothing: emptyPage,
    at: '"acct_no":"12345679","per_page":"250","page":"1"',
  },
  {
    field: 'Account.orders (second page)',
    operation: 'filterOrders',
    document: ordersOfAccount,
    paths: [['account', 'orders']],
    nothing: {
      totalCount: 1,
      edges: [{ node: { orderId: '1' } }],
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    },
    at: '"acct_no":"12345679","per_page":"250","page":"2"',
  },
  {
    field: 'Phone.accounts',
    operation: 'searchbyphone',
    document: `{
      order(orderId: "20") { borrower(borrowerId: "124927241") { fullName phones { phoneId memo accounts { fileNumber } } } }
      other: accountsByPhone(number: "716-628-9898") { fileNumber } account(fileNumber: "R1") { status }
    }`,
    paths: [['order', 'borrower', 'phones', 0, 'accounts']],
    nothing: [],
    at: '678-932-1578',
  },
  // A link is not returned in part if one of its calls fails.
  {
    field: 'Order.accounts',
    operation: 'searchbyphone',
    document: accountsOfOrder,
    paths: [['order', 'accounts']],
    nothing: [linkBy(['124927241', '+18872136744'], ['124941995', '+18872136744'])],
    at: '678-932-1578',
  },
  {
    field: 'Order.accounts',
    operation: 'listBorrowerPhones',
    document: accountsOfOrder,
    paths: [['order', 'accounts']],
    nothing: [linkBy(['124941995', '+16789321578'], ['124941995', '+18872136744'])],
    at: '/borrowers/124927241/',
  },
  {
    field: 'Query.accounts',
    operation: 'getaccount',
    document: `{ accounts(fileNumbers: ["R2", "R1", "R3"]) { fileNumber status payments { totalCount } } ${order} }`,
    paths: [['accounts', 1]],
    nothing: null,
    at: 'R1',
  },
  ofNode('Account:R1', 'getaccount', 'Account', 'status payments { totalCount }', '/R1'),
  ofNode('Borrower:S:R1:debtor', 'getaccount', 'Borrower', 'lastName', '/R1'),
  // What the row of a search lacks.
  {
    field: 'Account.currentBalance',
    operation: 'getaccount',
    document: `{ accountsByPhone(number: "716-628-9899") { fileNumber currentBalance borrower { lastName } phones { number } } ${order} }`,
    paths: [['accountsByPhone', 0, 'currentBalance']],
    nothing: null,
    at: 'R1005',
  },
  {
    field: 'Query.portfolio',
    operation: 'getportfoliolist',
    document: `{
      portfolio(name: "C2C PDL TEST") { name accounts { totalCount } }
      other: portfolio(name: "C2CLA 12.1.22") { name }
      account(fileNumber: "R1") { status } ${order}
    }`,
    paths: [['portfolio'], ['other']],
    nothing: null,
    at: '',
  },
  {
    ...ofAccount('portfolio', 'getportfoliolist', '{ name placedDate }', null),
    paths: [
      ['account', 'portfolio'],
      ['other', 'portfolio'],
    ],
    at: '',
  },
  {
    field: 'Account.portfolioEntry',
    operation: 'get_accounts_in_portfolio',
    document: `{
      account(fileNumber: "R1050") { status portfolioEntry { level productType } payments { totalCount } }
      portfolio(name: "C2CLA 12.1.22") { accounts { totalCount } } ${order}
    }`,
    paths: [['account', 'portfolioEntry']],
    nothing: null,
    isOneRow: true,
    at: 'C2C PDL TEST',
  },
  {
    field: 'Borrower.phones',
    operation: 'getphones',
    document: `{
      account(fileNumber: "R1") { status borrower { fullName phones { number } } payments { totalCount } }
      other: account(fileNumber: "R2") { borrower { phones { number } } } ${order}
    }`,
    paths: [['account', 'borrower', 'phones']],
    nothing: [],
    at: 'R1',
  },
  {
    field: 'Borrower.phone',
    operation: 'getphones',
    document: `{
      account(fileNumber: "R1") { status borrower { fullName phone(phoneId: "15171286") { number } } }
      other: account(fileNumber: "R2") { borrower { phone(phoneId: "15171286") { number } } } ${order}
    }`,
    paths: [['account', 'borrower', 'phone']],
    nothing: null,
    at: 'R1',
  },
  ofNode('Phone:S:R1:15171286', 'getphones', 'Phone', 'number', '/R1'),
  {
    ...ofAccount(
      'contactSummary',
      'getattempts',
      '{ outboundAttempts latestAttempt { date } byPhone { __typename } callFrequency { isIncomplete wouldNextCallBePresumedExcessive } }',
      {
        outboundAttempts: 0,
        latestAttempt: null,
        byPhone: [],
        callFrequency: { isIncomplete: false, wouldNextCallBePresumedExcessive: false },
      },
    ),
    // A row that is left out may be that of a conversation today.
    incomplete: (whole) => ({
      ...whole,
      outboundAttempts: 1,
      callFrequency: { isIncomplete: true, wouldNextCallBePresumedExcessive: true },
    }),
  },
  {
    field: 'Assignment.order',
    operation: 'filterOrders',
    document: `{ assignment(assignmentId: "30554") { assignmentId status order { orderId createdAt } } orders { totalCount } ${account} }`,
    paths: [['assignment', 'order']],
    nothing: null,
    at: '"ids"',
  },
  {
    field: 'Borrower.order',
    operation: 'filterOrders',
    document: `{
      node(id: "${Buffer.from('Borrower:R:20:124927241').toString('base64url')}") {
        ... on Borrower { fullName order { orderId } addresses { city } }
      }
      ${account}
    }`,
    paths: [['node', 'order']],
    nothing: null,
    at: '"ids"',
  },
  ofOrder('borrower(borrowerId: "124927241")', 'listOrderBorrowers', '{ fullName }', null),
  ofNode('Borrower:R:20:124927241', 'listOrderBorrowers', 'Borrower', 'fullName', '/orders/20/'),
  {
    field: 'Phone.borrower',
    operation: 'listOrderBorrowers',
    document: `{
      node(id: "${Buffer.from('Phone:R:20:124927241:39317581').toString('base64url')}") {
        ... on Phone { number borrower { fullName } memo }
      }
      order(orderId: "21") { borrowers { fullName } } ${account}
    }`,
    paths: [['node', 'borrower']],
    nothing: null,
    at: '/orders/20/',
  },
  // What the row of a phone in the list lacks.
  {
    ...ofBorrower('phones', 'getBorrowerPhone', '{ phoneId number addressText }', null, [1, 'addressText']),
    field: 'Phone.addressText',
    at: '/borrowers/124927241/phones/39317579',
  },
  ofNode('Phone:R:20:124927241:39317581', 'getBorrowerPhone', 'Phone', 'number', '/orders/20/'),
];
