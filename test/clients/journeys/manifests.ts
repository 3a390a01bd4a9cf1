import { expect } from 'vitest';
import { OverviewDocument } from '../generated/graphql.ts';
import type { accountPhoneMutation as SetPhoneStatusByRelay } from '../generated/relay/accountPhoneMutation.graphql.ts';
import type { accountQuery } from '../generated/relay/accountQuery.graphql.ts';
import { createApolloClient, httpLink } from '../src/apollo/client.ts';
import { trustedLink } from '../src/apollo/trusted.ts';
import { AccountPanel, SetPhoneStatus } from '../src/documents.ts';
import { accountQuery as accountDocument, accountPhoneMutation } from '../src/relay/account.ts';
import { createEnvironment, sender } from '../src/relay/environment.ts';
import { mutate } from '../src/relay/mutate.ts';
import { byId } from '../src/relay/persisted.ts';
import { createUrqlClient } from '../src/urql/client.ts';
import { trustedExchanges } from '../src/urql/trusted.ts';
import { fileNumber } from './journeys.ts';
import { openQuery } from './relay.ts';
import type { ManifestClients } from './running.ts';

const input = { fileNumber, number: '+12105550100', status: 'Wrong Number' };

export const clients: ManifestClients = {
  'Apollo Client': {
    manifest: 'generated/persisted-query-manifest.json',
    run: async ({ url, ssn }) => {
      const client = createApolloClient(trustedLink(httpLink(url, 'token')));
      const { data, error } = await client.query({ query: AccountPanel, variables: { fileNumber } });
      expect(error).toBeUndefined();
      expect(data?.account?.borrower.ssn).toMatch(ssn);
      const { data: changed } = await client.mutate({ mutation: SetPhoneStatus, variables: { input } });
      expect(changed?.updateAccountPhone?.__typename).toBe('UpdateAccountPhoneSuccess');
      client.stop();
    },
  },

  urql: {
    manifest: 'generated/persisted-documents.json',
    run: async ({ url }) => {
      const client = createUrqlClient(url, 'token', trustedExchanges);
      const { data, error } = await client.query(OverviewDocument, { fileNumber });
      expect(error).toBeUndefined();
      expect(data?.account?.currentBalance).toMatch(/^\d+\.\d\d$/);
    },
  },

  Relay: {
    manifest: 'generated/relay-documents.json',
    run: async ({ url, ssn }) => {
      const environment = createEnvironment(byId(sender(url, 'token')));
      const shown = await openQuery<accountQuery>(environment, accountDocument, { fileNumber });
      expect(shown().account?.borrower.ssn).toMatch(ssn);
      await mutate<SetPhoneStatusByRelay>(environment, accountPhoneMutation, { input });
      expect(shown().account?.phones?.[0]?.status).toBe('Wrong Number');
    },
  },
};
