import { ApolloLink } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';

/** Sends the id of a document in the manifest, and never its text. */
export const trustedLink = (http: ApolloLink): ApolloLink =>
  ApolloLink.from([
    new PersistedQueryLink(
      generatePersistedQueryIdsFromManifest({
        loadManifest: async () =>
          (await import('../../generated/persisted-query-manifest.json', { with: { type: 'json' } })).default,
      }),
    ),
    http,
  ]);
