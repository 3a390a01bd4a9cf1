import { GraphQLClient } from 'graphql-request';

export const createRequestClient = (url: string, token: string): GraphQLClient =>
  new GraphQLClient(url, {
    headers: { authorization: `Bearer ${token}` },
    // Return the data that is there. `rawRequest` returns the errors next to it.
    errorPolicy: 'all',
  });
