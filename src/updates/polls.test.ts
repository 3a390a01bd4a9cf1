import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Changes } from './changes.ts';
import { type PolledPart, Polls, TooManyPollsError } from './polls.ts';
import type { WriteReports } from './write-reports.ts';

const intervalMs = 10_000;
/** The longest time from the end of one poll to the next. */
const longestMs = intervalMs * 1.1;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A part of an object whose state the test changes. */
const createPart = <Part extends string>(part: Part) => {
  const reads = { count: 0 };
  let state: unknown = 'first';
  const read = async (): Promise<unknown> => {
    reads.count += 1;
    if (state instanceof Error) throw state;
    return state;
  };
  const change = (next: unknown): void => {
    state = next;
  };
  return { polled: { part, read } satisfies PolledPart<Part>, reads, change };
};

const source = {};
const polled = <Part extends string>(...parts: PolledPart<Part>[]) => ({
  source,
  name: 'fileNumber 1',
  scopes: ['all', 'fileNumber 1'],
  parts,
});

/** Returns the changes that come within a time; `undefined` if none do. */
const nextWithin = async <Part extends string>(changes: Changes<Part>, milliseconds: number) => {
  let next: IteratorResult<ReadonlyMap<Part, unknown>> | undefined;
  const waiting = changes.next().then((found) => {
    next = found;
  });
  await vi.advanceTimersByTimeAsync(milliseconds);
  return { next, waiting };
};

