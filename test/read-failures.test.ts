import { describe, expect, it, vi } from 'vitest';
import type { Endpoint } from '../src/upstreams/endpoint/endpoint.ts';
import { asNumber, asWholeSsn, type ResponseKey } from '../src/upstreams/endpoint/response-keys.ts';
import { systemNames, type UpstreamSystem } from '../src/upstreams/errors.ts';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { corpusOf } from './support/corpus.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { errorLog, type Reply, startGateway } from './support/gateway.ts';
import { forRequest, pathOf, setAt } from './support/own-keys.ts';
import { type Path, valueAt, withValueAt } from './support/place.ts';
import type { Answer, LocalUpstream, Received } from './support/upstream.ts';

// Every form in which an upstream finds nothing or fails, on every read, by each field that reaches it: nothing
// found is never an error, a failure is never taken for nothing found, and neither touches another field.

/** A way to a read through the public schema. */
interface Route {
  /** The field that the read answers. */
  readonly field: string;
  readonly operation: string;
  /** What is in it beside the field must stand: other fields, the same field by another key, the other system. */
  readonly document: string;
  /** Where the field stands in the answer; more than one place where one call answers for all of them. */
  readonly paths: readonly Path[];
  /** What the field is where nothing is found. */
  readonly nothing: unknown;
  /** What becomes of the field where a row is left out, if that makes a difference to it. */
  readonly incomplete?: (whole: object) => object;
  /** Whether it is answered by one row, so that no other is missed. */
  readonly isOneRow?: true;
  /** What tells the requests for the field from those of the same operation that its neighbours make. */
  readonly at: string;
}

interface Failure {
  readonly code: string;
  readonly says: string;
  readonly retryable: boolean;
  readonly retryAfter?: number;
}

/** An answer, which may be made of the documented success, and differ from the first call to the next. */
type Served = Answer | ((success: unknown, call: number) => Answer);

/**
 * A form of an upstream's answer, and what a read has to make of it. `incomplete`: all of the data, and a warning that
 * rows were left out.
 */
type Shape = readonly [name: string, answer: Served, outcome: 'nothing' | 'whole' | 'incomplete' | Failure];

const unavailable: Failure = { code: 'UPSTREAM_UNAVAILABLE', says: 'is unavailable', retryable: true };
const timeout: Failure = { code: 'UPSTREAM_TIMEOUT', says: 'did not answer in time', retryable: true };
const rateLimited: Failure = {
  code: 'UPSTREAM_RATE_LIMITED',
  says: 'received too many requests',
  retryable: true,
};
const badInput: Failure = { code: 'BAD_USER_INPUT', says: 'found the input invalid', retryable: false };
const rejected: Failure = { code: 'UPSTREAM_REJECTED', says: 'declined the request', retryable: false };
const badResponse: Failure = {
  code: 'UPSTREAM_BAD_RESPONSE',
  says: 'returned a response that cannot be understood',
  retryable: false,
};
const authFailed: Failure = {
  code: 'UPSTREAM_AUTH_FAILED',
  says: "refused the gateway's credentials",
  retryable: false,
};

// Stands wherever an upstream could repeat its input, or tell of its inside.
const canary = 'CANARY-123-45-6789';
const leak = /CANARY|123-45-6789|111-22-333|R100\b|D3406/;

const folders = { SCOLLECT: 'scollect', RECOVERY_CONNECT: 'recoveryconnect' } as const;
const endpoints: Readonly<Record<string, Endpoint>> = { ...scollectOperations, ...recoveryConnectOperations };

const endpointOf = (operation: string): Endpoint => {
  const endpoint = endpoints[operation];
  if (!endpoint) throw new Error(`No operation ${operation}`);
  return endpoint;
};

// The log-ins are reads too; no field is answered by one.
const reads = Object.values(endpoints).filter(
  ({ effect, operation }) => effect === 'read' && !['login', 'authenticate'].includes(operation),
);

const corpus = new Map(
  Object.values(folders)
    .flatMap(corpusOf)
    .map((file) => [file.operation, file] as const),
);

/** The documented success of an operation. */
const documented = (operation: string): unknown => corpus.get(operation)?.success;

const order = 'order(orderId: "20") { orderId createdAt }';
const account = 'account(fileNumber: "R1") { fileNumber status payments { totalCount } }';

const page = (node: string) => `{ totalCount edges { node { ${node} } } pageInfo { hasNextPage endCursor } }`;
const emptyPage = { totalCount: 0, edges: [], pageInfo: { hasNextPage: false, endCursor: null } };

