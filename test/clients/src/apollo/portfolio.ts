import type { ApolloClient } from '@apollo/client';
import { PortfolioPage } from '../documents.ts';

export const watchPortfolio = (client: ApolloClient, name: string) => {
  const portfolio = client.watchQuery({ query: PortfolioPage, variables: { name } });
  return {
    portfolio,
    /** Loads the next page, which the cache appends. */
    loadNext: async (): Promise<void> => {
      const { dataState, data } = portfolio.getCurrentResult();
      const pageInfo = dataState === 'complete' ? data.portfolio?.accounts?.pageInfo : undefined;
      if (pageInfo?.hasNextPage) await portfolio.fetchMore({ variables: { after: pageInfo.endCursor } });
    },
  };
};
