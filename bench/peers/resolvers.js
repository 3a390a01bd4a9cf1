import { readFileSync } from 'node:fs';

/** What servers with a schema of their own serve, written by hand. */
export const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8');

/** A field that reads the first of the columns that is there. */
const column =
  (...names) =>
  (row) => {
    for (const name of names) if (row[name] !== undefined) return row[name];
    return null;
  };

/** The phones in a row of a portfolio; `undefined` in any other row. */
const phonesIn = (row) => {
  if (row.phone1 === undefined) return undefined;
  const phones = [];
  for (let place = 1; place <= 15; place += 1) {
    const phonenumber = row[`phone${place}`];
    if (!phonenumber) continue;
    phones.push({ filenumber: row.lotno, phonenumber, phonestatus: row[`phonestatus${place}`] });
  }
  return phones;
};

const pageOf = (rows, first) => ({
  edges: rows.slice(0, first).map((node) => ({ node })),
  pageInfo: {
    hasNextPage: rows.length > first,
    endCursor: Buffer.from(`${first - 1}:${rows[first - 1].lotno}`).toString('base64url'),
  },
});

/**
 * Resolvers over REST, each field its own call.
 *
 * They take `context.scollect`: a client with `account`, `accountsByPhone`, `phones`, `payments`, `portfolios` and
 * `accountsInPortfolio`, which give what stands in `result`.
 */
export const resolvers = {
  Query: {
    account: async (_, { fileNumber }, { scollect }) => (await scollect.account(fileNumber))[0],
    accountsByPhone: async (_, { number }, { scollect }) => (await scollect.accountsByPhone(number)).success,
    portfolio: async (_, { name }, { scollect }) =>
      (await scollect.portfolios()).find(({ portfolio }) => portfolio === name),
  },
  Account: {
    fileNumber: column('filenumber', 'lotno'),
    status: column('statusname'),
    client: column('clientname', 'creditor'),
    originalCreditor: column('originalcreditor', 'Originator'),
    currentBalance: column('currentbalance', 'Current UPB'),
    originalBalance: column('originalbalance'),
    originalPrincipal: column('originalprincipal'),
    accruedInterest: column('accruedinterest'),
    assignedTo: column('assignedto'),
    collectorName: column('collectorname'),
    closedDate: column('dateclosed'),
    borrower: (row) => row,
    phones: (row, _, { scollect }) => phonesIn(row) ?? scollect.phones(row.filenumber),
    payments: async ({ filenumber }, _, { scollect }) => ({
      edges: (await scollect.payments(filenumber)).map((node) => ({ node })),
    }),
  },
  Borrower: { firstName: column('firstname'), lastName: column('lastname') },
  Phone: {
    id: ({ filenumber, phonenumber }) => Buffer.from(`${filenumber}:${phonenumber}`).toString('base64url'),
    number: ({ phonenumber }) => `+1${phonenumber.replaceAll('-', '')}`,
    rawNumber: column('phonenumber'),
    status: column('phonestatus'),
    type: column('phonetype'),
  },
  Payment: { amount: column('paymentamount'), type: column('typeofpayment') },
  Portfolio: {
    accounts: async ({ portfolio }, { first }, { scollect }) =>
      pageOf(await scollect.accountsInPortfolio(portfolio), first),
  },
};
