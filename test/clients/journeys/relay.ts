import {
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  type GraphQLTaggedNode,
  getFragment,
  getRequest,
  getSingularSelector,
  type OperationType,
} from 'relay-runtime';
import { expect, onTestFinished } from 'vitest';
import type { accountBalanceQuery as Balance } from '../generated/relay/accountBalanceQuery.graphql.ts';
import type { accountPhoneMutation as SetPhoneStatus } from '../generated/relay/accountPhoneMutation.graphql.ts';
import type { accountQuery as Account } from '../generated/relay/accountQuery.graphql.ts';
import type { ordersQuery as Orders } from '../generated/relay/ordersQuery.graphql.ts';
import type { parts_notes$data } from '../generated/relay/parts_notes.graphql.ts';
import type { parts_phones$data } from '../generated/relay/parts_phones.graphql.ts';
import type { partsQuery as PartsQuery } from '../generated/relay/partsQuery.graphql.ts';
import type { portfolio_accounts$data } from '../generated/relay/portfolio_accounts.graphql.ts';
import nextPage, { type portfolioNextPageQuery } from '../generated/relay/portfolioNextPageQuery.graphql.ts';
import type { portfolioQuery as PortfolioQuery } from '../generated/relay/portfolioQuery.graphql.ts';
import { accountBalanceQuery, accountPhoneMutation, accountQuery } from '../src/relay/account.ts';
import { chargeByRelay } from '../src/relay/charge.ts';
import { byText, createEnvironment, sender } from '../src/relay/environment.ts';
import { mutate } from '../src/relay/mutate.ts';
import { ordersQuery, storedOrders } from '../src/relay/orders.ts';
import { inParts, notesInParts, partsQuery, phonesInParts } from '../src/relay/parts.ts';
import { byHash } from '../src/relay/persisted.ts';
import { portfolioAccounts, portfolioQuery } from '../src/relay/portfolio.ts';
import {
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

/** Reads a query, keeps its data for the test, and returns what the store has of it now. */
export const openQuery = async <Query extends OperationType>(
  environment: Environment,
  query: GraphQLTaggedNode,
  variables: Query['variables'],
) => {
  const operation = createOperationDescriptor(getRequest(query), variables);
  const { dispose } = environment.retain(operation);
  onTestFinished(dispose);
  await fetchQuery<Query>(environment, query, variables).toPromise();
  return () => environment.lookup(operation.fragment).data as Query['response'];
};

const openAccount = async ({ url }: Running) => {
  const environment = createEnvironment(byText(sender(url, 'token')));
  const shown = await openQuery<Account>(environment, accountQuery, { fileNumber });
  return { environment, shown };
};

export const client: Journeys = {
  pages: async (running) => {
    const environment = createEnvironment(byText(sender(running.url, 'token')));
    const shown = await openQuery<PortfolioQuery>(environment, portfolioQuery, { name: portfolio });
    const accounts = () => {
      const selector = getSingularSelector(getFragment(portfolioAccounts), shown().portfolio);
      return (selector && (environment.lookup(selector).data as portfolio_accounts$data | undefined))
        ?.accounts;
    };
    const pageInfo = () =>
      (accounts() as { pageInfo?: { hasNextPage: boolean; endCursor: string | null } } | null)?.pageInfo;
    // As `loadNext` of `usePaginationFragment` does.
    while (pageInfo()?.hasNextPage) {
      const variables = { id: shown().portfolio?.id ?? '', after: pageInfo()?.endCursor ?? null, first: 10 };
      await fetchQuery<portfolioNextPageQuery>(environment, nextPage, variables).toPromise();
    }
    expect(accounts()?.edges.map(({ node }) => node.fileNumber)).toEqual(await fileNumbersOf(running));
    expect(running.sent).toHaveLength(3);
  },

  refetch: async (running) => {
    const { environment, shown } = await openAccount(running);
    const balance = await payOutside(running, '11.00');
    const id = shown().account?.id ?? '';
    expect(shown().account?.currentBalance).not.toBe(balance);
    await fetchQuery<Balance>(environment, accountBalanceQuery, { id }).toPromise();
    expect(shown().account?.currentBalance).toBe(balance);
  },

  mutation: async (running) => {
    const { environment, shown } = await openAccount(running);
    const phone = shown().account?.phones?.[0];
    const input = { fileNumber, number: phone?.number ?? '', status: 'Wrong Number' };
    await mutate<SetPhoneStatus>(environment, accountPhoneMutation, { input });
    expect(shown().account?.phones?.[0]).toMatchObject({ id: phone?.id, status: 'Wrong Number' });
    expect(running.sent).toHaveLength(2);

    const invalid = await mutate<SetPhoneStatus>(environment, accountPhoneMutation, {
      input: { ...input, number: '1' },
    });
    expect(invalid.updateAccountPhone).toMatchObject({
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      fields: [{ path: 'number' }],
    });
  },

  masked: async (running) => {
    const { shown } = await openAccount(running);
    expect(shown().account?.borrower.ssn).toMatch(running.ssn);
  },

  parts: async (running) => {
    running.slowNotes();
    const environment = createEnvironment(inParts(running.url, 'token'));
    const operation = createOperationDescriptor(getRequest(partsQuery), { fileNumber });
    onTestFinished(environment.retain(operation).dispose);
    const fragmentOf = <Data>(tag: GraphQLTaggedNode, account: unknown): Data | undefined => {
      const selector = getSingularSelector(getFragment(tag), account);
      const { data, isMissingData } = selector ? environment.lookup(selector) : {};
      return isMissingData ? undefined : (data as Data | undefined);
    };
    const shown: Shown[] = [];
    await new Promise<void>((resolve, reject) => {
      fetchQuery<PartsQuery>(environment, partsQuery, { fileNumber }).subscribe({
        next: ({ account }) =>
          shown.push({
            currentBalance: account?.currentBalance,
            phones: fragmentOf<parts_phones$data>(phonesInParts, account)?.phones,
            notes: fragmentOf<parts_notes$data>(notesInParts, account)?.notes,
          }),
        complete: resolve,
        error: reject,
      });
    });
    expectParts(shown);
  },

  failure: async (running) => {
    running.failNotes();
    const { shown } = await openAccount(running);
    expect(shown().account?.currentBalance).toMatch(/^\d+\.\d\d$/);
    expect(shown().account?.notes).toMatchObject({
      ok: false,
      errors: [{ extensions: { code: 'UPSTREAM_BAD_RESPONSE', upstream: 'SCOLLECT' } }],
    });
  },

  charge: async (running) => {
    const { environment, shown } = await openAccount(running);
    running.loseNextResponse();
    const result = await chargeByRelay(environment, payment, 'key-of-the-form');
    expect(result).toMatchObject({
      __typename: 'RunPaymentSuccess',
      account: { currentBalance: shown().account?.currentBalance },
    });
    expect(sentKeys(running)).toEqual(['key-of-the-form', 'key-of-the-form']);
    expect(await paymentsOf(running)).toBe(1);
  },

  persisted: async (running) => {
    const environment = createEnvironment(byHash(sender(running.url, 'token')));
    const shown = await openQuery<Account>(environment, accountQuery, { fileNumber });
    expect(shown().account?.borrower.ssn).toMatch(running.ssn);
    expectFallback(running);
  },
};

/** The stored connection of each filter is one of its own. */
const readFilters = async ({ url, sent }: Running): Promise<void> => {
  const environment = createEnvironment(byText(sender(url, 'token')));
  const filters = [{ statusId: '1' }, { statusId: '2' }];
  for (const filter of filters) await openQuery<Orders>(environment, ordersQuery, { filter });
  expect(sent).toHaveLength(2);
  environment.commitUpdate((store) => {
    const stored = filters.map((filter) => storedOrders(store, filter)?.getDataID());
    expect(new Set(stored).size).toBe(2);
    expect(stored).not.toContain(undefined);
    expect(storedOrders(store, {})).toBeUndefined();
  });
};

export const others = { filters: readFilters };
