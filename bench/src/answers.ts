import { borrowerPhones } from './recovery-connect.ts';
import { chargeRow, phonesIn, type Row } from './wire.ts';

// What is answered for rows of the upstream: by the baseline, and as it is expected of all servers.

type Fields = Readonly<Record<string, string>>;

/** Fields of an account by their names here, and the columns that they are read from: values that need no change. */
export const accountFields = {
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

export const foundFields = { fileNumber: 'filenumber' } as const;
export const listedFields = {
  fileNumber: 'lotno',
  client: 'creditor',
  originalCreditor: 'Originator',
  currentBalance: 'Current UPB',
} as const;
export const borrowerFields = { firstName: 'firstname', lastName: 'lastname' } as const;
export const phoneFields = { rawNumber: 'phonenumber', status: 'phonestatus', type: 'phonetype' } as const;
export const paymentFields = {
  amount: 'paymentamount',
  type: 'typeofpayment',
  portfolio: 'portfolio',
} as const;

export const orderFields = {
  clientAccountNumber: 'client_accountno',
  otherReferenceNumber: 'other_refno',
  orderType: 'order_type',
} as const;
export const orderBorrowerFields = { role: 'role', firstName: 'firstname', lastName: 'lastname' } as const;
export const orderPhoneFields = { rawNumber: 'number' } as const;

/** How large a page of the portfolio is, and a large one: the largest that Recollect returns. */
export const pageSize = 50;
export const largePageSize = 500;

export const pick = (fields: Fields, row: Row): Row =>
  Object.fromEntries(Object.entries(fields).map(([name, column]) => [name, row[column]]));

/** An account with nothing but what its row contains. */
const bareAccount = (fields: Fields, row: Row): Row => ({
  ...pick(fields, row),
  borrower: pick(borrowerFields, row),
});

/** The lists of an account; `null` for one that could not be read. */
export interface Lists {
  readonly phones: readonly Row[] | null;
  readonly payments: readonly Row[] | null;
}

const withLists = (fields: Fields, row: Row, { phones, payments }: Lists): Row => ({
  ...bareAccount(fields, row),
  phones: phones === null ? null : phones.map((phone) => pick(phoneFields, phone)),
  payments:
    payments === null ? null : { edges: payments.map((payment) => ({ node: pick(paymentFields, payment) })) },
});

/** @param row `null` where it could not be read. */
export const accountAnswer = (row: Row | null, own: Lists): unknown => ({
  account: row && withLists(accountFields, row, own),
});

export const accountsAnswer = (rows: readonly Row[], own: readonly Lists[]): unknown => ({
  accountsByPhone: rows.map((row, index) =>
    withLists(foundFields, row, own[index] ?? { phones: [], payments: [] }),
  ),
});

// Cursors and ids of Recollect are made with a key of the gateway, or of other parts.
const opaque: Readonly<Record<string, string>> = { endCursor: 'cursor', id: 'id' };

/**
 * Reads an answer, in which all cursors are the same, and all ids, so that answers can be compared whole. Errors have no
 * locations in the document.
 */
export const readAnswer = (text: string): unknown =>
  JSON.parse(text, (name, value: unknown) => {
    if (name === 'locations') return undefined;
    return value ? (opaque[name] ?? value) : value;
  });

const portfolioAnswer = (nodes: readonly Row[]): unknown => ({
  portfolio: {
    accounts: {
      edges: nodes.map((node) => ({ node })),
      pageInfo: { hasNextPage: true, endCursor: opaque['endCursor'] },
    },
  },
});

export const pageAnswer = (rows: readonly Row[]): unknown =>
  portfolioAnswer(rows.map((row) => bareAccount(listedFields, row)));

/** North American numbers of ten digits, as all of the stub are. */
const e164 = (number: string): string => `+1${number.replaceAll('-', '')}`;

export const largePageAnswer = (rows: readonly Row[]): unknown =>
  portfolioAnswer(
    rows.map((row) => ({
      ...bareAccount(listedFields, row),
      phones: phonesIn(row).map(({ number, status }) => ({ id: opaque['id'], number: e164(number), status })),
    })),
  );

/** An order, its borrowers, and the phones of each of them, in the same sequence. */
export interface OrderRows {
  readonly order: Row;
  readonly borrowers: readonly Row[];
  readonly phones: readonly (readonly Row[])[];
}

export const ordersAnswer = (orders: readonly OrderRows[]): unknown =>
  Object.fromEntries(
    orders.map(({ order, borrowers, phones }, index) => [
      `order${index + 1}`,
      {
        orderId: String(order['id']),
        ...pick(orderFields, order),
        borrowers: borrowers.map((row, place) => ({
          ...pick(orderBorrowerFields, row),
          phones: (phones[place] ?? []).map((phone) => pick(orderPhoneFields, phone)),
        })),
      },
    ]),
  );

/** The rows of an order with the phones that all borrowers of the stub have. */
export const withPhones = (order: Row, borrowers: readonly Row[]): OrderRows => ({
  order,
  borrowers,
  phones: borrowers.map(() => borrowerPhones),
});

export const noteAnswer: unknown = { addNote: { __typename: 'AddNoteSuccess' } };

export const paymentAnswer: unknown = {
  runPayment: {
    __typename: 'RunPaymentSuccess',
    result: chargeRow.result,
    approvalCode: chargeRow.approvalcode,
  },
};
