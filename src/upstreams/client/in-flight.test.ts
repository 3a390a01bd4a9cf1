import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import { DeadlineError } from '../../lib/deadline.ts';
import { patientRequester, type Ticket } from './bulkhead.ts';
import { createInFlight } from './in-flight.ts';

/** Reads that settle when they are told to. */
const setUp = () => {
  const started: {
    turn: Ticket;
    signal: CancelSignal;
    answer: (text: string) => void;
    fail: (error: Error) => void;
  }[] = [];
  const start = (turn: Ticket, signal: CancelSignal) =>
    new Promise<string>((answer, fail) => {
      started.push({ turn, signal, answer, fail });
    });
  const reads = createInFlight<string>();
  const share = (key: string, signal?: AbortSignal, requester = patientRequester()) =>
    reads.share(key, start, { requester, signal });
  return { reads, share, started };
};

describe('a read under way', () => {
  it('is joined by those with the same key, and by no other', async () => {
    const { share, started } = setUp();
    const [one, two, other] = [share('a'), share('a'), share('b')];
    expect([one, two, other].map(({ isJoined }) => isJoined)).toEqual([false, true, false]);
    started[0]?.answer('A');
    started[1]?.answer('B');
    expect(await Promise.all([one.result, two.result, other.result])).toEqual(['A', 'A', 'B']);
  });

  it.each(['answer', 'fail'] as const)('is over once it has settled (%s)', async (how) => {
    const { share, started } = setUp();
    const first = share('a').result;
    const told = first.catch(() => {}).then(() => share('a').isJoined);
    if (how === 'answer') started[0]?.answer('A');
    else started[0]?.fail(new Error('no'));
    expect(await told).toBe(false);
    expect(started).toHaveLength(2);
  });

  it('goes on for those who stay', async () => {
    const { share, started } = setUp();
    const leaving = new AbortController();
    const left = share('a', leaving.signal).result;
    const stays = share('a', new AbortController().signal).result;
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'TransportError' });
    expect(started[0]?.signal.aborted).toBe(false);
    expect(share('a').isJoined).toBe(true);
    started[0]?.answer('A');
    expect(await stays).toBe('A');
  });

  it('that everybody left is aborted, and joined by nobody', async () => {
    const { share, started } = setUp();
    const leaving = new AbortController();
    const answers = Promise.allSettled([
      share('a', leaving.signal).result,
      share('a', leaving.signal).result,
    ]);
    leaving.abort();
    expect(started[0]?.signal.aborted).toBe(true);
    const late = share('a');
    expect(late.isJoined).toBe(false);
    // What the old one comes to is no matter of the new one.
    started[0]?.fail(new Error('aborted'));
    await answers;
    expect(share('a').isJoined).toBe(true);
    started[1]?.answer('A');
    expect(await late.result).toBe('A');
  });

  it.each([
    [undefined, 'left'],
    [new DeadlineError(), 'late'],
  ])('is not begun for one who has left already (%s)', async (reason, loss) => {
    const { share, started } = setUp();
    const left = { name: 'TransportError', loss, mayBeSent: false };
    await expect(share('a', AbortSignal.abort(reason)).result).rejects.toMatchObject(left);
    expect(started).toEqual([]);
  });

  it('is left by those whose deadline passes as by others, and tells them so', async () => {
    const { share, started } = setUp();
    const [deadline, leaving] = [new AbortController(), new AbortController()];
    const answers = [share('a', deadline.signal).result, share('a', leaving.signal).result];
    const settled = Promise.allSettled(answers);
    deadline.abort(new DeadlineError());
    leaving.abort();
    expect(await settled).toMatchObject([{ reason: { loss: 'late' } }, { reason: { loss: 'left' } }]);
    expect(started[0]?.signal.aborted).toBe(true);
  });

  it('takes its turn for all who wait for it', async () => {
    const { share, started } = setUp();
    const [one, two, other] = [patientRequester(), patientRequester(), patientRequester()];
    const answers = [share('a', undefined, one), share('a', undefined, two), share('b', undefined, other)];
    const requesters = started.map(({ turn }) => new Set(turn.requesters));
    expect(requesters).toEqual([new Set([one, two]), new Set([other])]);
    expect([requesters[0]?.has(one), requesters[0]?.has(two), requesters[1]?.has(other)]).toEqual([
      true,
      true,
      true,
    ]);
    for (const { answer } of started) answer('A');
    await Promise.all(answers.map(({ result: response }) => response));
  });

  it('is not joined after a seal, and serves those who wait for it', async () => {
    const { reads, share, started } = setUp();
    const before = share('a').result;
    reads.seal();
    const after = share('a');
    expect(after.isJoined).toBe(false);
    started[0]?.answer('old');
    expect(await before).toBe('old');
    // The end of the old one leaves the new one joinable.
    expect(share('a').isJoined).toBe(true);
    started[1]?.answer('new');
    expect(await after.result).toBe('new');
  });

  it('leaves nothing behind on a signal, and hears it for any number of reads without a warning', async () => {
    const warned = vi.fn();
    process.on('warning', warned);
    const { share, started } = setUp();
    const { signal } = new AbortController();
    const answers = Array.from({ length: 20 }, (_, n) => share(String(n), signal).result);
    expect(getEventListeners(signal, 'abort')).toHaveLength(20);
    started.slice(0, 10).forEach(({ answer }) => {
      answer('A');
    });
    started.slice(10).forEach(({ fail }) => {
      fail(new Error('no'));
    });
    await Promise.allSettled(answers);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    // Node emits its warnings a tick later.
    await new Promise(setImmediate);
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
  });
});
