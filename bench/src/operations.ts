import type { Row } from './wire.ts';
import { accountOf, accountsFound, chargeRow, paymentsOf, phonesOf, portfolioRowAt } from './wire.ts';

/** What is asked for; the key is a file number, a phone number, or the name of a portfolio. */
export type Operation = 'account' | 'accountsOfPhone' | 'portfolioPage' | 'note' | 'payment';

const onlyRead = 'it was set up for reads alone.';

/** Operations that servers lack which only read. */
export const noWrites = { note: onlyRead, payment: onlyRead } as const;

/** How large a page of the portfolio is. */
export const pageSize = 50;

/** How a kind of server is asked, and what it has to answer. */
export interface Dialect {
  /** The documents, each with one variable: `$key`. */
  readonly documents: Readonly<Record<Operation, string>>;
  /** The data that are expected for a key. */
  expected(operation: Operation, key: string): unknown;
}

/** Fields of an account by their names here, and the columns that they are read from: values that need no change. */
const accountFields = {
  fileNumber: 'filenumber',
  status: 'statusname',
  client: 'clientname',
  originalCreditor: 'originalcreditor',
  currentBalance: 'currentbalance',
  originalBalance: 'originalbalance',
  principal: 'principal',
  originalPrincipal: 'originalprincipal',
  accruedInterest: 'accruedinterest',
  adjustments: 'adjustments',
  assignedTo: 'assignedto',
  collectorName: 'collectorname',
  closedDate: 'dateclosed',
} as const;

const foundFields = { fileNumber: 'filenumber' } as const;
const listedFields = {
  fileNumber: 'lotno',
  client: 'creditor',
  originalCreditor: 'Originator',
  currentBalance: 'Current UPB',
} as const;
const borrowerFields = { firstName: 'firstname', lastName: 'lastname' } as const;
const phoneFields = { rawNumber: 'phonenumber', status: 'phonestatus', type: 'phonetype' } as const;
const paymentFields = { amount: 'paymentamount', type: 'typeofpayment', portfolio: 'portfolio' } as const;

const pick = (fields: Readonly<Record<string, string>>, row: Row): Row =>
  Object.fromEntries(Object.entries(fields).map(([name, column]) => [name, row[column]]));

const names = (fields: object): string => Object.keys(fields).join(' ');

const lists = `phones { ${names(phoneFields)} } payments { edges { node { ${names(paymentFields)} } } }`;
const borrower = `borrower { ${names(borrowerFields)} }`;

/** An account with nothing but what its row tells. */
const bareAccount = (fields: Readonly<Record<string, string>>, row: Row): Row => ({
  ...pick(fields, row),
  borrower: pick(borrowerFields, row),
});

interface Lists {
  readonly phones: readonly Row[];
  readonly payments: readonly Row[];
}

const withLists = (fields: Readonly<Record<string, string>>, row: Row, { phones, payments }: Lists): Row => ({
  ...bareAccount(fields, row),
  phones: phones.map((phone) => pick(phoneFields, phone)),
  payments: { edges: payments.map((payment) => ({ node: pick(paymentFields, payment) })) },
});

export const accountAnswer = (row: Row, own: Lists): unknown => ({
  account: withLists(accountFields, row, own),
});

export const accountsAnswer = (rows: readonly Row[], own: readonly Lists[]): unknown => ({
  accountsByPhone: rows.map((row, index) =>
    withLists(foundFields, row, own[index] ?? { phones: [], payments: [] }),
  ),
});

/** Stands for any cursor: those of Recollect are made with a key of the gateway. */
const cursor = 'cursor';

/** Reads an answer, in which every cursor is the same, so that answers can be compared whole. */
export const readAnswer = (text: string): unknown =>
  JSON.parse(text, (name, value: unknown) => (name === 'endCursor' && value ? cursor : value));

export const pageAnswer = (rows: readonly Row[]): unknown => ({
  portfolio: {
    accounts: {
      edges: rows.map((row) => ({ node: bareAccount(listedFields, row) })),
      pageInfo: { hasNextPage: true, endCursor: cursor },
    },
  },
});