const nameOf = (field: string): string => field.replace(/\(.*/, '');

/** A field of an account; it stands beside the same one of another account. */
const ofAccount = (field: string, operation: string, selection: string, nothing: unknown): Route => {
  const sibling = operation === 'getpayments' ? 'phones { number }' : 'payments { totalCount }';
  return {
    field: `Account.${field}`,
    operation,
    document: `{
      account(fileNumber: "R1") { fileNumber status ${field} ${selection} ${sibling} }
      other: account(fileNumber: "R2") { ${field} ${selection} }
      ${order}
    }`,
    paths: [['account', field]],
    nothing,
    at: 'R1',
  };
};

/** A field of an order; it stands beside the same one of another order. */
const ofOrder = (field: string, operation: string, selection: string, nothing: unknown): Route => {
  const sibling = operation === 'listOrderPhotos' ? 'assignments { status }' : 'photos { name }';
  return {
    field: `Order.${nameOf(field)}`,
    operation,
    document: `{
      order(orderId: "20") { orderId createdAt ${field} ${selection} ${sibling} }
      other: order(orderId: "21") { orderId ${field} ${selection} }
      ${account}
    }`,
    paths: [['order', nameOf(field)]],
    nothing,
    at: '/orders/20',
  };
};

/** A field of the first of an order's borrowers, beside the same one of the others. */
const ofBorrower = (
  field: string,
  operation: string,
  selection: string,
  nothing: unknown,
  below: Path = [],
): Route => {
  const sibling = operation === 'listBorrowerAddresses' ? 'phones { memo }' : 'addresses { city }';
  return {
    field: `Borrower.${nameOf(field)}`,
    operation,
    document: `{
      order(orderId: "20") { orderId borrowers { borrowerId fullName ${field} ${selection} ${sibling} } photos { name } }
      ${account}
    }`,
    paths: [['order', 'borrowers', 0, nameOf(field), ...below]],
    nothing,
    at: '/borrowers/124927241/',
  };
};

/** A thing by its id, beside two others. */
const ofNode = (key: string, operation: string, typeName: string, selection: string, at: string): Route => {
  const ids = [key, 'Account:R2', 'Phone:R:1:2:3'].map((text) => Buffer.from(text).toString('base64url'));
  return {
    field: `Query.nodes (${typeName})`,
    operation,
    document: `{
      nodes(ids: ${JSON.stringify(ids)}) { id ... on ${typeName} { ${selection} } }
      order(orderId: "21") { orderId }
    }`,
    paths: [['nodes', 0]],
    nothing: null,
    at,
  };
};

/** Each read, by the field that it is first of all for. */
const mainRoutes: Route[] = [
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
const furtherRoutes: Route[] = [
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
      pageInfo: { hasNextPage: false, endCursor: Buffer.from('0:1').toString('base64url') },
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
  // A link that one of its calls cannot be read for is not told in part.
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
  // What the row of a search does not tell.
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
  // What the row of a phone in the list does not tell.
  {
    ...ofBorrower('phones', 'getBorrowerPhone', '{ phoneId number addressText }', null, [1, 'addressText']),
    field: 'Phone.addressText',
    at: '/borrowers/124927241/phones/39317579',
  },
  ofNode('Phone:R:20:124927241:39317581', 'getBorrowerPhone', 'Phone', 'number', '/orders/20/'),
];

const routes = [...mainRoutes, ...furtherRoutes];

const html = (status: number, headers: Record<string, string> = {}): Answer => ({
  status,
  html: `<!doctype html><title>${status}</title><h1>${canary}</h1>`,
  headers,
});
const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  json: body,
  headers,
});
const wrapped = (result: unknown, status = 200): Answer => json({ result, state: 'SUCCESS' }, status);
const notFound = `File number ${canary} does not exist.`;
const asJson = { 'content-type': 'application/json' };

/** The documented rows, changed: wherever they sit, the rest of the answer stays. */
const withRows = (body: unknown, change: (rows: readonly unknown[]) => unknown): unknown => {
  if (Array.isArray(body)) return change(body);
  if (typeof body !== 'object' || body === null) return body;
  const [key] = ['result', 'success', 'data'].filter((name) => name in body);
  if (key === undefined) return change([body]);
  return { ...body, [key]: withRows((body as Readonly<Record<string, unknown>>)[key], change) };
};

const withoutKeys = (row: unknown): unknown =>
  Object.fromEntries(Object.keys(row as object).map((key) => [`other ${key}`, canary]));
const withOtherTypes = (row: unknown): unknown =>
  Object.fromEntries(Object.keys(row as object).map((key) => [key, { text: canary }]));

