import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/ledger/store.ts';
import { dropDatabaseAtEnd, openersOf, storeKinds } from '../support/stores.ts';

const entryOf = (id: string, changes: Partial<Entry> = {}): Entry => ({
  id,
  tenant: '',
  caller: 'ann',
  keyDigest: id,
  operation: 'runPayment',
  fingerprint: 'fingerprint',
  state: 'PENDING',
  attempt: `attempt of ${id}`,
  subject: '{"name":"Zoë \\u0000 \'; DROP TABLE entries; --"}',
  evidence: null,
  outcome: null,
  startedAt: 1_800_000_000_001,
  begunAt: 1_800_000_000_002,
  changedAt: 1_800_000_000_003,
  leaseUntil: 1_800_000_000_004,
  expiresAt: null,
  version: 1,
  ...changes,
});

dropDatabaseAtEnd();

describe.each(storeKinds)('a store in $name', (kind) => {
  describe.skipIf(kind.isMissing)('keeps', () => {
    const { openStore } = openersOf(kind);

    it('every field of an entry', async () => {
      const place = await kind.newPlace();
      const store = await openStore(place);
      const entry = entryOf('1', { state: 'SETTLED', evidence: '{}', outcome: '"x"', expiresAt: 7 });
      expect(await store.add(entry)).toBeNull();
      expect(await (await openStore(place)).get('1')).toEqual(entry);
      expect(await store.get('2')).toBeNull();
    });

    it('one entry under a key of a caller, added by several stores at once', async () => {
      const place = await kind.newPlace();
      const stores = await Promise.all([openStore(place), openStore(place), openStore(place)]);
      const added = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          stores[index % 3]?.add(entryOf(`id ${index}`, { keyDigest: 'key' })),
        ),
      );
      expect(added.filter((holder) => holder === null)).toHaveLength(1);
      const [holder] = await (await openStore(place)).list(['PENDING']);
      expect(added.filter((one) => one !== null)).toEqual(Array(29).fill(holder));
      expect(await stores[0]?.add(entryOf('other', { keyDigest: 'key', caller: 'bob' }))).toBeNull();
    });

    it('the replacement of the version that was read, and no other', async () => {
      const place = await kind.newPlace();
      const [one, other] = await Promise.all([openStore(place), openStore(place)]);
      await one.add(entryOf('1'));
      const replaced = await Promise.all(
        [one, other, one, other].map((store, index) =>
          store.replace(entryOf('1', { version: 2, attempt: String(index) })),
        ),
      );
      expect(replaced.filter(Boolean)).toEqual([true]);
      const kept = await one.get('1');
      expect(kept).toEqual(entryOf('1', { version: 2, attempt: String(replaced.indexOf(true)) }));
      expect(await one.replace(entryOf('2', { version: 2 }))).toBe(false);
    });

    it('entries by state, with the oldest start', async () => {
      const store = await openStore();
      await store.add(entryOf('2', { begunAt: 2, startedAt: 20 }));
      await store.add(entryOf('1', { begunAt: 1, startedAt: 10 }));
      await store.add(entryOf('3', { begunAt: 0, startedAt: 5, state: 'UNKNOWN' }));
      expect((await store.list(['PENDING'])).map(({ id }) => id)).toEqual(['1', '2']);
      expect((await store.list(['PENDING', 'UNKNOWN'])).map(({ id }) => id)).toEqual(['3', '1', '2']);
      expect(await store.startedIn('PENDING')).toEqual({ count: 2, oldest: 10 });
      expect(await store.startedIn('SETTLED')).toEqual({ count: 0, oldest: null });
      expect(await store.counts()).toEqual({ PENDING: 2, UNKNOWN: 1 });
    });

    it('what has not expired, and the last change of what has', async () => {
      const store = await openStore();
      await store.add(entryOf('1', { expiresAt: 10, changedAt: 5, state: 'SETTLED' }));
      await store.add(entryOf('2', { expiresAt: 20, changedAt: 4, state: 'RELEASED' }));
      await store.add(entryOf('3', { changedAt: 3 }));
      await store.removeExpired(9);
      expect((await store.marks()).values.has('forgotten')).toBe(false);
      await store.removeExpired(10);
      expect([await store.get('1'), (await store.get('2'))?.id, (await store.get('3'))?.id]).toEqual([
        null,
        '2',
        '3',
      ]);
      const { values, lastChange } = await store.marks();
      expect([values.get('forgotten'), lastChange]).toEqual([5, 5]);
      await store.removeExpired(20);
      expect((await store.marks()).values.get('forgotten')).toBe(5);
    });

    it('the first text under a name', async () => {
      const place = await kind.newPlace();
      const [one, other] = await Promise.all([openStore(place), openStore(place)]);
      expect(await one.recall('name')).toBeNull();
      const texts = await Promise.all([one.remember('name', 'a'), other.remember('name', 'b')]);
      expect(new Set(texts).size).toBe(1);
      expect(await one.recall('name')).toBe(texts[0]);
    });

    it('the highest value of a mark, until it is cleared', async () => {
      const place = await kind.newPlace();
      const [one, other] = await Promise.all([openStore(place), openStore(place)]);
      const far = 2 ** 52;
      await Promise.all([one.raise({ clock: far, copied: 5 }), other.raise({ copied: 9, clock: far - 1 })]);
      await one.raise({ copied: 7 });
      const { values } = await other.marks();
      expect([values.get('clock'), values.get('copied')]).toEqual([far, 9]);
      await other.clear(['copied', 'restoredAt']);
      expect((await one.marks()).values.has('copied')).toBe(false);
    });

    it('the holders of unexpired keys', async () => {
      const store = await openStore();
      await store.add(entryOf('1', { begunAt: 3 }));
      await store.add(entryOf('2', { begunAt: 2, expiresAt: 10, state: 'SETTLED' }));
      await store.add(entryOf('3', { tenant: 'acme', caller: 'bob', begunAt: 1 }));
      const holders = await store.holders('ann', 10);
      expect(holders.toSorted((a, b) => a.tenant.localeCompare(b.tenant))).toEqual([
        { tenant: '', isCaller: true, keys: 1, oldest: 3 },
        { tenant: 'acme', isCaller: false, keys: 1, oldest: 1 },
      ]);
      expect(await store.holders('ann', 9)).toContainEqual({
        tenant: '',
        isCaller: true,
        keys: 2,
        oldest: 2,
      });
    });
  });
});
