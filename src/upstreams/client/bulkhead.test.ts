import { afterEach, describe, expect, it, vi } from 'vitest';
import { DeadlineError } from '../../lib/deadline.ts';
import {
  type BulkheadOptions,
  type CallRequester,
  createBulkhead,
  patientRequester,
  Ticket,
} from './bulkhead.ts';

const nextTurn = (): Promise<void> => new Promise(setImmediate);

/** Creates a bulkhead, by default with one slot, and records the names of calls in the order in which they get one. */
const setUp = (options: Partial<BulkheadOptions> = {}) => {
  const bulkhead = createBulkhead({ slots: () => 1, maxWaiting: 10_000, maxWaitMs: 60_000, ...options });
  const order: string[] = [];
  const leaves: (() => void)[] = [];
  const enter = (name: string, ticket: Ticket, signal?: AbortSignal): Promise<void> =>
    bulkhead.enter(ticket, signal).then((leave) => {
      order.push(name);
      leaves.push(leave);
    });
  /** Releases the slots one after the other, until the given number is left or none is held. */
  const step = async (count = Number.POSITIVE_INFINITY): Promise<void> => {
    await nextTurn();
    for (let left = 0; left < count && leaves.length > 0; left += 1) {
      leaves.shift()?.();
      await nextTurn();
    }
  };
  const counts = () => [bulkhead.inFlight(), bulkhead.waiting()];
  return { bulkhead, order, enter, step, counts };
};

afterEach(() => {
  vi.useRealTimers();
});