/** What any server, or any proxy before it, may answer. */
const anyShapes: Shape[] = [
  ['HTML with 200', html(200), badResponse],
  ['HTML with 302', html(302, { location: '/elsewhere' }), badResponse],
  ['HTML with 400', html(400), badInput],
  ['HTML with 401', html(401), authFailed],
  ['HTML with 403', html(403), rejected],
  ['HTML with 404', html(404), badResponse],
  ['HTML with 405', html(405), badResponse],
  ['HTML with 408', html(408), timeout],
  ['HTML with 500', html(500), unavailable],
  ['HTML with 502', html(502), unavailable],
  ['HTML with 503', html(503, { 'retry-after': '60' }), unavailable],
  ['HTML with 504', html(504), timeout],
  ['a token refused once', (success, call) => (call === 1 ? html(401) : json(success)), 'whole'],
  ['text with 429', html(429), rateLimited],
  [
    'text with 429 and Retry-After in seconds',
    html(429, { 'retry-after': '7' }),
    { ...rateLimited, retryAfter: 7 },
  ],
  [
    'JSON with 429 and Retry-After as a date gone by',
    json({ message: canary }, 429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    { ...rateLimited, retryAfter: 0 },
  ],
  [
    'JSON with 429 and a Retry-After that is none',
    json({ message: canary }, 429, { 'retry-after': canary }),
    rateLimited,
  ],
  ['no body with 200', { html: '', headers: asJson }, badResponse],
  ['no body with 204', { status: 204, html: '' }, badResponse],
  ['no body with 404', { status: 404, html: '', headers: asJson }, badResponse],
  ['no body with 500', { status: 500, html: '', headers: asJson }, unavailable],
  [
    'JSON that is cut off',
    (success) => ({ html: JSON.stringify(success).slice(0, -9), headers: asJson }),
    badResponse,
  ],
  [
    'a connection that is closed within the answer',
    (success) => ({
      html: JSON.stringify(success).slice(0, -9),
      headers: { ...asJson, 'content-length': '999999', connection: 'close' },
    }),
    unavailable,
  ],
  ['a connection reset', 'reset', unavailable],
  ['JSON that is a text', json(canary), badResponse],
  ['JSON that is a number', json(404), badResponse],
  ['JSON that is null', json(null), badResponse],
  ['JSON that is a list', json([{ error: canary }, 404]), badResponse],
  ['JSON without content', json({}), badResponse],
  [
    'rows without their keys',
    (success) => json(withRows(success, (rows) => rows.map(withoutKeys))),
    badResponse,
  ],
  [
    'rows with values of other types',
    (success) => json(withRows(success, (rows) => rows.map(withOtherTypes))),
    badResponse,
  ],
  ['rows that are none', (success) => json(withRows(success, () => [canary, null])), badResponse],
  ['rows within a list too many', (success) => json(withRows(success, (rows) => [rows])), badResponse],
  ['a text in place of rows', (success) => json(withRows(success, () => canary)), badResponse],
];

/** What is no list of rows. */
const listShapes: Shape[] = [
  ...[null, canary, 404, [], { error: canary }, { error: '' }, { message: canary }].map(
    (odd): Shape => [
      `${JSON.stringify(odd)} among rows`,
      (success) => json(withRows(success, (rows) => [...rows, odd])),
      badResponse,
    ],
  ),
  [
    'one row among others without its keys',
    (success) => json(withRows(success, (rows) => [...rows, withoutKeys(rows[0])])),
    'incomplete',
  ],
  ['a row in place of a list', (success) => json(withRows(success, ([row]) => row)), badResponse],
];

const notByFileNumber = [
  'getaccountbysocial',
  'searchbyphone',
  'get_accounts_in_portfolio',
  'getportfoliolist',
];

/** What the documents' sentences of nothing found speak of, and to which reads they are an answer. */
const sentences: readonly (readonly [words: RegExp, isFor: (operation: string) => boolean])[] = [
  [
    /does not exist\.?$|does not exist in the system|^Data not found/,
    (one) => !notByFileNumber.includes(one),
  ],
  [/associated phone numbers/, (one) => one === 'getphones'],
  [/any notes/, (one) => one === 'getnotes'],
  [/^SSN of/, (one) => one === 'getaccountbysocial'],
  [/^No payment info/, (one) => ['getpayments', 'get_lastpayinfo', 'getAlpaymentdata'].includes(one)],
  [/^The payment data/, (one) => ['getpayments', 'getAlpaymentdata'].includes(one)],
  [/^This phone number/, (one) => one === 'searchbyphone'],
];

/** What a sentence of nothing found means to a read, with the status that stands in the answer, if any. */
const meaningOf = (sentence: string, operation: string, status?: number): Shape[2] => {
  // The sentence about a phone ends as the one about a file number does.
  const isFor = sentences.findLast(([words]) => words.test(sentence))?.[1];
  if (isFor?.(operation)) return 'nothing';
  return status === 404 ? badResponse : status === 400 ? badInput : unavailable;
};

/** The documented failures of reads, each once. */
const documentedFailures = reads.flatMap(({ operation }) =>
  (corpus.get(operation)?.failures ?? []).map((body) => ({ operation, body })),
);

/** What a documented failure means to a read. */
const documentedMeaning = (body: unknown, operation: string): Shape[2] => {
  const text = JSON.stringify(body);
  // Of all of them, one is about the input.
  if (text.includes('Missing')) return badInput;
  const sentence = /"error":"([^"]+)"/.exec(text)?.[1];
  if (sentence === undefined) return 'nothing';
  return meaningOf(sentence, operation, text.includes(',404]') ? 404 : undefined);
};

