import {
  accountAnswer,
  accountFields,
  accountsAnswer,
  borrowerFields,
  foundFields,
  type Lists,
  largePageAnswer,
  largePageSize,
  listedFields,
  noteAnswer,
  orderBorrowerFields,
  orderFields,
  orderPhoneFields,
  ordersAnswer,
  pageAnswer,
  pageSize,
  paymentAnswer,
  paymentFields,
  phoneFields,
  withPhones,
} from './answers.ts';
import { type AccountCall, accountCalls, errorOf, failureOf } from './failures.ts';
import type { Answer, Dialect, Operation } from './operations.ts';
import { borrowersOf, orderRow, orderVariables } from './recovery-connect.ts';
import { hole } from './template.ts';
import { accountOf, accountsFound, paymentsOf, phonesOf, portfolioRowAt, type Row } from './wire.ts';

const names = (fields: object): string => Object.keys(fields).join(' ');

const lists = `phones { ${names(phoneFields)} } payments { edges { node { ${names(paymentFields)} } } }`;
const borrower = `borrower { ${names(borrowerFields)} }`;

const accountDocument = (name: string): string =>
  `query ${name}($key: String!) { account(fileNumber: $key) { ${names(accountFields)} ${borrower} ${lists} } }`;

const pageDocument = (name: string, size: number, more = ''): string =>
  `query ${name}($key: String!) { portfolio(name: $key) { accounts(first: ${size}) { edges { node { ${names(listedFields)} ${borrower}${more} } } pageInfo { hasNextPage endCursor } } } }`;

const orderVariableNames = Object.keys(orderVariables(''));
const orderFragment = `orderId ${names(orderFields)} borrowers { ${names(orderBorrowerFields)} phones { ${names(orderPhoneFields)} } }`;
const ordersDocument = `query Orders(${orderVariableNames.map((name) => `$${name}: ID!`).join(', ')}) { ${orderVariableNames.map((name, index) => `order${index + 1}: order(orderId: $${name}) { ...Parts }`).join(' ')} } fragment Parts on Order { ${orderFragment} }`;

/** The rows of an account and its lists. */
export const ownOf = (fileNumber: string) => ({
  phones: phonesOf(fileNumber),
  payments: paymentsOf(fileNumber),
});

const portfolioRows = (size: number): Row[] =>
  Array.from({ length: size }, (_, index) => portfolioRowAt(index));

/** An account without what could not be read, and an error for it. */
const failingAnswer = (key: string): Answer => {
  const own = ownOf(key);
  const read = <Value>(call: AccountCall, value: Value): Value | null =>
    failureOf(call, key) ? null : value;
  const ofLists: Lists = {
    phones: read('getphones', own.phones),
    payments: read('getpayments', own.payments),
  };
  const data = accountAnswer(read('getaccount', accountOf(key)), ofLists);
  const errors = accountCalls.flatMap((call) => {
    const failure = failureOf(call, key);
    return failure ? [errorOf(call, failure)] : [];
  });
  return errors.length === 0 ? { data } : { data, errors };
};

const expectations: Readonly<Record<Exclude<Operation, 'failing'>, (key: string) => unknown>> = {
  account: (key) => accountAnswer(accountOf(key), ownOf(key)),
  newDocument: (key) => accountAnswer(accountOf(key), ownOf(key)),
  accountsOfPhone: (key) => {
    const rows = accountsFound(key.slice(-4));
    return accountsAnswer(
      rows,
      rows.map((row) => ownOf(String(row['filenumber']))),
    );
  },
  portfolioPage: () => pageAnswer(portfolioRows(pageSize)),
  largePage: () => largePageAnswer(portfolioRows(largePageSize)),
  orders: (key) =>
    ordersAnswer(Object.values(orderVariables(key)).map((id) => withPhones(orderRow(id), borrowersOf(id)))),
  note: () => noteAnswer,
  payment: () => paymentAnswer,
};

/** As Recollect is asked; servers whose schema is written by hand take the same documents. */
export const recollectDialect: Dialect = {
  documents: {
    account: accountDocument('Account'),
    newDocument: accountDocument(`NewDocument_${hole}`),
    failing: accountDocument('Failing'),
    accountsOfPhone: `query AccountsOfPhone($key: PhoneNumber!) { accountsByPhone(number: $key) { ${names(foundFields)} ${borrower} ${lists} } }`,
    portfolioPage: pageDocument('PortfolioPage', pageSize),
    largePage: pageDocument('LargePage', largePageSize, ' phones { id number status }'),
    orders: ordersDocument,
    note: 'mutation Note($input: AddNoteInput!) { addNote(input: $input) { __typename } }',
    payment:
      'mutation Payment($input: RunPaymentInput!) { runPayment(input: $input) { __typename ... on RunPaymentSuccess { result approvalCode } } }',
  },
  expected: (operation, key) =>
    operation === 'failing' ? failingAnswer(key) : { data: expectations[operation](key) },
};
