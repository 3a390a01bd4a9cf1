import { describe, expect, it, vi } from 'vitest';
import { createDeadline } from '../../src/lib/deadline.ts';
import { patientRequester, Ticket } from '../../src/upstreams/client/bulkhead.ts';
import type { TransportError } from '../../src/upstreams/client/transport-error.ts';
import type { UpstreamObserver } from '../../src/upstreams/client/upstream-observer.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { login } from '../../src/upstreams/scollect/login.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { lost, noted, ok, reply, requested, type Scripted, scripted } from './scripted-sender.ts';

const content = { method: 'GET', path: '/getaccount/R1', body: undefined, requested } as const;
const note = { method: 'POST', path: '/InsertNoteline', body: '{}', requested } as const;
const turn = (): { ticket: Ticket } => ({ ticket: new Ticket(patientRequester()) });
const nextTurn = (): Promise<void> => new Promise(setImmediate);

describe('a read', () => {
  it('is retried until it is answered, and reports each exchange and retry', async () => {
    const endings = [reply(503, undefined), lost('lost'), ok];
    const heard: unknown[] = [];
    const observer: UpstreamObserver = {
      onExchange: ({ operation }, verdict, status, milliseconds) => {
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        heard.push([operation, verdict, status]);
      },
      onRetry: ({ operation }) => heard.push(`again ${operation}`),
    };
    const { sender, sent } = scripted((nth) => endings[nth - 1] ?? ok, { observer });
    const called: unknown[] = [];
    const onExchange = () => {
      called.push('begins');
      return (status: number | null) => void called.push(status);
    };
    const { status, verdict } = await sender.send(getaccount, content, { ...turn(), onExchange });
    expect([status, verdict]).toMatchObject([200, { kind: 'ok', payload: { filenumber: 'R1' } }]);
    expect(sent).toHaveLength(3);
    expect(heard).toEqual([
      ['getaccount', 'failed', 503],
      'again getaccount',
      ['getaccount', 'failed', null],
      'again getaccount',
      ['getaccount', 'ok', 200],
    ]);
    expect(called).toEqual(['begins', 503, 'begins', null, 'begins', 200]);
  });

  it('that is answered by nothing else ends as its third exchange did', async () => {
    const endings = [reply(502, undefined), reply(503, undefined), reply(504, undefined)];
    const { sender, sent } = scripted((nth) => endings[nth - 1] ?? ok);
    expect(await sender.send(getaccount, content, turn())).toMatchObject({ status: 504 });
    expect(sent).toHaveLength(3);
  });

  it('waits before it is tried again as long as the upstream wants', async () => {
    const { sender, sent } = scripted((nth) =>
      nth === 1 ? reply(503, undefined, { 'retry-after': '1' }) : ok,
    );
    const begin = performance.now();
    expect(await sender.send(getaccount, content, turn())).toMatchObject({ status: 200 });
    expect(performance.now() - begin).toBeGreaterThan(990);
    expect(sent).toHaveLength(2);
  });

  it('is not tried again where its deadline would pass meanwhile', async () => {
    const { sender, sent } = scripted(() => reply(429, undefined, { 'retry-after': '30' }));
    const deadline = createDeadline(20_000);
    const answer = await sender.send(getaccount, content, { ticket: new Ticket(deadline) });
    expect(answer.verdict).toEqual({ kind: 'rateLimited', retryAfter: 30 });
    expect([sent.length, deadline.remainingMs() > 0]).toEqual([1, true]);
    deadline.clear();
  });

  it('is not tried again for one who has left meanwhile', async () => {
    const leaving = new AbortController();
    const { sender, sent } = scripted(() => {
      leaving.abort();
      return reply(503, undefined);
    });
    const answer = sender.send(getaccount, content, { ...turn(), signal: leaving.signal });
    expect(await answer).toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
  });

  it('is given up while it waits for its next try', async () => {
    const leaving = new AbortController();
    const { sender, sent } = scripted(() => reply(503, undefined, { 'retry-after': '5' }));
    const answer = sender.send(getaccount, content, { ...turn(), signal: leaving.signal });
    setTimeout(() => leaving.abort(), 50);
    await expect(answer).rejects.toMatchObject({ name: 'TransportError', loss: 'left' });
    expect([sent.length, sender.state()]).toMatchObject([1, { breaker: 'closed', inFlight: 0, waiting: 0 }]);
  });

  it('gives its place back while it waits for its next try', async () => {
    const { sender } = scripted(
      (_, { path }) => (path === '/slow' ? reply(503, undefined, { 'retry-after': '5' }) : ok),
      { maxConcurrency: 1 },
    );
    const leaving = new AbortController();
    const slow = sender.send(
      getaccount,
      { ...content, path: '/slow' },
      { ...turn(), signal: leaving.signal },
    );
    expect(await sender.send(getaccount, content, turn())).toMatchObject({ status: 200 });
    leaving.abort();
    await expect(slow).rejects.toMatchObject({ loss: 'left' });
  });

  it('is tried again the more often, the more succeed', async () => {
    let ending: Scripted = reply(429, undefined);
    const { sender, sent } = scripted(() => ending);
    const exchanges = async (): Promise<number> => {
      const before = sent.length;
      await sender.send(getaccount, content, turn()).catch(() => {});
      return sent.length - before;
    };
    for (let n = 0; n < 10; n += 1) await exchanges();
    expect(await exchanges()).toBe(1);
    ending = ok;
    for (let n = 0; n < 12; n += 1) await exchanges();
    ending = lost('lost');
    expect([await exchanges(), await exchanges()]).toEqual([3, 1]);
  });

  it.each<readonly [string, Scripted]>([
    ['a connection that ended', lost('lost')],
    ['a rate limit', reply(429, undefined)],
    ['a rate limit inside a 200', reply(200, { result: [{ error: 'Slow down' }, 429], state: 'SUCCESS' })],
    ['a 503', reply(503, undefined)],
  ])('of 200 that all fail by %s makes no more than a fifth more exchanges', async (_, ending) => {
    const { sender, sent } = scripted(() => ending);
    for (let n = 0; n < 200; n += 1) await sender.send(getaccount, content, turn()).catch(() => {});
    expect(sent.length).toBeLessThanOrEqual(240);
  });
});