const distinctFailures = [
  ...new Map(documentedFailures.map((one) => [JSON.stringify(one.body), one])).values(),
];

const scollectShapesOf = (read: string): Shape[] => [
  ...anyShapes,
  ...distinctFailures.map(
    ({ operation, body }): Shape => [
      `what is documented for ${operation}`,
      json(body),
      documentedMeaning(body, read),
    ],
  ),
  ...[
    notFound,
    `SSN of ${canary} not found`,
    `File number ${canary} does not have associated phone numbers.`,
    `File number ${canary} does not have any notes or may not exist.`,
    `No payment info found with filenumber ${canary}`,
    `Data not found for this filenumber ${canary}`,
  ].flatMap((error): Shape[] => [
    [`"${error}"`, wrapped({ error }), meaningOf(error, read)],
    [`"${error}" with 404 inside`, wrapped([{ error }, 404]), meaningOf(error, read, 404)],
    [`"${error}" with 400 inside`, wrapped([{ error }, 400]), meaningOf(error, read, 400)],
    [`"${error}" under HTTP 404`, wrapped({ error }, 404), meaningOf(error, read)],
  ]),
  // The number is the real status, whatever the text says.
  ['500 inside with a text of nothing found', wrapped([{ error: notFound }, 500]), unavailable],
  ['403 inside with a text of nothing found', wrapped([{ error: notFound }, 403]), rejected],
  ['500 with a text of nothing found', wrapped({ error: notFound }, 500), unavailable],
  ['a blank error with 404 inside', wrapped([{ error: '' }, 404]), 'nothing'],
  ['no rows as `result`', wrapped([]), 'nothing'],
  ['no rows as `result.success`', wrapped({ success: [] }), 'nothing'],
  ['no rows as `result.data`', wrapped({ data: [] }), 'nothing'],
  ['400 inside', wrapped([{ error: canary }, 400]), badInput],
  ['401 inside', wrapped([{ error: canary }, 401]), authFailed],
  ['403 inside', wrapped([{ error: canary }, 403]), rejected],
  ['422 inside', wrapped([{ error: canary }, 422]), badInput],
  ['429 inside', wrapped([{ error: canary }, 429]), rateLimited],
  ['500 inside', wrapped([{ error: canary }, 500]), unavailable],
  ['503 inside', wrapped([{ error: canary }, 503]), unavailable],
  ['500 inside without a text', wrapped([{ error: '' }, 500]), unavailable],
  ['a missing argument', wrapped({ error: `Missing ${canary}` }), badInput],
  ['a blank error', wrapped({ error: '' }), unavailable],
  ['a blank error in a list', wrapped([{ error: '' }]), unavailable],
  ['an error that is null', wrapped({ error: null }), unavailable],
  ['an error that is a row', wrapped({ error: { text: canary } }), unavailable],
  ['an error of any text', wrapped({ error: `${canary} broke` }), unavailable],
  ['an error at the root', json({ error: `${canary} broke` }), unavailable],
  ['something else not found', wrapped({ error: `Server ${canary} not found` }), unavailable],
  ['a table that does not exist', wrapped({ error: `Table ${canary} does not exist` }), unavailable],
  ['a lost connection', wrapped({ error: `Lost connection to ${canary}` }), timeout],
  ['TIMEOUT', json({ state: 'TIMEOUT' }), timeout],
  [
    'TIMEOUT with a text of no input',
    json({ state: 'TIMEOUT', status: `Task ${canary} timed out: missing heartbeat` }),
    timeout,
  ],
  [
    'TIMEOUT with a text about the input',
    json({ state: 'TIMEOUT', status: `At least one update field must be provided, ${canary}.` }),
    badInput,
  ],
  ...['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'REVOKED'].flatMap((state): Shape[] => [
    [state, json({ state, status: canary }), unavailable],
    [`${state} with no rows`, json({ state, result: [] }), unavailable],
  ]),
  ['FAILURE', json({ state: 'FAILURE', result: `KeyError('${canary}')` }), unavailable],
  [
    'FAILURE with a text of nothing found',
    json({ state: 'FAILURE', result: { error: notFound } }),
    unavailable,
  ],
  ['the id of a task', json({ task_id: canary }), unavailable],
  ['401 for the token', json({ msg: canary }, 401), authFailed],
  ['422 for the token', json({ msg: canary }, 422), authFailed],
  ['200 for the token', json({ msg: canary }), authFailed],
  ['422', json({ message: canary }, 422), badInput],
  [
    '404 of a route',
    json({ message: `The requested URL ${canary} was not found on the server.` }, 404),
    badResponse,
  ],
  ['no result', json({ state: 'SUCCESS' }), badResponse],
  ['a result that is null', wrapped(null), badResponse],
  ['a result without content', wrapped({}), badResponse],
  ['a result within it that is null', wrapped({ result: null }), badResponse],
  ['a denial', wrapped({ success: false, message: canary }), rejected],
];

