import { type Client, createClient } from 'graphql-sse';

const updates = `subscription ($fileNumber: String!) {
  accountUpdates(fileNumber: $fileNumber) { changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } }
}`;

/** Follows an account, as docs/subscriptions.md describes it. */
export const follow = (
  url: string,
  fileNumber: string,
  onRetry: () => void,
): { readonly results: AsyncIterableIterator<unknown>; readonly client: Client } => {
  const client = createClient({
    url,
    retry: () => {
      onRetry();
      return Promise.resolve();
    },
  });
  return { results: client.iterate({ query: updates, variables: { fileNumber } }), client };
};
