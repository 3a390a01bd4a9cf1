import type { ResultOf } from 'gql.tada';
import type { GraphQLClient } from 'graphql-request';
import { PortfolioPage } from '../documents.ts';

/** Returns all accounts of a portfolio, page after page. */
export const allAccounts = async (client: GraphQLClient, name: string) => {
  const accounts: { readonly fileNumber: string; readonly status: string | null }[] = [];
  let after: string | null = null;
  do {
    const page: ResultOf<typeof PortfolioPage> = await client.request(PortfolioPage, { name, after });
    const list = page.portfolio?.accounts;
    accounts.push(...(list?.edges.map(({ node }) => node) ?? []));
    after = list?.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
  } while (after !== null);
  return accounts;
};