const exceptionTrace = {
  exception: `Illuminate\\Database\\${canary}`,
  file: `/var/www/${canary}/Order.php`,
  line: 12,
  trace: [{ file: `/var/www/${canary}/Kernel.php`, function: canary, class: `App\\Http\\${canary}` }],
};

const recoveryConnectShapes: Shape[] = [
  ...anyShapes,
  ['no rows', json({ data: [] }), 'nothing'],
  [
    'no rows on a page',
    json({
      data: [],
      links: { first: canary },
      meta: { current_page: 1, last_page: 1, per_page: '20', total: 0, fixme: canary },
    }),
    'nothing',
  ],
  [
    'no rows on a bare page',
    json({ current_page: 1, data: [], last_page: 1, per_page: 20, total: 0 }),
    'nothing',
  ],
  ['404 for a record', json({ message: `No query results for model [App\\${canary}] 20` }, 404), 'nothing'],
  [
    '404 for a record, with its exception',
    json({ message: `No query results for model [App\\${canary}].`, ...exceptionTrace }, 404),
    'nothing',
  ],
  ['404 for a route', json({ message: `The route ${canary} could not be found.` }, 404), badResponse],
  ['404 without a word', json({ message: '' }, 404), badResponse],
  ['404 in other words', json({ message: `Order ${canary} not found` }, 404), badResponse],
  ['400', json({ message: canary }, 400), badInput],
  ['401', json({ message: `Unauthenticated. ${canary}` }, 401), authFailed],
  ['302 to the log-in page', html(302, { location: `https://example.com/login?${canary}` }), authFailed],
  ['403', json({ message: `This action is unauthorized. ${canary}` }, 403), rejected],
  [
    '405',
    json({ message: `The GET method is not supported: ${canary}.`, ...exceptionTrace }, 405),
    badResponse,
  ],
  [
    '422',
    json(
      { message: 'The given data was invalid.', errors: { [`ids.${canary}`]: [`${canary} is required.`] } },
      422,
    ),
    badInput,
  ],
  ['500', json({ message: 'Server Error' }, 500), unavailable],
  [
    '500 with its exception',
    json({ message: `SQLSTATE[42S02]: ${canary}`, ...exceptionTrace }, 500),
    unavailable,
  ],
  [
    '500 of a record that is not there',
    json({ message: `No query results for model [App\\${canary}] 20`, ...exceptionTrace }, 500),
    unavailable,
  ],
  ['503', json({ message: `Service Unavailable ${canary}` }, 503), unavailable],
  ['504', json({ message: canary }, 504), timeout],
  [
    'the status "error"',
    json({ status: 'error', data: [], message: canary, warnings: [canary] }),
    unavailable,
  ],
  ['the status "error" without data', json({ status: 'error', message: canary }), unavailable],
  [
    'the status "fail" beside rows',
    (success) => json({ ...(success as object), status: 'fail', warnings: [canary] }),
    unavailable,
  ],
  ['the status false', json({ status: false, data: null }), unavailable],
  ['a status that nobody knows', json({ status: canary, data: [] }), badResponse],
  ['a denial', json({ data: { success: false } }), unavailable],
  ['a message alone', json({ message: canary }), badResponse],
  ['data that is a text', json({ data: canary }), badResponse],
  ['data without content', json({ data: {} }), badResponse],
  ['rows that are none, with warnings', json({ data: [{ text: canary }], warnings: [canary] }), badResponse],
];

