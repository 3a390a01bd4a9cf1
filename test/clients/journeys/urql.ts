import { expect, onTestFinished } from 'vitest';
import { AccountBalance, AccountPanel, SetPhoneStatus } from '../src/documents.ts';
import { AccountInParts } from '../src/parts.ts';
import { PortfolioInParts } from '../src/portfolio-parts.ts';
import { chargeByUrql } from '../src/urql/charge.ts';
import { createUrqlClient } from '../src/urql/client.ts';
import { errorsByPath } from '../src/urql/errors.ts';
import { persistedExchanges } from '../src/urql/persisted.ts';
import { portfolioPages } from '../src/urql/portfolio.ts';
import {
  expectAllAccounts,
  expectFallback,
  expectParts,
  fileNumber,
  fileNumbersOf,
  type Journeys,
  payment,
  paymentsOf,
  payOutside,
  portfolio,
  type Shown,
  type ShownAccounts,
  sentKeys,
} from './journeys.ts';
import type { Running } from './running.ts';

/** Reads an account, and returns what the cache has of it now. */
const openAccount = async ({ url }: Running) => {
  const client = createUrqlClient(url, 'token');
  const { data, error } = await client.query(AccountPanel, { fileNumber });
  const shown = () => client.readQuery(AccountPanel, { fileNumber })?.data?.account;
  return { client, data, error, shown };
};

export const others = {
  /** Reads the accounts of a portfolio as they arrive. */
  rows: async (running: Running): Promise<void> => {
    let shown: ShownAccounts;
    const { unsubscribe } = createUrqlClient(running.url, 'token')
      .query(PortfolioInParts, { name: portfolio })
      .subscribe(({ data, error }) => {
        expect(error).toBeUndefined();
        shown = data?.portfolio?.accounts;
      });
    onTestFinished(unsubscribe);
    await expectAllAccounts(running, () => shown);
  },
};

export const client: Journeys = {
  pages: async (running) => {
    const { loadNext } = portfolioPages(createUrqlClient(running.url, 'token'), portfolio);
    const shown: (string | undefined)[][] = [];
    for (let page = 0; page < 3; page += 1) {
      const { data } = await loadNext();
      shown.push(data?.portfolio?.accounts?.edges.map(({ node }) => node.fileNumber) ?? []);
    }
    expect(shown.at(0)).toHaveLength(10);
    expect(shown.at(-1)).toEqual(await fileNumbersOf(running));
    expect(running.sent).toHaveLength(3);
  },

  refetch: async (running) => {
    const { client, shown } = await openAccount(running);
    const id = shown()?.id ?? '';
    const balance = await payOutside(running, '11.00');
    expect(shown()?.currentBalance).not.toBe(balance);
    await client.query(AccountBalance, { id }, { requestPolicy: 'network-only' });
    expect(shown()?.currentBalance).toBe(balance);
  },

  mutation: async (running) => {
    const { client, shown } = await openAccount(running);
    const phone = shown()?.phones?.[0];
    const input = { fileNumber, number: phone?.number ?? '', status: 'Wrong Number' };
    const { data } = await client.mutation(SetPhoneStatus, { input });
    expect(data?.updateAccountPhone?.__typename).toBe('UpdateAccountPhoneSuccess');
    expect(shown()?.phones?.[0]).toMatchObject({ id: phone?.id, status: 'Wrong Number' });
    expect(running.sent).toHaveLength(2);

    const { data: invalid } = await client.mutation(SetPhoneStatus, { input: { ...input, number: '1' } });
    expect(invalid?.updateAccountPhone).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'number' }],
    });
  },

  masked: async (running) => {
    const { shown } = await openAccount(running);
    expect(shown()?.borrower.ssn).toMatch(running.ssn);
    expect(running.sent.map(({ method }) => method)).toEqual(['POST']);
  },

  parts: async (running) => {
    running.slowNotes();
    const shown: Shown[] = [];
    const { unsubscribe } = createUrqlClient(running.url, 'token')
      .query(AccountInParts, { fileNumber })
      .subscribe(({ data, error }) => {
        expect(error).toBeUndefined();
        shown.push(data?.account);
      });
    onTestFinished(unsubscribe);
    await expect.poll(() => shown.at(-1)?.notes?.edges?.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expectParts(shown);
  },

  failure: async (running) => {
    running.failNotes();
    const { data, error } = await openAccount(running);
    expect(data?.account?.currentBalance).toMatch(/^\d+\.\d\d$/);
    expect(data?.account?.notes).toBeNull();
    expect(errorsByPath(error)).toEqual(new Map([['account.notes', 'UPSTREAM_BAD_RESPONSE']]));
  },

  charge: async (running) => {
    const { client, shown } = await openAccount(running);
    running.loseNextResponse();
    const result = await chargeByUrql(client, payment, 'key-of-the-form');
    expect(result).toMatchObject({
      __typename: 'RunPaymentSuccess',
      account: { currentBalance: shown()?.currentBalance },
    });
    expect(sentKeys(running)).toEqual(['key-of-the-form', 'key-of-the-form']);
    expect(await paymentsOf(running)).toBe(1);
  },

  persisted: async (running) => {
    const client = createUrqlClient(running.url, 'token', persistedExchanges);
    const { data, error } = await client.query(AccountPanel, { fileNumber });
    expect(error).toBeUndefined();
    expect(data?.account?.borrower.ssn).toMatch(running.ssn);
    expectFallback(running);
  },
};