describe('a bulkhead', () => {
  it('grants no more slots than it has, and passes each released slot to a waiting call', async () => {
    const { order, enter, step, counts } = setUp({ slots: () => 3 });
    const requester = patientRequester();
    const all = Promise.all(Array.from({ length: 7 }, (_, n) => enter(`${n}`, new Ticket(requester))));
    await nextTurn();
    expect([order, counts()]).toEqual([
      ['0', '1', '2'],
      [3, 4],
    ]);
    await step(1);
    expect([order.length, counts()]).toEqual([4, [3, 3]]);
    await step();
    await all;
    expect([order, counts()]).toEqual([
      ['0', '1', '2', '3', '4', '5', '6'],
      [0, 0],
    ]);
  });

  it('serves the calls of a requester in order, and alternates between requesters', async () => {
    const { order, enter, step } = setUp();
    const [a, b, c] = [patientRequester(), patientRequester(), patientRequester()];
    const calls: [string, CallRequester][] = [
      ['a0', a],
      ['a1', a],
      ['a2', a],
      ['a3', a],
      ['b1', b],
      ['b2', b],
      ['c1', c],
    ];
    const all = Promise.all(calls.map(([name, requester]) => enter(name, new Ticket(requester))));
    await step();
    await all;
    expect(order).toEqual(['a0', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('5,000 waiting calls of one requester do not delay another', async () => {
    const { order, enter, step, counts } = setUp();
    const many = patientRequester();
    const all = Array.from({ length: 5000 }, (_, n) => enter(`${n}`, new Ticket(many)));
    const other = enter('other', new Ticket(patientRequester()));
    await step(2);
    await other;
    expect(order).toEqual(['0', '1', 'other']);
    await step();
    await Promise.all(all);
    expect([order.length, counts()]).toEqual([5001, [0, 0]]);
  });

  it.each([
    ['while it waits', false],
    ['before it waits', true],
  ])(
    'a call that another requester joined %s is served once, for whichever comes first',
    async (_, isBefore) => {
      const { order, enter, step, counts } = setUp();
      const [many, joiner] = [patientRequester(), patientRequester()];
      const all = Array.from({ length: 20 }, (_, n) => enter(`${n}`, new Ticket(many)));
      const ticket = new Ticket(many);
      if (isBefore) ticket.join(joiner);
      all.push(enter('joined', ticket));
      if (!isBefore) ticket.join(joiner);
      all.push(enter('next', new Ticket(joiner)));
      await step(4);
      expect(order).toEqual(['0', '1', 'joined', '2', 'next']);
      await step();
      await Promise.all(all);
      expect([order.length, counts()]).toEqual([22, [0, 0]]);
    },
  );

  it('joining a started call queues nothing', async () => {
    const { order, enter, step, counts } = setUp();
    const tickets = [new Ticket(patientRequester()), new Ticket(patientRequester())];
    const all = tickets.map((ticket, n) => enter(`${n}`, ticket));
    await step(1);
    for (const ticket of tickets) ticket.join(patientRequester());
    expect(counts()).toEqual([1, 0]);
    await step();
    await Promise.all(all);
    expect([order, counts()]).toEqual([
      ['0', '1'],
      [0, 0],
    ]);
  });

  it('a cancelled call stops waiting and leaves no state', async () => {
    const { order, enter, step, counts } = setUp();
    const leaving = new AbortController();
    const joined = new Ticket(patientRequester());
    const first = enter('first', new Ticket(patientRequester()));
    const gone = enter('gone', joined, leaving.signal);
    joined.join(patientRequester());
    const last = enter('last', new Ticket(patientRequester()));
    expect(counts()).toEqual([1, 2]);
    leaving.abort();
    await expect(gone).rejects.toMatchObject({ name: 'TransportError', loss: 'left', mayBeSent: false });
    expect(counts()).toEqual([1, 1]);
    await step();
    await Promise.all([first, last]);
    expect([order, counts()]).toEqual([
      ['first', 'last'],
      [0, 0],
    ]);
  });

  it('a call keeps its slot if the signal aborts afterwards', async () => {
    const { enter, step, counts } = setUp();
    const late = new AbortController();
    const all = [
      enter('first', new Ticket(patientRequester())),
      enter('second', new Ticket(patientRequester()), late.signal),
    ];
    await step(1);
    late.abort();
    expect(counts()).toEqual([1, 0]);
    await step();
    await Promise.all(all);
    expect(counts()).toEqual([0, 0]);
  });

  it.each([
    [undefined, 'left'],
    [new DeadlineError(), 'late'],
  ])('a call that was cancelled before gets no slot (%s)', async (reason, loss) => {
    const { bulkhead, counts } = setUp();
    const entering = bulkhead.enter(new Ticket(patientRequester()), AbortSignal.abort(reason));
    await expect(entering).rejects.toMatchObject({ name: 'TransportError', loss, mayBeSent: false });
    expect(counts()).toEqual([0, 0]);
  });

  it('rejects a call immediately if too many wait', async () => {
    const { bulkhead, enter, step, counts } = setUp({ maxWaiting: 2 });
    const all = [1, 2, 3].map((n) => enter(`${n}`, new Ticket(patientRequester())));
    await expect(bulkhead.enter(new Ticket(patientRequester()), undefined)).rejects.toMatchObject({
      name: 'OverloadError',
    });
    expect(counts()).toEqual([1, 2]);
    await step(1);
    all.push(enter('4', new Ticket(patientRequester())));
    await step();
    await Promise.all(all);
    expect(counts()).toEqual([0, 0]);
  });

  it('with a full queue rejects the latest call of the requester with the most, for one with fewer', async () => {
    const { order, enter, step, counts } = setUp({ maxWaiting: 4 });
    const [greedy, modest] = [patientRequester(), patientRequester()];
    const many = [1, 2, 3, 4, 5].map((n) => enter(`greedy ${n}`, new Ticket(greedy)));
    const turnedAway = expect(many[4]).rejects.toMatchObject({ name: 'OverloadError' });
    const one = enter('modest', new Ticket(modest));
    await turnedAway;
    expect(counts()).toEqual([1, 4]);
    // The requester with the most waiting calls displaces none.
    await expect(enter('greedy 6', new Ticket(greedy))).rejects.toMatchObject({ name: 'OverloadError' });
    await step();
    await Promise.all([...many.slice(0, 4), one]);
    expect(order).toEqual(['greedy 1', 'greedy 2', 'modest', 'greedy 3', 'greedy 4']);
    expect(counts()).toEqual([0, 0]);
  });

  it('rejects a call that waited for too long, and no other', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { bulkhead, enter, step, counts } = setUp({ maxWaitMs: 300 });
    const first = enter('first', new Ticket(patientRequester()));
    const tooLong = bulkhead
      .enter(new Ticket(patientRequester()), undefined)
      .catch((error: unknown) => error);
    vi.advanceTimersByTime(200);
    const second = enter('second', new Ticket(patientRequester()));
    vi.advanceTimersByTime(99);
    expect(counts()).toEqual([1, 2]);
    vi.advanceTimersByTime(1);
    expect(await tooLong).toMatchObject({ name: 'OverloadError' });
    expect(counts()).toEqual([1, 1]);
    await step();
    await Promise.all([first, second]);
    expect([counts(), vi.getTimerCount()]).toEqual([[0, 0], 0]);
  });
});

describe('a bulkhead whose number of slots changes', () => {
  const setUpVarying = (first: number) => {
    let slots = first;
    const waits = vi.fn();
    const all = setUp({ slots: () => slots, onWait: waits });
    const change = (to: number): void => {
      slots = to;
      all.bulkhead.resume();
    };
    return { ...all, waits, change };
  };

  it('starts waiting calls as soon as there are more slots', async () => {
    const { order, enter, counts, change, waits, step } = setUpVarying(0);
    const requester = patientRequester();
    const done = Promise.all(['a', 'b', 'c'].map((name) => enter(name, new Ticket(requester))));
    expect([waits.mock.calls.length, counts()]).toEqual([3, [0, 3]]);
    change(2);
    await nextTurn();
    expect([order, counts()]).toEqual([
      ['a', 'b'],
      [2, 1],
    ]);
    await step();
    await done;
  });

  it('starts no call before calls in flight beyond fewer slots have ended', async () => {
    const { order, enter, counts, change, step } = setUpVarying(3);
    const requester = patientRequester();
    const done = Promise.all(['a', 'b', 'c', 'd'].map((name) => enter(name, new Ticket(requester))));
    change(1);
    await step(2);
    expect([order, counts()]).toEqual([
      ['a', 'b', 'c'],
      [1, 1],
    ]);
    await step(1);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    await step();
    await done;
  });

  it('does not prefer a new call if more slots were not announced', async () => {
    let slots = 0;
    const { order, enter, step } = setUp({ slots: () => slots });
    const requester = patientRequester();
    const first = enter('first', new Ticket(requester));
    slots = 1;
    const second = enter('second', new Ticket(requester));
    await step();
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
  });

  it('reports the peak of calls in flight and waiting since the last report', async () => {
    const { bulkhead, enter, step } = setUpVarying(1);
    const requester = patientRequester();
    const done = Promise.all(['a', 'b', 'c'].map((name) => enter(name, new Ticket(requester))));
    await step();
    await done;
    expect([bulkhead.peak(), bulkhead.peak()]).toEqual([3, 0]);
  });
});
