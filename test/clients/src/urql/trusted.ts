import { type Exchange, fetchExchange } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';

/** The hash that GraphQL Code Generator wrote into a document. */
const hashOf = (document: object): string =>
  (document as { readonly __meta__?: { readonly hash?: string } }).__meta__?.hash ?? '';

/** Instead of `fetchExchange`: they send the hash of a document in the manifest, and never its text. */
export const trustedExchanges: Exchange[] = [
  persistedExchange({
    preferGetForPersistedQueries: false,
    enforcePersistedQueries: true,
    enableForMutation: true,
    generateHash: async (_, document) => hashOf(document),
  }),
  fetchExchange,
];
