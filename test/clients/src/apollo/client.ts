import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { Defer20220824Handler } from '@apollo/client/incremental';
import { possibleTypes } from '../../generated/possible-types.ts';
import { typePolicies } from '../../generated/type-policies.ts';

// Apollo Client derives the types of results from the default options.
declare module '@apollo/client' {
  interface TypeOverrides extends Defer20220824Handler.TypeOverrides {}
  namespace ApolloClient {
    namespace DeclareDefaultOptions {
      interface WatchQuery {
        errorPolicy: 'all';
      }
      interface Query {
        errorPolicy: 'all';
      }
      interface Mutate {
        errorPolicy: 'all';
      }
    }
  }
}

export const httpLink = (uri: string, token: string): ApolloLink =>
  new HttpLink({ uri, headers: { authorization: `Bearer ${token}` } });

export const createApolloClient = (link: ApolloLink): ApolloClient =>
  new ApolloClient({
    link,
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    // `@defer` and `@stream` take effect.
    incrementalHandler: new Defer20220824Handler(),
    // Show the data that is there, and the errors next to it.
    defaultOptions: {
      watchQuery: { errorPolicy: 'all' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  });
