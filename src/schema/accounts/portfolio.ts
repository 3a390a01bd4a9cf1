import { costing } from '../../operation/cost/field-cost.ts';
import { callsFor, named, once, oneOf, severalOf } from '../../operation/cost/things.ts';
import { prefetch, selectedNames, streamedAlone } from '../../operation/prefetch.ts';
import type { Context } from '../../request/context.ts';
import type { PortfolioReading } from '../../request/loaders.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import { BadResponseError } from '../../upstreams/errors.ts';
import { accountColumns, portfolioEntryColumns } from '../../upstreams/scollect/account-columns.ts';
import {
  get_accounts_in_portfolio,
  getportfoliolist,
  portfolioColumns,
} from '../../upstreams/scollect/portfolios.ts';
import { builder } from '../kit/builder.ts';
import { columnFields, readColumn } from '../kit/column-fields.ts';
import { sizeOfPage, wantedOf } from '../kit/connection.ts';
import { cursorsOf } from '../kit/cursor.ts';
import { costOfSingleKeys, findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { declaring } from '../kit/read.ts';
import {
  areKnownAtOnce,
  arrivingPageOfRows,
  awaitPageOfRows,
  type ListedRow,
  pageOfRows,
} from '../kit/streamed-pages.ts';
import { AccountType } from './account.ts';
import { type AccountRow, fullAccountRow } from './account-row.ts';
import { accountsInRow, foundBy, rowOf } from './account-things.ts';
import { portfolioRow } from './documented-rows.ts';

export interface Portfolio {
  readonly row: Row;
}

/** A portfolio of which the row is not there yet. */
interface NamedPortfolio {
  readonly name: string;
}

/** The assumed number of all portfolios. */
const assumedPortfolios = 50;

/** The rows of a portfolio; for a later page the cached rows of a recent read suffice. */
const rowsOfPortfolio = (name: string, { loaders }: Context, isLater = false): Promise<PortfolioReading> =>
  isLater ? loaders.accountsOfPortfolioAgain(name) : loaders.accountsOfPortfolio.load(name);

const nameOf = ({ row }: Portfolio): string => portfolioColumns.name.read(row) ?? '';
const portfolioIdOf = ({ row }: Portfolio): string => portfolioColumns.portfolioId.read(row) ?? '';

const cursorsOfAccounts = (name: string, context: Context) => cursorsOf(context, 'Portfolio.accounts', name);

const accountOf = ({ key: fileNumber, row }: ListedRow<Row>): AccountRow => ({ fileNumber, row });

/** The row of an account in its portfolio. */
const entryOf = async (name: string, fileNumber: string, context: Context): Promise<AccountRow | null> => {
  const reading = await rowsOfPortfolio(name, context);
  return reading.read(async (list) => {
    const index = await list.find(fileNumber);
    const [row] = index < 0 ? [] : await list.rows(index, index + 1);
    if (row) return { fileNumber, row };
    if (await list.isIncomplete(Number.POSITIVE_INFINITY)) {
      throw new BadResponseError(get_accounts_in_portfolio);
    }
    return null;
  });
};

const portfolioWhere = async (
  isWanted: (portfolio: Portfolio) => boolean,
  { loaders }: Context,
): Promise<Portfolio | null> => {
  const rows = await loaders.of(getportfoliolist).load({});
  return rows.map((row) => ({ row })).find(isWanted) ?? absentFrom(getportfoliolist, rows);
};

export const PortfolioType = builder.objectRef<Portfolio>('Portfolio').implement({
  description: 'A batch of accounts that a client placed for collection together.',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => portfolioColumns);
    return {
      id: nodeId(t, 'Portfolio', (portfolio) => [portfolioIdOf(portfolio)]),
      portfolioId: t.id({ description: "Scollect's number for the portfolio.", resolve: portfolioIdOf }),
      name: t.string({ description: 'The name by which accounts refer to it.', resolve: nameOf }),
      client: column.text('client', 'Client that placed the accounts.'),
      placedDate: column.date(
        'placedDate',
        'The day on which they were placed; null if `rawPlacedDate` is no date.',
      ),
      rawPlacedDate: column.text('rawPlacedDate', 'The same day as Scollect writes it.'),
      accounts: t.connection(
        {
          type: AccountType,
          nullable: true,
          description:
            'The accounts in it (Scollect: get_accounts_in_portfolio, which gives all of them at once). A page is answered as soon as its accounts have come, with `@stream` on `edges` one part after the other; `totalCount` and `last` wait for all of them. Pages with a cursor may show the portfolio as it was up to half a minute ago. They are never from before a change made here, if the gateway is one process or its processes share a cache. Null, with an error, if they cannot be read.',
          extensions: declaring<NamedPortfolio>({
            start: ({ name }, args, context) =>
              awaitPageOfRows(
                (isLater) => rowsOfPortfolio(name, context, isLater),
                wantedOf(args, cursorsOfAccounts(name, context)),
              ),
            calls: ({ things }) => [callsFor(get_accounts_in_portfolio, things)],
            gives: ({ things, args }) => [
              accountsInRow(
                severalOf(things, `accounts${JSON.stringify(args)}`, sizeOfPage(args)),
                portfolioRow,
              ),
            ],
          }),
          resolve: async (portfolio, args, context, info) => {
            const name = nameOf(portfolio);
            const cursors = cursorsOfAccounts(name, context);
            const wanted = wantedOf(args, cursors);
            const form = { cursors, nodeOf: accountOf };
            const read = (isLater: boolean) => rowsOfPortfolio(name, context, isLater);
            const initialCount = streamedAlone('AccountConnection', 'edges', info);
            if (initialCount !== undefined && areKnownAtOnce(wanted)) {
              return arrivingPageOfRows(read, wanted, {
                ...form,
                initialCount,
                endpoint: get_accounts_in_portfolio,
              });
            }
            const isCounted = selectedNames('AccountConnection', info).includes('totalCount');
            return pageOfRows(read, wanted, { ...form, isCounted });
          },
        },
        { name: 'AccountConnection', description: 'One page of accounts.' },
        { name: 'AccountEdge', description: 'An account in a page, with its place.' },
      ),
    };
  },
});

