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
}

const ofAccounts = (clients: number, haveEqualKeys = false): Stream => ({
  operation: 'account',
  clients,
  haveEqualKeys,
});

const ofPhones: Stream = { operation: 'accountsOfPhone', clients: 8, haveEqualKeys: false };
const ofPages: Stream = { operation: 'portfolioPage', clients: 1, haveEqualKeys: false };

export const workloads: readonly Workload[] = [
  {
    name: 'account-0',
    title: 'one account with phones and payments, upstream 0 ms, 64 clients',
    latencyMs: 0,
    streams: [ofAccounts(64)],
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
    name: 'portfolio',
    title:
      'the first page of a portfolio of 10,000 accounts, each time another one, with 8 clients reading single accounts, upstream 20 ms',
    latencyMs: 20,
    streams: [ofAccounts(8), ofPages],
  },
];
