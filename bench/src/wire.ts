import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';
import { hole } from './template.ts';

/** A row as Scollect writes it. */
export type Row = Readonly<Record<string, unknown>>;

/** The documented answer to an operation. */
const documented = (operation: string): unknown => {
  const file = join(root, 'src/sandbox/fixtures/scollect', `${operation}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { success: { result: unknown } }).success.result;
};

const rowsOf = (operation: string): Row[] => documented(operation) as Row[];

const owned = (rows: readonly Row[], fileNumber: string): Row[] =>
  rows.map((row) => ({ ...row, filenumber: fileNumber }));

const accountRows = rowsOf('getaccount');
const phoneRows = rowsOf('getphones');
const paymentRows = rowsOf('getpayments');
const [foundRow = {}] = (documented('searchbyphone') as { success: Row[] }).success;
const [portfolioRow] = rowsOf('get_accounts_in_portfolio');
const listedPortfolios = rowsOf('getportfoliolist');

export const portfolioSize = 10_000;
/** Enough that none is asked for again while Recollect might still hold it: half a minute. */
const portfolioDigits = 4;
/** How many of them are listed: as many as an agency has. */
const listedSize = 200;

/** The names of portfolios, one for each number; all of them are equally long. */
export const portfolioName = (number: number): string =>
  `BENCH ${String(number % 10 ** portfolioDigits).padStart(portfolioDigits, '0')}`;

/** How many accounts a phone number is kept for. */
export const foundSize = 50;

// Agencies fill the custom columns: with these a row has the size of those that are known.
const filler = 'As agreed with the client on the telephone, see the letter of it';

/** Fills columns from `custom10` on. */
const filled = (row: Row | undefined, count: number): Row => ({
  ...row,
  ...Object.fromEntries(Array.from({ length: count }, (_, index) => [`custom${index + 10}`, filler])),
});

// A date in a form that every server can hand on as it is.
const account: Row = { ...filled(accountRows[0], 50), dateclosed: '2024-02-20' };

export const accountOf = (fileNumber: string): Row => ({ ...account, filenumber: fileNumber });
export const phonesOf = (fileNumber: string): Row[] => owned(phoneRows, fileNumber);
export const paymentsOf = (fileNumber: string): Row[] => owned(paymentRows, fileNumber);

/** The accounts of a phone number, told from each other by its last four digits and their place. */
export const accountsFound = (lastFour: string): Row[] =>
  Array.from({ length: foundSize }, (_, index) => ({
    ...foundRow,
    filenumber: `C${lastFour}${String(index).padStart(2, '0')}`,
  }));

const listedRow = filled(portfolioRow, 37);

export const portfolioRowAt = (index: number): Row => ({
  ...listedRow,
  // One body is the answer for every portfolio: its rows name none.
  lot_group: ' '.repeat(portfolioName(0).length),
  lotno: `P${String(index).padStart(6, '0')}`,
});

/** A phone in a row of a portfolio. */
export interface ListedPhone {
  readonly number: string;
  readonly status: unknown;
}

/** How many columns a row of a portfolio has for phones. */
const phoneColumns = 15;

/** The phones in a row of a portfolio. */
export const phonesIn = (row: Row): ListedPhone[] => {
  const phones: ListedPhone[] = [];
  for (let place = 1; place <= phoneColumns; place += 1) {
    const number = row[`phone${place}`];
    if (typeof number === 'string' && number !== '') {
      phones.push({ number, status: row[`phonestatus${place}`] });
    }
  }
  return phones;
};

/** The number of a portfolio by a text that has its name; `undefined` where it has none. */
export const portfolioNumberIn = (text: string): number | undefined => {
  const digits = /BENCH (\d+)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** The portfolios around the one that was asked for last: the next to be asked for are among them. */
export const portfolioList = (last: number): readonly Row[] => [
  ...listedPortfolios,
  ...Array.from({ length: listedSize }, (_, index) => ({
    client: 'C2C',
    dateplaced: 'Thu, 01 Dec 2022 00:00:00 GMT',
    id: 1000 + index,
    portfolio: portfolioName(10 ** portfolioDigits + last + index - listedSize / 2),
  })),
];

/** The response to a charge. */
export const chargeRow = { result: 'APPROVED', approvalcode: 'A77104', error: '' } as const;

const success = (result: unknown): string => JSON.stringify({ result, state: 'SUCCESS' });

/** The bodies of answers, with a hole for the key. */
export const bodies = {
  getaccount: success([accountOf(hole)]),
  getphones: success(phonesOf(hole)),
  getpayments: success(paymentsOf(hole)),
  searchbyphone: success({ success: accountsFound(hole) }),
  InsertNoteline: success(documented('InsertNoteline')),
  run_payment_external: JSON.stringify(chargeRow),
} as const;

/** The list of portfolios when one of a number was asked for last. */
export const portfolioListBody = (last: number): string => success(portfolioList(last));

/** A whole portfolio, as bytes: whichever it is, its rows are the same. */
export const portfolioBody = (): Buffer => {
  const rows = Array.from({ length: portfolioSize }, (_, index) => JSON.stringify(portfolioRowAt(index)));
  return Buffer.from(`{"result":[${rows.join(',')}],"state":"SUCCESS"}`);
};
