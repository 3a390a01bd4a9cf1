import { expect } from 'vitest';
import { AccountBalance, AccountPanel, SetPhoneStatus } from '../src/documents.ts';
import { chargeByRequest } from '../src/graphql-request/charge.ts';
import { createRequestClient } from '../src/graphql-request/client.ts';
import { accountWithErrors } from '../src/graphql-request/errors.ts';
import { allAccounts } from '../src/graphql-request/portfolio.ts';
import {
  fileNumber,
  fileNumbersOf,
  type Journeys,
  payment,
  paymentsOf,
  payOutside,
  portfolio,
  sentKeys,
} from './journeys.ts';
import type { Running } from './running.ts';

const connect = ({ url }: Running) => createRequestClient(url, 'token');

export const client: Journeys = {
  pages: async (running) => {
    const accounts = await allAccounts(connect(running), portfolio);
    expect(accounts.map((account) => account.fileNumber)).toEqual(await fileNumbersOf(running));
    expect(running.sent).toHaveLength(3);
  },

  // There is no cache: the response has the new values.
  refetch: async (running) => {
    const client = connect(running);
    const { account } = await client.request(AccountPanel, { fileNumber });
    const balance = await payOutside(running, '11.00');
    const { node } = await client.request(AccountBalance, { id: account?.id ?? '' });
    expect(node).toEqual({ id: account?.id, currentBalance: balance });
  },

  mutation: async (running) => {
    const client = connect(running);
    const { account } = await client.request(AccountPanel, { fileNumber });
    const phone = account?.phones?.[0];
    const input = { fileNumber, number: phone?.number ?? '', status: 'Wrong Number' };
    const { updateAccountPhone } = await client.request(SetPhoneStatus, { input });
    expect(updateAccountPhone).toEqual({
      __typename: 'UpdateAccountPhoneSuccess',
      phone: { id: phone?.id, status: 'Wrong Number' },
    });
  },

  masked: async (running) => {
    const { account } = await connect(running).request(AccountPanel, { fileNumber });
    expect(account?.borrower.ssn).toMatch(running.ssn);
  },

  failure: async (running) => {
    running.failNotes();
    const { data, errors } = await accountWithErrors(connect(running), fileNumber);
    expect(data).toMatchObject({
      account: { currentBalance: expect.stringMatching(/^\d+\.\d\d$/), notes: null },
    });
    expect(errors).toEqual(new Map([['account.notes', 'UPSTREAM_BAD_RESPONSE']]));
  },

  charge: async (running) => {
    running.loseNextResponse();
    const result = await chargeByRequest(connect(running), payment, 'key-of-the-form');
    expect(result?.__typename).toBe('RunPaymentSuccess');
    expect(sentKeys(running)).toEqual(['key-of-the-form', 'key-of-the-form']);
    expect(await paymentsOf(running)).toBe(1);
  },
};
