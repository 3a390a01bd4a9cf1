import { graphql } from './graphql.ts';

/** The first phone comes with the account, the others as they are read. The notes come when they are there. */
export const AccountInParts = graphql(`
  query AccountInParts($fileNumber: String!) {
    account(fileNumber: $fileNumber) {
      id
      currentBalance
      phones @stream(initialCount: 1) { id number status }
      ... @defer { notes(first: 10) { edges { cursor node { id body } } pageInfo { hasNextPage endCursor } } }
    }
  }
`);
