import { graphql } from 'relay-runtime';

// For `useLazyLoadQuery`.
export const portfolioQuery = graphql`
  query portfolioQuery($name: String!) {
    portfolio(name: $name) {
      id
      ...portfolio_accounts
    }
  }
`;

// For `usePaginationFragment`. The query of further pages reads the portfolio by `node`.
export const portfolioAccounts = graphql`
  fragment portfolio_accounts on Portfolio
  @refetchable(queryName: "portfolioNextPageQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    accounts(first: $first, after: $after) @connection(key: "portfolio_accounts") {
      edges { node { id fileNumber status } }
    }
  }
`;
