import { account, emptyPage, ofAccount, ofBorrower, ofOrder, order, page, type Route } from './route.ts';

/** Each read, by the field that it is first of all for. */
export const mainRoutes: Route[] = [
  {
    field: 'Query.account',
    operation: 'getaccount',
    document: `{
      account(fileNumber: "R1") { fileNumber status phones { number } notes { totalCount } portfolio { name } }
      other: account(fileNumber: "R2") { status phones { number } }
      portfolios { name } ${order}
    }`,
    paths: [['account']],
    nothing: null,
    at: 'R1',
  },
  {
    field: 'Query.accountsBySsn',
    operation: 'getaccountbysocial',
    document: `{
      accountsBySsn(ssn: "987654321") { fileNumber currentBalance }
      other: accountsBySsn(ssn: "222334444") { fileNumber }
      portfolios { name } ${order}
    }`,
    paths: [['accountsBySsn']],
    nothing: [],
    at: '987-65-4321',
  },
  {
    field: 'Query.accountsByPhone',
    operation: 'searchbyphone',
    document: `{
      accountsByPhone(number: "716-628-9899") { fileNumber borrower { lastName } }
      other: accountsByPhone(number: "716-628-9898") { fileNumber }
      account(fileNumber: "R1") { status } ${order}
    }`,
    paths: [['accountsByPhone']],
    nothing: [],
    at: '9899',
  },
  {
    field: 'Query.portfolios',
    operation: 'getportfoliolist',
    document: `{ portfolios { name client } account(fileNumber: "R1") { status phones { number } } ${order} }`,
    paths: [['portfolios']],
    nothing: [],
    at: '',
  },
  {
    field: 'Portfolio.accounts',
    operation: 'get_accounts_in_portfolio',
    document: `{
      portfolio(name: "C2C PDL TEST") { name client accounts ${page('fileNumber currentBalance')} }
      other: portfolio(name: "C2CLA 12.1.22") { name accounts { totalCount } }
      account(fileNumber: "R1") { status } ${order}
    }`,
    paths: [['portfolio', 'accounts']],
    nothing: emptyPage,
    at: 'C2C PDL TEST',
  },
  ofAccount('phones', 'getphones', '{ number status type }', []),
  ofAccount('notes', 'getnotes', page('noteId body loggedAt'), emptyPage),
  ofAccount('attempts', 'getattempts', page('date disposition'), emptyPage),
  ofAccount('emails', 'getemails', page('eventId eventType'), emptyPage),
  ofAccount('emailStats', 'getemailstats', '{ sentCount openedCount }', null),
  ofAccount('payments', 'getpayments', page('amount paymentDate'), emptyPage),
  ofAccount('lastPayment', 'get_lastpayinfo', '{ paymentDate payorName }', null),
  ofAccount('paymentMethods', 'getAlpaymentdata', '{ method cardLast4 }', []),
  ofAccount('settlement', 'getAlaccountdata', '{ currentBalance settlementAmount }', null),
  // All orders of a request are one call: it fails for each of them.
  {
    field: 'Query.order',
    operation: 'filterOrders',
    document: `{
      order(orderId: "20") { orderId createdAt photos { name } }
      other: order(orderId: "21") { orderId borrowers { fullName } }
      assignment(assignmentId: "30554") { status } orders { totalCount } ${account}
    }`,
    paths: [['order'], ['other']],
    nothing: null,
    at: '"ids"',
  },
  {
    field: 'Query.orders',
    operation: 'filterOrders',
    document: `{
      orders(filter: {vin: "1FT"}) ${page('orderId createdAt')}
      other: orders(filter: {vin: "2FT"}) { totalCount }
      order(orderId: "20") { orderId } ${account}
    }`,
    paths: [['orders']],
    nothing: emptyPage,
    at: '"1FT"',
  },
  // What the row of an order among others does not tell.
  ofOrder('caseNumber', 'getOrder', '', null),
  ofOrder('borrowers', 'listOrderBorrowers', '{ borrowerId fullName phones { number } }', []),
  ofOrder('collaterals', 'listOrderCollaterals', '{ collateralId vin unpaidBalance }', []),
  ofOrder('assignments', 'listOrderAssignments', '{ assignmentId status }', []),
  ofOrder('photos', 'listOrderPhotos', '{ photoId name type { name } }', []),
  ofBorrower('phones', 'listBorrowerPhones', '{ phoneId number }', []),
  ofBorrower('addresses', 'listBorrowerAddresses', '{ line1 city }', []),
  ofBorrower('phone(phoneId: "39317581")', 'getBorrowerPhone', '{ number memo }', null),
  // All assignments of a request are one call.
  {
    field: 'Query.assignment',
    operation: 'filterAssignments',
    document: `{
      assignment(assignmentId: "30554") { assignmentId status order { orderId } }
      other: assignment(assignmentId: "30555") { assignmentId }
      order(orderId: "20") { orderId createdAt assignments { assignmentId } } ${account}
    }`,
    paths: [['assignment'], ['other']],
    nothing: null,
    at: '',
  },
];
