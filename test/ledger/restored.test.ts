import { describe, expect, it } from 'vitest';
import { markRestored, markTrusted } from '../../src/ledger/restored.ts';
import { openSqliteStore } from '../../src/ledger/sqlite-store.ts';
import { hour, never, open, released, settled, unknown, write } from '../support/ledger.ts';

const keyOf = (idempotencyKey: string) => ({ ...write, idempotencyKey });

/** A ledger that has one key in each state, is marked as restored, and whose time can be set. */
const setUp = async () => {
  const store = openSqliteStore(':memory:');
  let now = 0;
  const ledger = await open({ store, elapsed: () => now });
  await ledger.once(keyOf('settled'), settled('first'));
  await ledger.once(keyOf('released'), released);
  const lost = (await ledger.once(keyOf('unknown'), unknown)) as { outcomeId: string };
  await markRestored(store, hour);
  const pass = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { store, ledger, lost, pass };
};

describe('a restored ledger', () => {
  it('gives the outcomes that it has', async () => {
    const { ledger, lost } = await setUp();
    expect(await ledger.once(keyOf('settled'), never)).toMatchObject({ outcome: 'first' });
    expect(await ledger.once(keyOf('unknown'), never)).toEqual({
      kind: 'unknown',
      outcomeId: lost.outcomeId,
    });
  });

  it.each(['missing', 'released'])('sends nothing under a key that is %s in it', async (key) => {
    const { ledger, lost } = await setUp();
    const ended = await ledger.once(keyOf(key), never);
    expect(ended).toMatchObject({ kind: 'unknown' });
    expect(await ledger.once(keyOf(key), never)).toEqual(ended);
    const { outcomeId } = ended as { outcomeId: string };
    expect((await ledger.open()).map((open) => open.outcomeId).sort()).toEqual(
      [lost.outcomeId, outcomeId].sort(),
    );
    expect(await ledger.find(outcomeId)).toMatchObject({
      caller: 'ann',
      operation: 'runPayment',
      subject: { fileNumber: 'R1' },
      evidence: null,
    });
    expect(await ledger.once({ ...keyOf(key), input: 'other' }, never)).toEqual({ kind: 'conflict' });
  });

  it.each(['missing', 'released', 'unknown'])(
    'sends once what an operator found not executed: %s',
    async (key) => {
      const { ledger } = await setUp();
      const { outcomeId } = (await ledger.once(keyOf(key), never)) as { outcomeId: string };
      expect(await ledger.resolve(outcomeId, null)).toBe(true);
      expect(await ledger.once(keyOf(key), released)).toEqual({ kind: 'released' });
      expect(await ledger.once(keyOf(key), settled('sent'))).toMatchObject({ outcome: 'sent' });
      expect(await ledger.once(keyOf(key), never)).toMatchObject({ outcome: 'sent' });
    },
  );

  it('gives the outcome that an operator found', async () => {
    const { ledger } = await setUp();
    const { outcomeId } = (await ledger.once(keyOf('missing'), never)) as { outcomeId: string };
    await ledger.resolve(outcomeId, 'found');
    expect(await ledger.once(keyOf('missing'), never)).toMatchObject({ outcome: 'found' });
  });

  it('does so for as long as keys are kept, and then takes missing keys for new ones', async () => {
    const { ledger, pass } = await setUp();
    pass(hour - 1000);
    expect(await ledger.once(keyOf('missing'), never)).toMatchObject({ kind: 'unknown' });
    pass(2000);
    expect(await ledger.once(keyOf('new'), settled('sent'))).toMatchObject({ outcome: 'sent' });
    expect(await ledger.once(keyOf('missing'), never)).toMatchObject({ kind: 'unknown' });
  });

  it('does so until an operator ends it', async () => {
    const { ledger, store } = await setUp();
    await markTrusted(store);
    expect(await ledger.once(keyOf('new'), settled('sent'))).toMatchObject({ outcome: 'sent' });
    expect(await ledger.once(keyOf('released'), settled('sent'))).toMatchObject({ outcome: 'sent' });
  });

  it('holds nothing to be evidence: the writes of others since the copy are missing', async () => {
    const { ledger, lost } = await setUp();
    expect(await ledger.since(lost.outcomeId)).toBeNull();
  });

  it('doubts keys of the copy again that were free, if it is restored once more', async () => {
    const { ledger, store } = await setUp();
    await markTrusted(store);
    await ledger.once(keyOf('late'), released);
    await markRestored(store, hour);
    expect(await ledger.once(keyOf('late'), never)).toMatchObject({ kind: 'unknown' });
  });
});