const shapesOf = ({ operation }: Route): Shape[] => {
  const { system, nothing } = endpointOf(operation);
  const shapes = system === 'SCOLLECT' ? scollectShapesOf(operation) : recoveryConnectShapes;
  return nothing === 'NO_ROWS' ? [...shapes, ...listShapes] : shapes;
};

/** The first way to a read meets every form, the others one for each thing that a form can mean. */
/** RecoveryConnect's null in place of its payload: no record where one was read, and no list where a list was. */
const noData = ({ operation }: Route): Shape[] => {
  const { system, nothing } = endpointOf(operation);
  if (system !== 'RECOVERY_CONNECT') return [];
  const outcome = nothing === 'NO_ROWS' ? badResponse : 'nothing';
  return [['no data', json({ data: null, status: 'success' }), outcome]];
};

const formsFor = (route: Route): Shape[] => {
  const shapes = [...noData(route), ...shapesOf(route)];
  if (mainRoutes.includes(route)) return shapes;
  return [...new Map(shapes.map((shape) => [shape[2], shape] as const)).values()];
};

/** What takes as long as the gateway waits. */
const slowShapes: Shape[] = [
  ['silence', 'silence', timeout],
  [
    'an answer that stops within',
    (success) => ({
      html: JSON.stringify(success).slice(0, -9),
      headers: { ...asJson, 'content-length': '999999' },
    }),
    timeout,
  ],
];

type Row = Readonly<Record<string, unknown>>;

/** Batch reads give what they are asked for, and in part, so that an order's own call has something to tell. */
const byIds =
  (operation: string) =>
  ({ query }: Received): unknown => {
    const success = documented(operation) as { readonly data: readonly Row[] };
    const { company_orderno: _, ...row } = success.data[0] ?? {};
    if (query['ids']) return { data: query['ids'].split(',').map((id) => ({ ...row, id: Number(id) })) };
    const { client_id, acct_no } = query;
    if (client_id === undefined && acct_no === undefined) return success;
    // One row a page.
    const page = Number(query['page']);
    return {
      data: [{ ...row, id: page, client_accountno: acct_no }],
      meta: { current_page: page, last_page: 2, per_page: '1', total: 2 },
    };
  };

/** What the operations answer beyond the documents, so that every way to a read has something to find. */
const usual: Readonly<Record<string, (request: Received) => unknown>> = {
  filterOrders: byIds('filterOrders'),
  filterAssignments: byIds('filterAssignments'),
  getaccount: ({ path }) => {
    const { result, ...rest } = documented('getaccount') as { readonly result: readonly Row[] };
    return { ...rest, result: [{ ...result[0], filenumber: path.split('/').at(-1) }] };
  },
  getBorrowerPhone: () => {
    const { data, ...rest } = documented('getBorrowerPhone') as { readonly data: Row };
    return { ...rest, data: { ...data, address_with_number: '1 Main St' } };
  },
};

const successOf = (operation: string, request: Received): unknown =>
  forRequest(operation, request, usual[operation]?.(request) ?? documented(operation));

interface Switch {
  /** What the route's own requests are answered; what the documents say where there is none. */
  answer: Served | undefined;
  /** How many of them there were. */
  calls: number;
}

const startSystem = (system: UpstreamSystem, route: Route, served: Switch): Promise<LocalUpstream> => {
  const { operation, at } = route;
  const switchable = (request: Received): Answer => {
    const success = successOf(operation, request);
    const { path, query, body } = request;
    if (!JSON.stringify([path, query, body]).includes(at)) return json(success);
    served.calls += 1;
    if (typeof served.answer !== 'function') return served.answer ?? json(success);
    return served.answer(success, served.calls);
  };
  const own = endpointOf(operation).system === system ? { [operation]: switchable } : {};
  const others = Object.keys(usual).map((name) => [
    name,
    (request: Received) => json(successOf(name, request)),
  ]);
  return startCorpusUpstream(folders[system], { ...Object.fromEntries(others), ...own });
};

