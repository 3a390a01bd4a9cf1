import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import { DeadlineError } from '../../lib/deadline.ts';
import { patientRequester, type Ticket } from './bulkhead.ts';
import { createInFlight } from './in-flight.ts';

/** Creates reads that the test settles. */
const setUp = () => {
  const started: {
    ticket: Ticket;
    signal: CancelSignal;
    answer: (text: string) => void;
    fail: (error: Error) => void;
  }[] = [];
  const start = (ticket: Ticket, signal: CancelSignal) =>
    new Promise<string>((answer, fail) => {
      started.push({ ticket: ticket, signal, answer, fail });
    });
  const reads = createInFlight<string>();
  const share = (key: string, signal?: AbortSignal, requester = patientRequester()) =>
    reads.share(key, start, { requester, signal });
  return { reads, share, started };
};

describe('a read in flight', () => {
  it('is joined by callers with the same key only', async () => {
    const { share, started } = setUp();
    const [one, two, other] = [share('a'), share('a'), share('b')];
    expect([one, two, other].map(({ isJoined }) => isJoined)).toEqual([false, true, false]);
    started[0]?.answer('A');
    started[1]?.answer('B');
    expect(await Promise.all([one.result, two.result, other.result])).toEqual(['A', 'A', 'B']);
  });

  it.each(['answer', 'fail'] as const)('is removed when it settles (%s)', async (how) => {
    const { share, started } = setUp();
    const first = share('a').result;
    const isJoinable = first.catch(() => {}).then(() => share('a').isJoined);
    if (how === 'answer') started[0]?.answer('A');
    else started[0]?.fail(new Error('no'));
    expect(await isJoinable).toBe(false);
    expect(started).toHaveLength(2);
  });

  it('continues for the remaining callers if one cancels', async () => {
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

  it('is aborted and not joinable once all callers have cancelled', async () => {
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
    // The result of the old read does not affect the new one.
    started[0]?.fail(new Error('aborted'));
    await answers;
    expect(share('a').isJoined).toBe(true);
    started[1]?.answer('A');
    expect(await late.result).toBe('A');
  });

  it.each([
    [undefined, 'left'],
    [new DeadlineError(), 'late'],
  ])('is not started for a caller that has cancelled already (%s)', async (reason, loss) => {
    const { share, started } = setUp();
    const left = { name: 'TransportError', loss, mayBeSent: false };
    await expect(share('a', AbortSignal.abort(reason)).result).rejects.toMatchObject(left);
    expect(started).toEqual([]);
  });

  it('a passed deadline cancels one caller with the loss "late"', async () => {
    const { share, started } = setUp();
    const [deadline, leaving] = [new AbortController(), new AbortController()];
    const answers = [share('a', deadline.signal).result, share('a', leaving.signal).result];
    const settled = Promise.allSettled(answers);
    deadline.abort(new DeadlineError());
    leaving.abort();
    expect(await settled).toMatchObject([{ reason: { loss: 'late' } }, { reason: { loss: 'left' } }]);
    expect(started[0]?.signal.aborted).toBe(true);
  });

  it('has a ticket for all its callers', async () => {
    const { share, started } = setUp();
    const [one, two, other] = [patientRequester(), patientRequester(), patientRequester()];
    const answers = [share('a', undefined, one), share('a', undefined, two), share('b', undefined, other)];
    const requesters = started.map(({ ticket }) => new Set(ticket.requesters));
    expect(requesters).toEqual([new Set([one, two]), new Set([other])]);
    expect([requesters[0]?.has(one), requesters[0]?.has(two), requesters[1]?.has(other)]).toEqual([
      true,
      true,
      true,
    ]);
    for (const { answer } of started) answer('A');
    await Promise.all(answers.map(({ result: response }) => response));
  });

  it('after a seal it is not joined, and serves its callers', async () => {
    const { reads, share, started } = setUp();
    const before = share('a').result;
    reads.seal();
    const after = share('a');
    expect(after.isJoined).toBe(false);
    started[0]?.answer('old');
    expect(await before).toBe('old');
    // The end of the old read leaves the new one joinable.
    expect(share('a').isJoined).toBe(true);
    started[1]?.answer('new');
    expect(await after.result).toBe('new');
  });

  it('removes its listeners, and any number of reads of one signal cause no warning', async () => {
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
