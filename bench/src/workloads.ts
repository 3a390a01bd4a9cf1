import type { Stream } from './load.ts';

/** Something that servers are asked for, and how. */
export interface Workload {
  /** As in BENCH_ONLY. */
  readonly name: string;
  readonly title: string;
  /** Of the upstream. */
  readonly latencyMs: number;
  /** The first one is what the figures are of. */
  readonly streams: readonly [Stream, ...Stream[]];
  /** What the same process is asked for in turns with it, so that costs are compared without another process. */
  readonly reference?: Stream;
}

const ofAccounts = (clients: number, haveEqualKeys = false): Stream => ({
  operation: 'account',
  clients,
  haveEqualKeys,
});

const streamOf = (operation: Stream['operation'], clients: number): Stream => ({
  operation,
  clients,
  haveEqualKeys: false,
});

const ofPhones = streamOf('accountsOfPhone', 8);
const ofPages = streamOf('portfolioPage', 1);

export const workloads: readonly Workload[] = [
  {
    name: 'account-0',
    title: 'one account with phones and payments, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [ofAccounts(64)],
  },
  {
    name: 'apollo-0',
    title: 'one account as Apollo Client sends it, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [{ ...ofAccounts(64), form: 'apollo' }],
    reference: ofAccounts(64),
  },
  {
    name: 'persisted-0',
    title: 'one account by the id of a persisted document, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [{ ...ofAccounts(64), form: 'persisted' }],
    reference: ofAccounts(64),
  },
  {
    name: 'documents-0',
    title: 'one account, each time by another document, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [streamOf('newDocument', 64)],
    reference: ofAccounts(64),
  },
  {
    name: 'failing-0',
    title: 'one account where a fifth of the upstream calls fails, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [streamOf('failing', 64)],
  },
  {
    name: 'account-20',
    title: 'one account with phones and payments, upstream 20 ms, 64 clients',
    latencyMs: 20,
    streams: [ofAccounts(64)],
  },
  {
    name: 'account-20-few',
    title: 'one account with phones and payments, upstream 20 ms, 8 clients',
    latencyMs: 20,
    streams: [ofAccounts(8)],
  },
  {
    name: 'same-0',
    title: 'the same account for all, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [ofAccounts(64, true)],
  },
  {
    name: 'same-20',
    title: 'the same account for all, upstream 20 ms, 64 clients',
    latencyMs: 20,
    streams: [ofAccounts(64, true)],
  },
  {
    name: 'fifty-0',
    title: '50 accounts with phones and payments, upstream 0 ms, 8 clients',
    latencyMs: 0,
    streams: [ofPhones],
  },
  {
    name: 'fifty-20',
    title: '50 accounts with phones and payments, upstream 20 ms, 8 clients',
    latencyMs: 20,
    streams: [ofPhones],
  },
  {
    name: 'orders-0',
    title: 'four orders with their borrowers and the phones of each, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [streamOf('orders', 64)],
  },
  {
    name: 'note-0',
    title: 'a note added to an account, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [streamOf('note', 64)],
  },
  {
    name: 'payment-0',
    title: 'a payment with a key of its own, the ledger on SQLite, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [streamOf('payment', 64)],
  },
  {
    name: 'portfolio',
    title:
      'the first page of a portfolio of 10,000 accounts, each time another one, with 8 clients reading single accounts, upstream 20 ms',
    latencyMs: 20,
    streams: [ofAccounts(8), ofPages],
  },
  {
    name: 'portfolio-500',
    title:
      'the first 500 of a portfolio of 10,000 accounts with their phones, each time another one, upstream 20 ms, 1 client',
    latencyMs: 20,
    streams: [streamOf('largePage', 1)],
  },
];