const start = async (route: Route, timeoutMs = 5000) => {
  const served: Switch = { answer: undefined, calls: 0 };
  const error = vi.fn();
  // Too little for the pauses that the upstream asks for.
  const requestTimeoutMs = 6000;
  const scollect = await startSystem('SCOLLECT', route, served);
  const recoveryConnect = await startSystem('RECOVERY_CONNECT', route, served);
  const { query } = await startGateway({
    scollect,
    recoveryConnect,
    log: errorLog(error),
    timeoutMs,
    requestTimeoutMs,
  });
  const logIns = () =>
    [...scollect.received, ...recoveryConnect.received].filter(
      ({ path }) => path === '/login' || path.endsWith('/auth'),
    ).length;
  const ask = async (answer?: Served) => {
    Object.assign(served, { answer, calls: 0 });
    const before = logIns();
    const reply = await query(route.document);
    return { reply, calls: served.calls, logIns: logIns() - before };
  };
  return { ask, error };
};

/** Fields are resolved in no certain order. */
const sorted = ({ errors, ...reply }: Reply): object =>
  errors ? { ...reply, errors: [...errors].sort((a, b) => `${a.path}`.localeCompare(`${b.path}`)) } : reply;

/** What a query has to answer when its field's read is answered in this form. */
const expected = (route: Route, whole: unknown, outcome: Shape[2]) => {
  const { operation, paths, nothing, incomplete = (value) => value, isOneRow = false } = route;
  if (outcome === 'whole') return { status: 200, data: whole };
  const { system, method, path: template } = endpointOf(operation);
  if (outcome === 'incomplete') {
    const message = 'Some rows are incomplete and are not included.';
    const warnings = [{ upstream: system, operation, message }];
    const data = paths.reduce(
      (answer, path) => withValueAt(answer, path, incomplete(valueAt(answer, path) as object)),
      whole,
    );
    return { status: 200, data, ...(!isOneRow && { extensions: { warnings } }) };
  }
  const value = outcome === 'nothing' ? nothing : null;
  const data = paths.reduce((answer, path) => withValueAt(answer, path, value), whole);
  if (outcome === 'nothing') return { status: 200, data };
  const { says, ...extensions } = outcome;
  const errors = paths.map((path) => ({
    message: `${systemNames[system]} ${says} (${method} ${template}).`,
    path,
    locations: [expect.anything()],
    extensions: { upstream: system, operation, ...extensions },
  }));
  return sorted({ status: 200, data, errors });
};

/** How much may be asked for a read and its tries. */
const mostCalls = (outcome: Shape[2]): { readonly calls: number; readonly logIns: number } => {
  // For a refused token the gateway logs in again and asks once more, unless that was in vain of late.
  if (outcome === authFailed || outcome === 'whole' || outcome === 'incomplete')
    return { calls: 2, logIns: 1 };
  const isPassing = typeof outcome === 'object' && outcome.retryable;
  return { calls: isPassing ? 3 : 1, logIns: 0 };
};

type Started = Awaited<ReturnType<typeof start>>;

/** Asks for a field while its read is answered in this form, and tells of all that is not as it has to be. */
const check = async (
  route: Route,
  [name, answer, outcome]: Shape,
  { ask, error }: Started,
  whole: unknown,
): Promise<void> => {
  const found = await ask(answer);
  const cell = `${route.field} by ${route.operation}, answered with ${name}`;
  expect.soft(sorted(found.reply), cell).toEqual(expected(route, whole, outcome));
  const { calls, logIns } = mostCalls(outcome);
  expect.soft(found.calls, `${cell}: calls`).toBeGreaterThanOrEqual(1);
  expect.soft(found.calls, `${cell}: calls`).toBeLessThanOrEqual(calls);
  expect.soft(found.logIns, `${cell}: log-ins`).toBeLessThanOrEqual(logIns);
  expect.soft(JSON.stringify(found.reply), `${cell}: text of the upstream`).not.toMatch(leak);
  expect.soft(error.mock.calls, `${cell}: unforeseen`).toEqual([]);
};

/** What the query answers while nothing fails: all of it has to be there, or no loss could show. */
const askWhole = async (route: Route, { ask }: Started): Promise<unknown> => {
  const { reply, calls } = await ask();
  expect(reply, route.document).toEqual({ status: 200, data: expect.anything() });
  expect(calls, route.document).toBe(1);
  for (const path of route.paths) {
    expect(valueAt(reply.data, path), route.document).not.toBeNull();
    expect(valueAt(reply.data, path), route.document).not.toEqual(route.nothing);
  }
  return reply.data;
};

const named = routes.map((route) => [route.field, route.operation, route] as const);

describe.each(named)('%s by %s', (_, __, route) => {
  it('tells nothing found from a failure, whichever form it has, and leaves its neighbours whole', async () => {
    const started = await start(route);
    const whole = await askWhole(route, started);
    // While a log-in that was in vain is held off, a token that would be good is not asked for.
    const shapes = formsFor(route).sort(
      ([, , one], [, , other]) => Number(other === 'whole') - Number(one === 'whole'),
    );
    for (const shape of shapes) await check(route, shape, started, whole);
  }, 30_000);
});