describe('a write', () => {
  const statuses = [400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504];
  const endings: readonly (readonly [string, Scripted])[] = [
    ...statuses.map((status) => [`a ${status}`, reply(status, undefined, { 'retry-after': '0' })] as const),
    ['a rate limit inside a 200', reply(200, { result: [{ error: 'Slow down' }, 429], state: 'SUCCESS' })],
    ['a failure inside a 200', reply(200, { result: [{ error: 'Server error' }, 500], state: 'SUCCESS' })],
    ['a 200 that is no JSON', reply(200, undefined)],
    ['a connection that ended', lost('lost')],
    ['no answer in time', lost('timeout')],
    ['no connection in time', lost('timeout', false)],
    ['an answer that is too large', lost('tooLarge')],
  ];

  it.each(endings)('is sent once, whatever comes of it (%s)', async (_, ending) => {
    const { sender, sent } = scripted(() => ending);
    await sender.send(InsertNoteline, note, turn()).catch(() => {});
    expect(sent).toHaveLength(1);
  });

  it('is retried if it certainly was not sent', async () => {
    const { sender, sent } = scripted((nth) => (nth < 3 ? lost('lost', false) : noted));
    expect((await sender.send(InsertNoteline, note, turn())).verdict.kind).toBe('ok');
    expect(sent).toHaveLength(3);
  });
});