describe('a poll', () => {
  it('reports the parts that differ from their last read, with the responses', async () => {
    const [notes, payments] = [createPart('NOTE'), createPart('PAYMENT')];
    const changes = await new Polls({ intervalMs, maxObjects: 1 }).subscribe(
      polled<'NOTE' | 'PAYMENT'>(notes.polled, payments.polled),
    );
    notes.change(['a note']);
    const { next } = await nextWithin(changes, longestMs);
    expect(next).toEqual({ done: false, value: new Map([['NOTE', ['a note']]]) });
    changes.end();
  });

  it('reports nothing while nothing changes', async () => {
    const notes = createPart('NOTE');
    const changes = await new Polls({ intervalMs, maxObjects: 1 }).subscribe(polled(notes.polled));
    const { next, waiting } = await nextWithin(changes, 10 * longestMs);
    expect(next).toBeUndefined();
    expect(notes.reads.count).toBeGreaterThanOrEqual(10);
    changes.end();
    await waiting;
  });

  it('compares only the values that matter', async () => {
    const account = createPart('STATUS');
    const compared = ({ status }: { status: string }) => status;
    account.change({ status: 'OPEN', viewed: 1 });
    const part = { ...account.polled, compared };
    const changes = await new Polls({ intervalMs, maxObjects: 1 }).subscribe(polled(part));
    account.change({ status: 'OPEN', viewed: 2 });
    const { next, waiting } = await nextWithin(changes, longestMs);
    expect(next).toBeUndefined();
    account.change({ status: 'PAID', viewed: 2 });
    await vi.advanceTimersByTimeAsync(longestMs);
    await waiting;
    changes.end();
  });

  it('is shared by all subscribers of an object with the same credential', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const [one, other] = await Promise.all([
      polls.subscribe(polled(notes.polled)),
      polls.subscribe(polled(notes.polled)),
    ]);
    const before = notes.reads.count;
    notes.change('second');
    const [first, second] = [one.next(), other.next()];
    await vi.advanceTimersByTimeAsync(longestMs);
    expect(await first).toEqual(await second);
    expect(notes.reads.count - before).toBe(1);
    expect([polls.size, polls.subscriptions]).toEqual([1, 2]);
    one.end();
    expect(polls.subscriptions).toBe(1);
    other.end();
  });

  it('is not shared with another credential', async () => {
    const [mine, theirs] = [createPart('NOTE'), createPart('NOTE')];
    const polls = new Polls({ intervalMs, maxObjects: 2 });
    const own = await polls.subscribe(polled(mine.polled));
    const others = await polls.subscribe({ ...polled(theirs.polled), source: {} });
    theirs.change('second');
    const { next, waiting } = await nextWithin(own, longestMs);
    expect(next).toBeUndefined();
    own.end();
    others.end();
    await waiting;
  });

  it('stops with its last subscriber, also before the first change', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const one = await polls.subscribe(polled(notes.polled));
    const other = await polls.subscribe(polled(notes.polled));
    one.end();
    await vi.advanceTimersByTimeAsync(longestMs);
    const before = notes.reads.count;
    expect(before).toBeGreaterThan(1);
    await other.return();
    await vi.advanceTimersByTimeAsync(10 * longestMs);
    expect(notes.reads.count).toBe(before);
    expect(polls.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends a wait for changes with its subscription', async () => {
    const changes = await new Polls({ intervalMs, maxObjects: 1 }).subscribe(
      polled(createPart('NOTE').polled),
    );
    const waiting = changes.next();
    await changes.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('reads at once what was written, and again if a read was in progress', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const changes = await polls.subscribe(polled(notes.polled));
    polls.changed(['fileNumber 1']);
    notes.change('second');
    polls.changed(['fileNumber 1']);
    const { next } = await nextWithin(changes, 0);
    expect(next?.value).toEqual(new Map([['NOTE', 'second']]));
    expect(notes.reads.count).toBe(3);
    polls.changed(['fileNumber 2']);
    await vi.advanceTimersByTimeAsync(0);
    expect(notes.reads.count).toBe(3);
    polls.changed(['all']);
    await vi.advanceTimersByTimeAsync(0);
    expect(notes.reads.count).toBe(4);
    changes.end();
  });

  it('begins at once for what is written with another credential', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const changes = await polls.subscribe({ ...polled(notes.polled), source: {} });
    notes.change('second');
    polls.changed(['fileNumber 1']);
    const { next } = await nextWithin(changes, 0);
    expect(next?.value).toEqual(new Map([['NOTE', 'second']]));
    changes.end();
  });

  it('is one more, not one for each, for writes while it is in progress', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const changes = await polls.subscribe(polled(notes.polled));
    for (let writes = 0; writes < 100; writes += 1) polls.changed(['all', 'fileNumber 1']);
    await vi.advanceTimersByTimeAsync(0);
    expect(notes.reads.count).toBe(1 + 2);
    changes.end();
  });

  it('merges the changes that come while a subscriber is busy', async () => {
    const [notes, payments] = [createPart('NOTE'), createPart('PAYMENT')];
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const changes = await polls.subscribe(polled<'NOTE' | 'PAYMENT'>(notes.polled, payments.polled));
    for (const text of ['second', 'third']) {
      notes.change(text);
      await vi.advanceTimersByTimeAsync(longestMs);
    }
    payments.change('paid');
    await vi.advanceTimersByTimeAsync(longestMs);
    const { value } = await changes.next();
    expect(value).toEqual(
      new Map([
        ['NOTE', 'third'],
        ['PAYMENT', 'paid'],
      ]),
    );
    changes.end();
  });

  it('is repeated more seldom while it fails, and reports the error after five failures', async () => {
    const [notes, payments] = [createPart('NOTE'), createPart('PAYMENT')];
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const one = await polls.subscribe(polled(notes.polled));
    const other = await polls.subscribe(polled(payments.polled));
    notes.change(new Error('no answer'));
    const before = notes.reads.count;
    const failed = expect(one.next()).rejects.toThrow('no answer');
    await vi.advanceTimersByTimeAsync(longestMs + 2 * longestMs);
    expect(notes.reads.count - before).toBeLessThanOrEqual(2);
    await vi.advanceTimersByTimeAsync((4 + 8 + 8) * longestMs);
    await failed;
    expect(await one.next()).toEqual({ done: true, value: undefined });
    // The part of the other one is readable.
    payments.change('paid');
    const { next } = await nextWithin(other, 8 * longestMs);
    expect(next?.value).toEqual(new Map([['PAYMENT', 'paid']]));
    other.end();
    expect(polls.size).toBe(0);
  });

  it('survives failures that end, and reports what changed meanwhile', async () => {
    const notes = createPart('NOTE');
    const changes = await new Polls({ intervalMs, maxObjects: 1 }).subscribe(polled(notes.polled));
    notes.change(new Error('no answer'));
    await vi.advanceTimersByTimeAsync(longestMs);
    notes.change('second');
    const { next } = await nextWithin(changes, 2 * longestMs);
    expect(next?.value).toEqual(new Map([['NOTE', 'second']]));
    changes.end();
  });

  it('fails at once if the first state cannot be read, and leaves nothing', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    notes.change(new Error('no answer'));
    await expect(polls.subscribe(polled(notes.polled))).rejects.toThrow('no answer');
    expect(polls.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is refused beyond the limit of objects', async () => {
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const changes = await polls.subscribe(polled(createPart('NOTE').polled));
    const further = polls.subscribe({ ...polled(createPart('NOTE').polled), name: 'fileNumber 2' });
    await expect(further).rejects.toThrow(TooManyPollsError);
    changes.end();
    const later = await polls.subscribe({ ...polled(createPart('NOTE').polled), name: 'fileNumber 2' });
    later.end();
  });

  it('ends a subscription that begins while, or after, the gateway stops', async () => {
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 });
    const beginning = polls.subscribe(polled(notes.polled));
    polls.end();
    for (const changes of [await beginning, await polls.subscribe(polled(notes.polled))]) {
      expect(await changes.next()).toEqual({ done: true, value: undefined });
    }
    expect([polls.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('ends all subscriptions when the gateway stops', async () => {
    const polls = new Polls({ intervalMs, maxObjects: 2 });
    const one = await polls.subscribe(polled(createPart('NOTE').polled));
    const other = await polls.subscribe({ ...polled(createPart('NOTE').polled), name: 'fileNumber 2' });
    const waiting = [one.next(), other.next()];
    polls.end();
    expect(await Promise.all(waiting)).toEqual([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
    expect(polls.size).toBe(0);
  });
});

/** Another process, which has sent what the test sends. */
const createOther = () => {
  const sent: (readonly string[])[] = [];
  let listener: ((scopes: readonly string[]) => void) | undefined;
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const reports: WriteReports = {
    send: (scopes) => void sent.push(scopes),
    receive: (given) => {
      listener = given;
      return begun;
    },
  };
  return { reports, sent, begin, write: (...scopes: string[]) => listener?.(scopes) };
};

describe('with other processes, a poll', () => {
  it('begins at once for what one of them has written, which is not reported again', async () => {
    const other = createOther();
    other.begin();
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 1 }, other.reports);
    const changes = await polls.subscribe(polled(notes.polled));
    notes.change('second');
    other.write('fileNumber 2');
    await vi.advanceTimersByTimeAsync(0);
    expect(notes.reads.count).toBe(1);
    other.write('fileNumber 1');
    const { next } = await nextWithin(changes, 0);
    expect(next?.value).toEqual(new Map([['NOTE', 'second']]));
    expect(other.sent).toEqual([]);
    changes.end();
    other.write('fileNumber 1');
    await vi.advanceTimersByTimeAsync(0);
    expect(notes.reads.count).toBe(2);
  });

  it('has its first read only when reports arrive: later writes are reported', async () => {
    const other = createOther();
    const notes = createPart('NOTE');
    const polls = new Polls({ intervalMs, maxObjects: 2 }, other.reports);
    const subscribing = polls.subscribe(polled(notes.polled));
    await vi.advanceTimersByTimeAsync(longestMs);
    expect(notes.reads.count).toBe(0);
    other.begin();
    const changes = await subscribing;
    expect(notes.reads.count).toBe(1);
    changes.end();
  });

  it('of them begins by a report, whether or not an object is followed here', async () => {
    const other = createOther();
    const polls = new Polls({ intervalMs, maxObjects: 1 }, other.reports);
    expect(polls.mayFollow).toBe(true);
    polls.changed(['fileNumber 1']);
    expect(other.sent).toEqual([['fileNumber 1']]);
    expect(new Polls({ intervalMs, maxObjects: 1 }).mayFollow).toBe(false);
  });
});
