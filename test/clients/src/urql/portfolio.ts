import type { Client } from '@urql/core';
import { PortfolioPage } from '../documents.ts';

/** Loads the pages of a portfolio one after the other. The result of each request has all pages so far. */
export const portfolioPages = (client: Client, name: string) => {
  let after: string | null = null;
  return {
    loadNext: async () => {
      const result = await client.query(PortfolioPage, { name, after });
      after = result.data?.portfolio?.accounts?.pageInfo.endCursor ?? null;
      return result;
    },
  };
};
