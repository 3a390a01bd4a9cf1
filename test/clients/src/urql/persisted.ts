import { type Exchange, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

/** Instead of `fetchExchange`: they send the hash of a query, and its text only if the gateway does not know the hash. */
export const persistedExchanges: Exchange[] = [
  // By default it sends hashes by GET, also with `preferGetMethod: false`.
  persistedExchange({ preferGetForPersistedQueries: false }),
  fetchExchange,
];
