import { z } from 'zod';
import { toPastDate } from '../../values/date.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, rows, scollectRead } from '../endpoint/endpoint.ts';
import { asText } from '../endpoint/response-keys.ts';

export const getportfoliolist = scollectRead({
  operation: 'getportfoliolist',
  method: 'GET',
  path: '/getportfoliolist',
  key: {},
  columns: () => portfolioColumns,
  reply: rows({ id: identifier, portfolio: identifier }),
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

/** A whole portfolio without paging; each row contains up to fifteen phones of the account. */
export const get_accounts_in_portfolio = {
  ...scollectRead({
    operation: 'get_accounts_in_portfolio',
    method: 'POST',
    path: '/get_accounts_in_portfolio',
    request: z.strictObject({ portfolio: z.string() }),
    reply: rows({ lotno: identifier }),
    answersFor: [{ row: 'lot_group', requested: 'portfolio', read: asText }],
    nothing: 'NO_ROWS',
    caching: 'rows',
    isLarge: true,
  }),
  /** The file number, in the form in which all account rows are compared. */
  rowKey: { name: 'lotno', read: (lotno: unknown) => toText(lotno)?.toUpperCase() ?? null },
};

export const portfolioColumns = {
  portfolioId: column(toText, 'id'),
  name: column(toText, 'portfolio'),
  client: column(toText, 'client'),
  placedDate: column(toPastDate, 'dateplaced'),
  rawPlacedDate: column(toText, 'dateplaced'),
} as const;
