import { type Client, createClient } from 'graphql-sse';

const updates = `subscription ($fileNumber: String!) {
  accountUpdates(fileNumber: $fileNumber) { changed account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } }
}`;

/**
 * Follows an account, as docs/subscriptions.md describes it.
 *
 * @param onConnect is called when a subscription is open: later changes are events.
 */
export const follow = (
  url: string,
  fileNumber: string,
  onConnect: () => void,
): { readonly results: AsyncIterableIterator<unknown>; readonly client: Client } => {
  const client = createClient({
    url,
    retry: () => Promise.resolve(),
    on: { connected: onConnect },
  });
  return { results: client.iterate({ query: updates, variables: { fileNumber } }), client };
};
