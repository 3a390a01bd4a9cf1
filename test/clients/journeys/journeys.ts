import { expect } from 'vitest';
import type { Running } from './running.ts';

/** What a front-end does with a client. */
export const journeys = {
  pages: 'pages through a portfolio',
  refetch: 'reads an object again by node, and shows its new values everywhere',
  mutation: 'shows the result of a mutation everywhere, without another request',
  masked: 'shows a masked field',
  parts: 'shows an account and its phones before its notes, which are deferred',
  failure: 'shows a failure at its path, and the data next to it',
  charge: 'repeats a charge whose response was lost, and charges once',
  persisted: 'sends a hash, and the text only once the gateway does not know it',
} as const;

export type Journey = keyof typeof journeys;

/** What a client cannot do. */
export const impossible: Readonly<Record<string, readonly Journey[]>> = {
  // It sends texts only, and reads JSON only.
  'graphql-request': ['persisted', 'parts'],
};

/** The journeys of one client: all but the impossible ones. */
export type Journeys = Readonly<Partial<Record<Journey, (running: Running) => Promise<void>>>>;

export const portfolio = 'Buffalo Credit';
export const fileNumber = 'R3012';

/** The file numbers of all accounts of the portfolio, without a client. */
export const fileNumbersOf = async ({ ask }: Running): Promise<string[]> => {
  const data = (await ask(
    `query All($name: String!) { portfolio(name: $name) { accounts(first: 100) { edges { node { fileNumber } } } } }`,
    { name: portfolio },
  )) as { portfolio: { accounts: { edges: { node: { fileNumber: string } }[] } } };
  const all = data.portfolio.accounts.edges.map(({ node }) => node.fileNumber);
  expect(all.length).toBeGreaterThan(20);
  return all;
};

/** Changes the balance of the account behind the client's back. */
export const payOutside = async ({ ask }: Running, amount: string): Promise<string> => {
  const data = (await ask(
    `mutation Pay($input: RunPaymentInput!) {
      runPayment(input: $input) { ... on RunPaymentSuccess { account { currentBalance } } }
    }`,
    { input: { fileNumber, amount, paymentDate: '2026-11-20', idempotencyKey: `outside-${amount}` } },
  )) as { runPayment: { account: { currentBalance: string } } };
  return data.runPayment.account.currentBalance;
};

/** What a client shows of an account whose response comes in parts. */
export type Shown =
  | {
      readonly currentBalance?: unknown;
      readonly phones?: readonly unknown[] | null | undefined;
      readonly notes?: { readonly edges?: readonly unknown[] | null | undefined } | null | undefined;
    }
  | null
  | undefined;

/** Expects that a client showed all phones, which are streamed, before the notes, which are deferred. */
export const expectParts = (shown: readonly Shown[]): void => {
  const withData = shown.filter((account) => account?.currentBalance !== undefined);
  const states = withData.map((account) => [account?.phones?.length, account?.notes?.edges !== undefined]);
  const phones = withData.at(-1)?.phones?.length;
  expect(phones).toBeGreaterThan(1);
  expect(states).toContainEqual([phones, false]);
  expect(states.at(-1)).toEqual([phones, true]);
};

/** What a client shows of the accounts of a portfolio whose response comes in parts. */
export type ShownAccounts =
  | {
      readonly edges?:
        | readonly (
            | { readonly node?: { readonly fileNumber?: unknown } | null | undefined }
            | null
            | undefined
          )[]
        | null
        | undefined;
      readonly pageInfo?: { readonly hasNextPage?: boolean | undefined } | null | undefined;
    }
  | null
  | undefined;

/** Waits for the end of a page that is streamed, and expects all accounts of the portfolio in it. */
export const expectAllAccounts = async (running: Running, shown: () => ShownAccounts): Promise<void> => {
  await expect.poll(() => shown()?.pageInfo?.hasNextPage, { timeout: 20_000 }).toBe(false);
  expect(shown()?.edges?.map((edge) => edge?.node?.fileNumber)).toEqual(await fileNumbersOf(running));
};

export const payment = { fileNumber, amount: '17.43', paymentDate: '2026-11-20' };

/** How many payments of the amount of `payment` the account has. */
export const paymentsOf = async ({ ask }: Running): Promise<number> => {
  const data = (await ask(
    `query Paid($fileNumber: String!) {
      account(fileNumber: $fileNumber) { payments(first: 100) { edges { node { amount } } } }
    }`,
    { fileNumber },
  )) as { account: { payments: { edges: { node: { amount: string } }[] } } };
  return data.account.payments.edges.filter(({ node }) => node.amount === payment.amount).length;
};

/** Expects that a hash was sent, and then the text, both by POST. */
export const expectFallback = ({ sent }: Running): void => {
  const kinds = sent.map(({ method, body }) => ({
    method,
    hasHash: JSON.stringify(body['extensions'] ?? {}).includes('sha256Hash'),
    hasText: typeof body['query'] === 'string',
  }));
  expect(kinds).toMatchObject([
    { method: 'POST', hasHash: true, hasText: false },
    { method: 'POST', hasText: true },
  ]);
};

/** The idempotency keys that were sent. */
export const sentKeys = ({ sent }: Running): unknown[] =>
  sent.flatMap(({ body }) => {
    const { input } = (body['variables'] ?? {}) as { input?: { idempotencyKey?: string } };
    return input?.idempotencyKey ?? [];
  });