const otherKey: Failure = {
  code: 'UPSTREAM_BAD_RESPONSE',
  says: 'returned another key than the requested one',
  retryable: false,
};

/** Keys of other records, as a text, a number and an SSN. */
const foreignKey = ({ read }: ResponseKey): unknown => {
  if (read === asNumber) return 700_000_001;
  return read === asWholeSsn ? '123-45-6789' : canary;
};

/** The requests that name a key which the rows repeat: a search names none, and no card is looked for here. */
const keysOf = ({ operation, at }: Route): ResponseKey[] => {
  const isSearch = operation === 'filterOrders' && at !== '"ids"';
  const keys = isSearch ? [] : (endpointOf(operation).answersFor ?? []);
  return keys.filter(({ requested }) => requested !== 'last4Card');
};

const foreignShapes = (route: Route): Shape[] =>
  keysOf(route).flatMap((key): Shape[] => {
    const named = `another key as ${pathOf(key).join('.')}`;
    const foreign = (row: unknown) => setAt(row, pathOf(key), foreignKey(key));
    // One row of a portfolio is given out as soon as it has come, whatever stands behind it.
    const isList = endpointOf(route.operation).nothing === 'NO_ROWS' && mainRoutes.includes(route);
    const among: Shape = [
      `one row among others with ${named}`,
      (success) => json(withRows(success, (rows) => [...rows, foreign(rows[0])])),
      // In a batch each row answers for itself, and here all that was asked for is answered.
      key.isBatch ? 'whole' : otherKey,
    ];
    return [
      [`rows with ${named}`, (success) => json(withRows(success, (rows) => rows.map(foreign))), otherKey],
      ...(isList ? [among] : []),
    ];
  });

const keyedRoutes = routes.filter((route) => keysOf(route).length > 0);

describe.each(keyedRoutes.map((route) => [route.field, route.operation, route] as const))(
  '%s by %s, answered for another key',
  (_, __, route) => {
    it('fails at its path, shows nothing of it, and keeps nothing of it', async () => {
      const started = await start(route);
      const whole = await askWhole(route, started);
      for (const shape of foreignShapes(route)) {
        await check(route, shape, started, whole);
        expect(await askWhole(route, started), shape[0]).toEqual(whole);
      }
    });
  },
);

describe('a read that is not answered in time', () => {
  it('is an error at its path, and the rest of the answer stands', async () => {
    const waiting = mainRoutes.flatMap((route) => slowShapes.map((shape) => ({ route, shape })));
    // Some at a time, so that the neighbours have time enough.
    const some = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { route, shape } = next;
        const started = await start(route, 1500);
        await check(route, shape, started, await askWhole(route, started));
      }
    };
    await Promise.all(Array.from({ length: 25 }, some));
  }, 30_000);
});

describe('what is documented as a failure of a read', () => {
  it.each(documentedFailures)('of $operation has its documented meaning', async ({ operation, body }) => {
    const own = routes.filter((route) => route.operation === operation);
    expect(own).not.toEqual([]);
    for (const route of own) {
      const started = await start(route);
      const shape: Shape = [
        `the documented ${JSON.stringify(body)}`,
        json(body),
        documentedMeaning(body, operation),
      ];
      await check(route, shape, started, await askWhole(route, started));
    }
  });
});

describe('these tables', () => {
  it('have a row for every read that the schema makes', () => {
    // Of the two ways to list orders, the schema takes the one with a search.
    const unused = ['listOrders'];
    const reached = new Set(mainRoutes.map(({ operation }) => operation));
    expect([...reached, ...unused].sort()).toEqual(reads.map(({ operation }) => operation).sort());
  });

  it('are as long as they were', () => {
    expect(mainRoutes.length).toBeGreaterThanOrEqual(25);
    expect(furtherRoutes.length).toBeGreaterThanOrEqual(24);
    expect(scollectShapesOf('getaccount').length).toBeGreaterThanOrEqual(118);
    expect(recoveryConnectShapes.length).toBeGreaterThanOrEqual(63);
    expect(routes.flatMap(formsFor).length).toBeGreaterThanOrEqual(2658);
    expect(mainRoutes.length * slowShapes.length).toBeGreaterThanOrEqual(50);
    expect(documentedFailures.length).toBeGreaterThanOrEqual(12);
    expect(keyedRoutes.length).toBeGreaterThanOrEqual(39);
  });
});
