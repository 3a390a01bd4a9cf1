import { graphql } from './graphql.ts';

/** The first accounts, the others as they arrive, and then whether there are more. */
export const PortfolioInParts = graphql(`
  query PortfolioInParts($name: String!) {
    portfolio(name: $name) {
      id
      accounts(first: 500) {
        edges @stream(initialCount: 20) { cursor node { id fileNumber currentBalance } }
        ... @defer { pageInfo { hasNextPage endCursor } }
      }
    }
  }
`);
