import { ApolloClient, type ApolloLink, InMemoryCache } from '@apollo/client';
import { type Defer20220824Handler, GraphQL17Alpha9Handler } from '@apollo/client/incremental';
import { expect, onTestFinished } from 'vitest';
import { possibleTypes } from '../generated/possible-types.ts';
import { typePolicies } from '../generated/type-policies.ts';
import { chargeByApollo } from '../src/apollo/charge.ts';
import { createApolloClient, httpLink } from '../src/apollo/client.ts';
import { errorsByPath } from '../src/apollo/errors.ts';
import { persistedLink } from '../src/apollo/persisted.ts';
import { watchPortfolio } from '../src/apollo/portfolio.ts';
import { AccountBalance, AccountPanel, SetPhoneStatus } from '../src/documents.ts';
import { outcomeText } from '../src/outcome.ts';
import { AccountInParts } from '../src/parts.ts';
import { PortfolioInParts } from '../src/portfolio-parts.ts';
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
  sentKeys,
} from './journeys.ts';
import type { Running } from './running.ts';

const patiently = <Value>(read: () => Value) => expect.poll(read, { timeout: 20_000 });

const connect = ({ url }: Running, link = (http: ApolloLink) => http) => {
  const client = createApolloClient(link(httpLink(url, 'token')));
  onTestFinished(() => client.stop());
  return client;
};

/** Reads an account, and returns what the cache has of it now. */
const openAccount = async (running: Running) => {
  const client = connect(running);
  const options = { query: AccountPanel, variables: { fileNumber } };
  const { data, error } = await client.query(options);
  const shown = () => client.readQuery(options)?.account;
  return { client, data, error, shown };
};

/** Reads an account in parts, and expects them in their order. */
const showParts = async (running: Running, client: ApolloClient): Promise<void> => {
  running.slowNotes();
  const query = client.watchQuery({ query: AccountInParts, variables: { fileNumber } });
  const shown: Shown[] = [];
  const subscription = query.subscribe(({ data, error }) => {
    expect(error).toBeUndefined();
    shown.push(data?.account);
  });
  onTestFinished(() => subscription.unsubscribe());
  await patiently(() => shown.at(-1)?.notes?.edges?.length).toBeGreaterThan(0);
  expectParts(shown);
};

/** A client with the handler of the newer format. */
const connectNewer = ({ url }: Running): ApolloClient => {
  const client = new ApolloClient({
    link: httpLink(url, 'token'),
    cache: new InMemoryCache({ possibleTypes, typePolicies }),
    // Its types are not made for `exactOptionalPropertyTypes`.
    incrementalHandler: new GraphQL17Alpha9Handler() as unknown as Defer20220824Handler,
    defaultOptions: {
      watchQuery: { errorPolicy: 'all' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'all' },
    },
  });
  onTestFinished(() => client.stop());
  return client;
};

/** Reads the accounts of a portfolio as they arrive. */
const showRows = async (running: Running, client: ApolloClient): Promise<void> => {
  const query = client.watchQuery({ query: PortfolioInParts, variables: { name: portfolio } });
  const errors: unknown[] = [];
  const subscription = query.subscribe(({ error }) => errors.push(error));
  onTestFinished(() => subscription.unsubscribe());
  await expectAllAccounts(running, () => query.getCurrentResult().data?.portfolio?.accounts);
  expect(new Set(errors)).toEqual(new Set([undefined]));
};

export const others = {
  newerParts: (running: Running): Promise<void> => showParts(running, connectNewer(running)),
  rows: (running: Running): Promise<void> => showRows(running, connect(running)),
  newerRows: (running: Running): Promise<void> => showRows(running, connectNewer(running)),
};

export const client: Journeys = {
  pages: async (running) => {
    const client = connect(running);
    const { portfolio: pages, loadNext } = watchPortfolio(client, portfolio);
    const subscription = pages.subscribe(() => {});
    onTestFinished(() => subscription.unsubscribe());
    const edges = () => pages.getCurrentResult().data?.portfolio?.accounts?.edges ?? [];
    await patiently(() => edges().length).toBe(10);
    await loadNext();
    await patiently(() => edges().length).toBe(20);
    await loadNext();
    const all = await fileNumbersOf(running);
    await patiently(() => edges().map((edge) => edge?.node?.fileNumber)).toEqual(all);
    await loadNext();
    expect(running.sent).toHaveLength(3);
  },

  refetch: async (running) => {
    const { client, shown } = await openAccount(running);
    const id = shown()?.id ?? '';
    const balance = await payOutside(running, '11.00');
    expect(shown()?.currentBalance).not.toBe(balance);
    await client.query({ query: AccountBalance, variables: { id }, fetchPolicy: 'network-only' });
    expect(shown()?.currentBalance).toBe(balance);
  },

  mutation: async (running) => {
    const { client, shown } = await openAccount(running);
    const phone = shown()?.phones?.[0];
    const input = { fileNumber, number: phone?.number ?? '', status: 'Wrong Number' };
    const { data } = await client.mutate({ mutation: SetPhoneStatus, variables: { input } });
    expect(data?.updateAccountPhone?.__typename).toBe('UpdateAccountPhoneSuccess');
    expect(shown()?.phones?.[0]).toMatchObject({ id: phone?.id, status: 'Wrong Number' });
    expect(running.sent).toHaveLength(2);

    const refused = { fileNumber, number: '1', status: 'Wrong Number' };
    const { data: invalid } = await client.mutate({
      mutation: SetPhoneStatus,
      variables: { input: refused },
    });
    expect(invalid?.updateAccountPhone).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'number' }],
    });
  },

  masked: async (running) => {
    const { shown } = await openAccount(running);
    expect(shown()?.borrower.ssn).toMatch(running.ssn);
  },

  parts: (running) => showParts(running, connect(running)),

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
    const result = await chargeByApollo(client, payment, 'key-of-the-form');
    expect(outcomeTextOf(result)).toMatch(/^Approved\. The new balance is \d+\.\d\d\.$/);
    expect(sentKeys(running)).toEqual(['key-of-the-form', 'key-of-the-form']);
    expect(await paymentsOf(running)).toBe(1);
    expect(outcomeTextOf(result)).toContain(shown()?.currentBalance);
  },

  persisted: async (running) => {
    const query = { query: AccountPanel, variables: { fileNumber } };
    const { data, error } = await connect(running, persistedLink).query(query);
    expect(error).toBeUndefined();
    expect(data?.account?.borrower.ssn).toMatch(running.ssn);
    expectFallback(running);
  },
};

const outcomeTextOf = (result: Parameters<typeof outcomeText>[0] | null): string =>
  result === null ? '' : outcomeText(result);
