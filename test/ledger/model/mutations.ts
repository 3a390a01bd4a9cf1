import type { Entry, LedgerStore } from '../../../src/ledger/store.ts';
import { attemptOf, executor, type Scenario } from './scenario.ts';
import type { Mutation } from './simulated-gateway.ts';

const onStore = (change: (store: LedgerStore) => Partial<LedgerStore>): Mutation => ({
  store: (store) => ({ ...store, ...change(store) }),
});

/** Changes what is written, instead of the rule that writes it. */
const writing = (change: (entry: Entry) => Entry): Mutation =>
  onStore((store) => ({ replace: (entry) => store.replace(change(entry)) }));

const stalled: Pick<Scenario, 'requests' | 'conducts' | 'operator' | 'limits'> = {
  requests: [2],
  conducts: ['approve', 'execute and lose'],
  operator: 'careful',
  limits: { leases: 1, resolutions: 1 },
};

const lossy: typeof stalled = { requests: [2], conducts: ['approve'], limits: { losses: 1 } };
const plain: typeof stalled = { requests: [1, 1], conducts: ['approve', 'drop'], limits: {} };

/** Writes whatever the version of the entry is. */
const unversioned = (isMeant: (entry: Entry) => boolean): Mutation =>
  onStore((store) => ({
    replace: async (entry) => {
      if (!isMeant(entry)) return store.replace(entry);
      const current = await store.get(entry.id);
      return store.replace({ ...entry, version: (current?.version ?? 0) + 1 });
    },
  }));

/** Each breaks one rule of the protocol: the checker must find what follows from it. */
export const mutations: readonly (Scenario & { readonly finds: RegExp })[] = [
  {
    ...stalled,
    name: 'the call is sent without claiming the write',
    limits: { leases: 1, resolutions: 1, delays: 1 },
    execute: async (_, send) => attemptOf(await send()),
    finds: /a call was sent/,
  },
  {
    ...stalled,
    name: 'the call is sent although the claim failed',
    execute: async (write, send) => {
      await write.claim().catch(() => false);
      return attemptOf(await send());
    },
    finds: /a call was sent/,
  },
  {
    ...plain,
    name: 'a call without a response is repeated',
    execute: async (write, send) => {
      const first = await executor(write, send);
      return first.kind === 'unknown' ? executor(write, send) : first;
    },
    finds: /a call was sent although an earlier one may have been executed/,
  },
  {
    ...plain,
    name: 'a call without a response counts as not executed',
    execute: async (write, send) => {
      const first = await executor(write, send);
      return first.kind === 'unknown' ? { kind: 'released' } : first;
    },
    finds: /reported as not executed|an earlier one may have been executed/,
  },
  {
    ...plain,
    name: 'the write of a dead process counts as not executed',
    requests: [1],
    limits: { crashes: 1, restarts: 1, leases: 1 },
    mutation: writing((entry) =>
      entry.state === 'UNKNOWN' ? { ...entry, state: 'RELEASED', expiresAt: 1e15 } : entry,
    ),
    finds: /is free|a call was sent although an earlier one may have been executed/,
  },
  {
    ...plain,
    name: 'a pending write is taken over while its process is alive',
    mutation: onStore((store) => ({
      add: async (entry) => {
        const holder = await store.add(entry);
        return holder?.state === 'PENDING' ? { ...holder, state: 'RELEASED' } : holder;
      },
    })),
    finds: /a call was sent/,
  },
  {
    ...stalled,
    name: 'a key is released without comparing the version of its entry',
    conducts: ['decline'],
    mutation: unversioned(({ state }) => state === 'RELEASED'),
    finds: /a call was sent|a recorded outcome was replaced|as not executed|that is not recorded/,
  },
  {
    ...stalled,
    name: 'a lease is renewed without comparing the version of its entry',
    limits: { leases: 1, resolutions: 1, renewals: 1 },
    mutation: unversioned(({ state, version }) => state === 'PENDING' && version > 1),
    finds: /a call was sent|a recorded outcome was replaced|as not executed|that is not recorded/,
  },
  {
    ...stalled,
    name: 'an outcome is recorded without comparing the attempt',
    requests: [2],
    operator: 'hasty',
    mutation: {
      store: (store) => {
        let own: string | undefined;
        return {
          ...store,
          add: async (entry) => {
            own ??= entry.attempt;
            return store.add(entry);
          },
          get: async (id) => {
            const entry = await store.get(id);
            return entry && own !== undefined && entry.state === 'SETTLED'
              ? { ...entry, attempt: own, state: 'UNKNOWN' }
              : entry;
          },
        };
      },
    },
    finds: /a recorded outcome was replaced/,
  },
  {
    ...plain,
    name: 'an outcome is reported before the store has confirmed it',
    mutation: onStore((store) => ({
      replace: async (entry) => {
        const replacing = store.replace(entry);
        return entry.state === 'SETTLED' ? true : replacing;
      },
    })),
    finds: /an outcome was reported that is not recorded/,
  },
  {
    ...plain,
    name: 'a call is sent before the store has confirmed its intent',
    mutation: onStore((store) => ({
      add: async (entry) => {
        void store.add(entry);
        return null;
      },
    })),
    finds: /a call was sent|a recorded outcome was replaced|as not executed|that is not recorded/,
  },
  {
    ...plain,
    name: 'times are those of the wall clock',
    keyLifeMs: 1000,
    requests: [1, 1],
    conducts: ['approve'],
    limits: { clockSteps: 2, ticks: 1 },
    mutation: { options: (time) => ({ elapsed: () => time.now + time.wallOffset }) },
    finds: /a key was removed before it expired/,
  },
  {
    ...lossy,
    name: 'a failure counts as an unused key, if the own entry is not in the store',
    mutation: {
      store: (store) => {
        let own = '';
        return {
          ...store,
          add: (entry) => {
            own = entry.id;
            return store.add(entry);
          },
          holderOf: async (key) => {
            const holder = await store.holderOf(key);
            return holder?.id === own ? holder : null;
          },
        };
      },
    },
    finds: /reported as not executed|an earlier one may have been executed/,
  },
  {
    ...lossy,
    name: 'a write that the store has lost counts as written',
    mutation: onStore((store) => ({ replace: (entry) => store.replace(entry).catch(() => true) })),
    finds: /an outcome was reported that is not recorded/,
  },
  {
    ...stalled,
    name: 'an unknown outcome expires',
    mutation: writing((entry) => (entry.state === 'UNKNOWN' ? { ...entry, expiresAt: 1e15 } : entry)),
    finds: /an open outcome expires/,
  },
  {
    ...plain,
    name: 'no dead process is ever detected',
    requests: [1],
    limits: { crashes: 1 },
    mutation: { options: () => ({ leaseMs: 1e6 }) },
    finds: /a key stays in flight/,
  },
];