describe('what is asked before an exchange', () => {
  it('is asked right before each, when it has its place', async () => {
    const order: string[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { sender } = scripted(
      async (_, { path }) => {
        order.push(`sent ${path}`);
        if (path === '/first') await held;
        return order.length < 4 && path !== '/first' ? lost('lost', false) : noted;
      },
      { maxConcurrency: 1 },
    );
    const first = sender.send(InsertNoteline, { ...note, path: '/first' }, turn());
    const beforeSending = async () => void order.push('asked');
    const second = sender.send(InsertNoteline, note, { ...turn(), beforeSending });
    await nextTurn();
    expect(order).toEqual(['sent /first']);
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['sent /first', 'asked', `sent ${note.path}`, 'asked', `sent ${note.path}`]);
  });

  it('sends nothing if it fails, reports no exchange, and frees its slot', async () => {
    const onExchange = vi.fn();
    const { sender, sent } = scripted(() => noted, { observer: { onExchange } });
    const beforeSending = () => Promise.reject(new Error('not any more'));
    for (let n = 0; n < 10; n += 1) {
      const written = sender.send(InsertNoteline, note, { ...turn(), beforeSending, onExchange });
      await expect(written).rejects.toThrow('not any more');
    }
    expect([sent.length, onExchange.mock.calls.length]).toEqual([0, 0]);
    // Nor is that the upstream's fault.
    expect(sender.state()).toMatchObject({ breaker: 'closed', inFlight: 0, waiting: 0 });
  });

  it('lets nothing be sent where the deadline has passed meanwhile', async () => {
    const { sender, sent } = scripted(() => noted);
    const deadline = createDeadline(50);
    const beforeSending = () => new Promise<void>((resolve) => setTimeout(resolve, 150));
    const written = sender.send(InsertNoteline, note, {
      ...turn(),
      deadline: deadline.signal,
      beforeSending,
    });
    await expect(written).rejects.toMatchObject({ loss: 'late', mayBeSent: false });
    expect(sent).toEqual([]);
  });
});

describe('a place', () => {
  it('is waited for until the deadline, and nothing is sent after it', async () => {
    let release = (): void => {};
    const held = new Promise<Scripted>((resolve) => {
      release = () => resolve(ok);
    });
    const { sender, sent } = scripted(() => held, { maxConcurrency: 1 });
    const first = sender.send(getaccount, content, turn());
    const deadline = createDeadline(50).signal;
    const endingOf = (sending: Promise<unknown>) =>
      sending.catch((error: unknown) => error as TransportError);
    const write = endingOf(sender.send(InsertNoteline, note, { ...turn(), deadline }));
    expect(await write).toMatchObject({ name: 'TransportError', loss: 'late', mayBeSent: false });
    release();
    await first;
    expect([sent.length, sender.state()]).toMatchObject([1, { breaker: 'closed', inFlight: 0, waiting: 0 }]);
  });

  it('is not waited for by what stands for nobody, as a log-in', async () => {
    let release = (): void => {};
    const held = new Promise<Scripted>((resolve) => {
      release = () => resolve(ok);
    });
    const { sender, sent } = scripted((_, { path }) => (path === '/login' ? ok : held), {
      maxConcurrency: 1,
    });
    const waiting = Promise.all([1, 2, 3].map(() => sender.send(getaccount, content, turn())));
    await nextTurn();
    expect(await sender.send(login, { ...note, path: '/login' }, {})).toMatchObject({ status: 200 });
    expect(sent).toHaveLength(2);
    expect(sender.state()).toMatchObject({ breaker: 'closed', inFlight: 1, waiting: 2 });
    // A call that is left waiting fails seconds later, in another test of the process.
    release();
    await waiting;
  });
});

describe('a request', () => {
  it('requests uncompressed JSON, and contains a user agent and its token', async () => {
    const { sender, sent } = scripted(() => noted);
    await sender.send(InsertNoteline, note, { ...turn(), token: 't' });
    await sender.send(getaccount, content, {});
    const common = ['accept', 'application/json', 'accept-encoding', 'identity', 'user-agent', 'recollect'];
    expect(sent.map(({ headers }) => headers)).toEqual([
      [...common, 'content-type', 'application/json', 'authorization', 'Bearer t'],
      common,
    ]);
  });
});
