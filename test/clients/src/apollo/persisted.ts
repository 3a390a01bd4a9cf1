import { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';

const sha256 = async (text: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Sends the hash of a document, and its text only if the gateway does not know the hash. */
export const persistedLink = (http: ApolloLink): ApolloLink =>
  ApolloLink.from([new PersistedQueryLink({ sha256 }), http]);
