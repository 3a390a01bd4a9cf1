import type { FetchFunction } from 'relay-runtime';
import type { Send } from './environment.ts';

/** Sends the hash of a document, and its text only if the gateway does not know the hash. */
export const byHash =
  (send: Send): FetchFunction =>
  async ({ id, text }, variables) => {
    const persistedQuery = { version: 1, sha256Hash: id };
    const reply = await send({ variables, extensions: { persistedQuery } });
    const errors = 'errors' in reply ? reply.errors : [];
    const isUnknown = errors?.some(({ message }) => /^PersistedQueryNot(?:Found|Supported)$/.test(message));
    return isUnknown ? send({ query: text, variables }) : reply;
  };

/** Sends the id of a document in the manifest, and never its text. */
export const byId =
  (send: Send): FetchFunction =>
  ({ id }, variables) =>
    send({ doc_id: id, variables });
