import { builder } from '../builder.ts';
import type { Row } from '../upstreams/endpoint.ts';
import { portfolioColumns } from '../upstreams/scollect/portfolios.ts';
import { columnFields } from './column-fields.ts';

export interface Portfolio {
  readonly row: Row;
}

export const PortfolioType = builder.objectRef<Portfolio>('Portfolio').implement({
  description: 'A batch of accounts that a client placed for collection together.',
  fields: (t) => {
    const column = columnFields(t, () => portfolioColumns);
    return {
      portfolioId: t.id({
        description: "Scollect's number for the portfolio.",
        resolve: ({ row }) => portfolioColumns.portfolioId.read(row) ?? '',
      }),
      name: t.string({
        description: 'The name by which accounts refer to it.',
        resolve: ({ row }) => portfolioColumns.name.read(row) ?? '',
      }),
      client: column.text('client', 'Who placed the accounts.'),
      placedDate: column.date('placedDate', 'The day on which they were placed.'),
    };
  },
});

builder.queryField('portfolios', (t) =>
  t.field({
    type: [PortfolioType],
    nullable: true,
    description:
      'All portfolios (Scollect: getportfoliolist). Null, with an error, when they cannot be read.',
    resolve: async (_, __, { loaders }) => {
      const rows = await loaders.portfolios.load('all');
      return rows.map((row) => ({ row }));
    },
  }),
);