const PortfolioEntryType = builder.objectRef<AccountRow>('PortfolioEntry').implement({
  description: "What only the portfolio's row of an account contains (Scollect: get_accounts_in_portfolio).",
  fields: (t) => {
    const column = columnFields(t, () => portfolioEntryColumns);
    return {
      totalPaidSinceChargeOff: column.decimal(
        'totalPaidSinceChargeOff',
        'Amount paid since charge-off, in US dollars.',
      ),
      creditBureauDate: column.date(
        'creditBureauDate',
        'Date for credit bureaus (`CBR`, which Scollect does not document).',
      ),
      productType: column.text('productType', 'Type of product of the debt.'),
      level: column.text('level', 'The level of placement, as written.'),
      description: column.text('description', 'A description of the account, as written.'),
      remark: column.text('remark', 'A remark on the account, as written.'),
    };
  },
});

/** Whether a row of an account is that of its portfolio. */
const isEntry = (row: Row): boolean =>
  Object.values(portfolioEntryColumns).every((column) => column.isIn(row));

const portfolioNameOf = (account: AccountRow, context: Context) =>
  readColumn(accountColumns.portfolio, account, context, fullAccountRow);

builder.objectFields(AccountType, (t) => ({
  portfolio: t.field({
    type: PortfolioType,
    nullable: true,
    description:
      'The portfolio that the account is in (Scollect: getportfoliolist); null for one that is not listed.',
    extensions: declaring<AccountRow>({
      start: (_, __, { loaders }) => loaders.of(getportfoliolist).load({}),
      reads: () => [accountColumns.portfolio],
      calls: () => [once(getportfoliolist)],
      gives: ({ things }) => [oneOf(things, 'portfolio')],
    }),
    resolve: async (account, _, context) => {
      const reading = portfolioNameOf(account, context);
      // If the name takes a call, the list is requested in parallel.
      if (reading instanceof Promise)
        context.loaders
          .of(getportfoliolist)
          .load({})
          .catch(() => {});
      const name = await reading;
      return name === null ? null : portfolioWhere((portfolio) => nameOf(portfolio) === name, context);
    },
  }),
  portfolioEntry: t.field({
    type: PortfolioEntryType,
    nullable: true,
    description:
      "Fields that only the portfolio's row contains. Costs a call for the whole portfolio, unless the account was reached through it; null if the portfolio does not list the account.",
    extensions: costing({
      reads: () => [accountColumns.portfolio],
      calls: ({ things }) =>
        isEntry(rowOf(things)) ? [] : [callsFor(get_accounts_in_portfolio, oneOf(things, 'portfolio'))],
    }),
    resolve: async (account, _, context) => {
      const { fileNumber, row } = account;
      if (isEntry(row)) {
        return { fileNumber, row };
      }
      const name = await portfolioNameOf(account, context);
      return name === null ? null : entryOf(name, fileNumber, context);
    },
  }),
}));

builder.queryFields((t) => ({
  portfolios: t.field({
    type: [PortfolioType],
    authScopes: { 'accounts:read': true },
    nullable: true,
    description: 'All portfolios (Scollect: getportfoliolist). Null, with an error, if they cannot be read.',
    extensions: costing({
      calls: () => [once(getportfoliolist)],
      gives: () => [{ ...foundBy('portfolio', '(all)'), each: assumedPortfolios }],
    }),
    resolve: async (_, __, { loaders }) => {
      const rows = await loaders.of(getportfoliolist).load({});
      return rows.map((row) => ({ row }));
    },
  }),
  portfolio: t.field({
    type: PortfolioType,
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      'One portfolio by its name, as it is written (Scollect: getportfoliolist); null if there is none.',
    args: { name: t.arg.string({ required: true, description: 'The name of the portfolio.' }) },
    extensions: costing({
      naming: 'name',
      calls: () => [once(getportfoliolist)],
      gives: ({ args }) => [foundBy('portfolio', String(args['name']).trim())],
    }),
    resolve: (_, { name }, context, info) => {
      const wanted = name.trim();
      const portfolio = portfolioWhere((one) => nameOf(one) === wanted, context);
      prefetch('Portfolio', { name: wanted } satisfies NamedPortfolio, context, info);
      return portfolio;
    },
  }),
}));

findNodesBy('Portfolio', {
  scopeOf: () => 'accounts:read',
  find: ([portfolioId, ...rest], context) =>
    rest.length === 0
      ? portfolioWhere((portfolio) => portfolioIdOf(portfolio) === portfolioId, context)
      : undefined,
  ...costOfSingleKeys((portfolioIds) => ({
    calls: portfolioIds.length > 0 ? [once(getportfoliolist)] : [],
    gives: [named('portfolio by number', portfolioIds, { parent: {} })],
  })),
  keyField: { name: 'portfolioId', form: 'a number of a portfolio', read: (text) => text.trim() || null },
});