const approval = { result: chargeRow.result, approvalCode: chargeRow.approvalcode } as const;

/** Payments are for today: a date in the past is rejected. */
const today = (): string => new Date().toISOString().slice(0, 10);

const ownOf = (fileNumber: string): Lists => ({
  phones: phonesOf(fileNumber),
  payments: paymentsOf(fileNumber),
});

const expectations: Readonly<Record<Operation, (key: string) => unknown>> = {
  account: (key) => accountAnswer(accountOf(key), ownOf(key)),
  accountsOfPhone: (key) => {
    const rows = accountsFound(key.slice(-4));
    return accountsAnswer(
      rows,
      rows.map((row) => ownOf(String(row['filenumber']))),
    );
  },
  portfolioPage: () => pageAnswer(Array.from({ length: pageSize }, (_, index) => portfolioRowAt(index))),
  note: () => ({ addNote: { __typename: 'AddNoteSuccess' } }),
  payment: () => ({ runPayment: { __typename: 'RunPaymentSuccess', ...approval } }),
};

/** As Recollect is asked; servers whose schema is written by hand take the same documents. */
export const recollectDialect: Dialect = {
  documents: {
    account: `query Account($key: String!) { account(fileNumber: $key) { ${names(accountFields)} ${borrower} ${lists} } }`,
    accountsOfPhone: `query AccountsOfPhone($key: PhoneNumber!) { accountsByPhone(number: $key) { ${names(foundFields)} ${borrower} ${lists} } }`,
    portfolioPage: `query PortfolioPage($key: String!) { portfolio(name: $key) { accounts(first: ${pageSize}) { edges { node { ${names(listedFields)} ${borrower} } } pageInfo { hasNextPage endCursor } } } }`,
    note: 'mutation Note($key: String!) { addNote(input: { fileNumber: $key, collectorName: "bench", body: "Called, no answer" }) { __typename } }',
    payment: `mutation Payment($key: String!) { runPayment(input: { fileNumber: $key, amount: "25.00", paymentDate: "${today()}", idempotencyKey: $key }) { __typename ... on RunPaymentSuccess { result approvalCode } } }`,
  },
  expected: (operation, key) => expectations[operation](key),
};

// Gateways that are set up by a mapping alone: their schema is the upstream's, and the document gives the names.

const aliased = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, column]) => `${name}: ${column}`)
    .join(' ');

const mappedLists = `phones { result { ${aliased(phoneFields)} } } payments { result { ${aliased(paymentFields)} } }`;

const mappedDocument = (fields: Readonly<Record<string, string>>): string =>
  `${aliased({ ...fields, ...borrowerFields })} ${mappedLists}`;

const mapped = (fields: Readonly<Record<string, string>>, row: Row): Row => {
  const { phones, payments } = ownOf(String(row['filenumber']));
  return {
    ...pick({ ...fields, ...borrowerFields }, row),
    phones: { result: phones.map((phone) => pick(phoneFields, phone)) },
    payments: { result: payments.map((payment) => pick(paymentFields, payment)) },
  };
};

const mappedExpectations: Readonly<Record<Operation, (key: string) => unknown>> = {
  account: (key) => ({ account: { result: [mapped(accountFields, accountOf(key))] } }),
  accountsOfPhone: (key) => ({
    accountsByPhone: {
      result: { success: accountsFound(key.slice(-4)).map((row) => mapped(foundFields, row)) },
    },
  }),
  portfolioPage: () => undefined,
  note: () => undefined,
  payment: () => undefined,
};

/** As gateways are asked that are set up by a mapping: the same data, in the forms of the upstream. */
export const mappedDialect: Dialect = {
  documents: {
    account: `query Account($key: String!) { account: getaccount(filenumber: $key) { result { ${mappedDocument(accountFields)} } } }`,
    accountsOfPhone: `query AccountsOfPhone($key: String!) { accountsByPhone: searchbyphone(input: { PhoneNumber: $key }) { result { success { ${mappedDocument(foundFields)} } } } }`,
    portfolioPage: '',
    note: '',
    payment: '',
  },
  expected: (operation, key) => mappedExpectations[operation](key),
};
