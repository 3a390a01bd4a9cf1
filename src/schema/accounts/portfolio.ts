import type { Context } from '../../request/context.ts';
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
import { selectedNames, startReads } from '../kit/look-ahead.ts';
import { findNodesBy, NodeInterface, nodeId } from '../kit/node.ts';
import { readsOfPortfolio, rowsOfPortfolio } from '../kit/reads-by-key.ts';
import { pageOfRows } from '../kit/streamed-pages.ts';
import { AccountType } from './account.ts';
import { type AccountRow, fullAccountRow } from './account-row.ts';

export interface Portfolio {
  readonly row: Row;
}

const nameOf = ({ row }: Portfolio): string => portfolioColumns.name.read(row) ?? '';
const portfolioIdOf = ({ row }: Portfolio): string => portfolioColumns.portfolioId.read(row) ?? '';

const accountOf = ({ key: fileNumber, row }: { key: string; row: Row }): AccountRow => ({ fileNumber, row });

/** The row in which a portfolio tells of an account. */
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
  const rows = await loaders.portfolios.load('all');
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
      client: column.text('client', 'Who placed the accounts.'),
      placedDate: column.date(
        'placedDate',
        'The day on which they were placed; null where `rawPlacedDate` is no date.',
      ),
      rawPlacedDate: column.text('rawPlacedDate', 'The same day as Scollect writes it.'),
      accounts: t.connection(
        {
          type: AccountType,
          nullable: true,
          description:
            'The accounts in it (Scollect: get_accounts_in_portfolio, which gives all of them at once). A page is answered as soon as its accounts have come; `totalCount` and `last` wait for all of them. Pages with a cursor may show the portfolio as it was up to half a minute ago, never as before a change made here. Null, with an error, when they cannot be read.',
          resolve: async (portfolio, args, context, info) => {
            const isCounted = selectedNames('AccountConnection', info).includes('totalCount');
            const read = (isLater: boolean) => rowsOfPortfolio(nameOf(portfolio), context, isLater);
            const { edges, ...page } = await pageOfRows(read, args, isCounted);
            return { ...page, edges: edges.map(({ node, cursor }) => ({ node: accountOf(node), cursor })) };
          },
        },
        { name: 'AccountConnection', description: 'One page of accounts.' },
        { name: 'AccountEdge', description: 'An account in a page, with its place.' },
      ),
    };
  },
});

const PortfolioEntryType = builder.objectRef<AccountRow>('PortfolioEntry').implement({
  description: "What only the portfolio's own row tells of an account (Scollect: get_accounts_in_portfolio).",
  fields: (t) => {
    const column = columnFields(t, () => portfolioEntryColumns);
    return {
      totalPaidSinceChargeOff: column.decimal(
        'totalPaidSinceChargeOff',
        'What has been paid since the debt was charged off, in US dollars.',
      ),
      creditBureauDate: column.date(
        'creditBureauDate',
        'The date that stands for credit bureaus (`CBR`, which Scollect does not explain).',
      ),
      productType: column.text('productType', 'The kind of product that the debt came of.'),
      level: column.text('level', 'The level of placement, as written.'),
      description: column.text('description', 'A description of the account, as written.'),
      remark: column.text('remark', 'A remark on the account, as written.'),
    };
  },
});

const portfolioNameOf = (account: AccountRow, context: Context) =>
  readColumn(accountColumns.portfolio, account, context, fullAccountRow);

builder.objectFields(AccountType, (t) => ({
  portfolio: t.field({
    type: PortfolioType,
    nullable: true,
    description:
      'The portfolio that the account is in (Scollect: getportfoliolist); null for one that is not listed.',
    resolve: async (account, _, context) => {
      const reading = portfolioNameOf(account, context);
      // Where it takes a call to know the name, the list is asked for beside.
      if (reading instanceof Promise) context.loaders.portfolios.load('all').catch(() => {});
      const name = await reading;
      return name === null ? null : portfolioWhere((portfolio) => nameOf(portfolio) === name, context);
    },
  }),
  portfolioEntry: t.field({
    type: PortfolioEntryType,
    nullable: true,
    description:
      "What only the portfolio's own row tells. Costs a call for the whole portfolio, unless the account was reached through it; null where the portfolio does not list the account.",
    resolve: async (account, _, context) => {
      const { fileNumber, row } = account;
      if (Object.values(portfolioEntryColumns).every((column) => column.isIn(row))) {
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
    description:
      'All portfolios (Scollect: getportfoliolist). Null, with an error, when they cannot be read.',
    resolve: async (_, __, { loaders }) => {
      const rows = await loaders.portfolios.load('all');
      return rows.map((row) => ({ row }));
    },
  }),
  portfolio: t.field({
    type: PortfolioType,
    authScopes: { 'accounts:read': true },
    nullable: true,
    description:
      'One portfolio by its name, as it is written (Scollect: getportfoliolist); null when there is none.',
    args: { name: t.arg.string({ required: true, description: 'The name of the portfolio.' }) },
    resolve: (_, { name }, context, info) => {
      const wanted = name.trim();
      const portfolio = portfolioWhere((one) => nameOf(one) === wanted, context);
      startReads(readsOfPortfolio, 'Portfolio', wanted, context, info);
      return portfolio;
    },
  }),
}));

findNodesBy(
  'Portfolio',
  () => 'accounts:read',
  ([portfolioId, ...rest], context) =>
    rest.length === 0
      ? portfolioWhere((portfolio) => portfolioIdOf(portfolio) === portfolioId, context)
      : undefined,
);
