import { describe, expect, it } from 'vitest';
import { patientRequester, Ticket } from '../../src/upstreams/client/bulkhead.ts';
import type { Sender } from '../../src/upstreams/client/sender.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { login } from '../../src/upstreams/scollect/login.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { lost, ok, reply, requested, type Scripted, scripted, skipTime } from './scripted-sender.ts';

const content = { method: 'GET', path: '/', body: undefined, requested } as const;

const send = (sender: Sender, endpoint: Endpoint = getaccount): Promise<unknown> =>
  sender.send(endpoint, content, { ticket: new Ticket(patientRequester()) }).catch((error: unknown) => error);

const sendMany = async (sender: Sender, count: number, endpoint?: Endpoint): Promise<void> => {
  for (let n = 0; n < count; n += 1) await send(sender, endpoint);
};

const inside = (error: string, status: number): Scripted =>
  reply(200, { result: [{ error }, status], state: 'SUCCESS' });

describe('calls that fail again and again', () => {
  it.each<readonly [string, Scripted]>([
    ['a 500', reply(500, { message: 'Server Error' })],
    ['a 502', reply(502, undefined)],
    ['a 503', reply(503, undefined)],
    ['a 504', reply(504, undefined)],
    ['a failure inside a 200', inside('Internal error', 500)],
    ['a task that failed inside a 200', reply(200, { state: 'FAILURE', status: 'Worker lost' })],
    ['a time-out inside a 200', reply(200, { state: 'TIMEOUT' })],
    ['a page instead of JSON in a 200', reply(200, undefined)],
    ['a connection that ended', lost('lost')],
    ['a connection that was not made', lost('lost', false)],
    ['no answer in time', lost('timeout')],
  ])('by %s keep further ones away', async (_, ending) => {
    const { sender, sent } = scripted(() => ending);
    await sendMany(sender, 4);
    expect(sender.state().breaker).toBe('closed');
    await sendMany(sender, 1);
    expect(sender.state().breaker).toBe('open');
    const before = sent.length;
    await sendMany(sender, 20);
    expect(sent).toHaveLength(before);
  });

  it.each<readonly [string, Scripted]>([
    ['a 500', reply(500, undefined)],
    ['a failure inside a 200', inside('Internal error', 500)],
    ['a time-out inside a 200', reply(200, { state: 'TIMEOUT' })],
    ['a page instead of JSON in a 200', reply(200, undefined)],
    ['a connection that ended', lost('lost')],
    ['no answer in time', lost('timeout')],
  ])('as writes by %s keep further ones away', async (_, ending) => {
    const { sender, sent } = scripted(() => ending);
    await sendMany(sender, 25, InsertNoteline);
    expect([sender.state().breaker, sent.length]).toEqual(['open', 5]);
  });

  it.each<readonly [string, Scripted]>([
    ['a row that is none in a 200', reply(200, { result: 5, state: 'SUCCESS' })],
    ['nothing found', inside('Account not found', 404)],
    ['bad input inside a 200', inside('Field is missing', 400)],
    ['a 400', reply(400, undefined)],
    ['a 401', reply(401, undefined)],
    ['a 403', reply(403, undefined)],
    ['a 404 that is no JSON', reply(404, undefined)],
    ['a 422', reply(422, undefined)],
    ['a 429', reply(429, undefined)],
    ['a rate limit inside a 200', inside('Slow down', 429)],
    ['an answer that is too large', lost('tooLarge')],
    ['one who left', lost('left')],
  ])('by %s do not', async (_, ending) => {
    const { sender, sent } = scripted(() => ending);
    await sendMany(sender, 25);
    expect(sender.state().breaker).toBe('closed');
    expect(sent.length).toBeGreaterThanOrEqual(25);
  });

  it('but for a success now and then do not', async () => {
    const { sender, sent } = scripted((nth) => (nth % 5 === 0 ? ok : reply(500, undefined)));
    await sendMany(sender, 50);
    expect([sender.state().breaker, sent.length]).toEqual(['closed', 50]);
  });
});

describe('a rate limit', () => {
  it('is neither a failure nor a success', async () => {
    const { sender } = scripted((nth) => (nth === 5 ? inside('Slow down', 429) : reply(500, undefined)));
    await sendMany(sender, 4);
    // Whether it is tried again is no matter: it may be sent once.
    await sender.send(InsertNoteline, content, { ticket: new Ticket(patientRequester()) });
    expect(sender.state().breaker).toBe('closed');
    await sendMany(sender, 1);
    expect(sender.state().breaker).toBe('open');
  });
});

describe('an upstream that is not asked for a while', () => {
  const down = async () => {
    let isUp = false;
    const changes: unknown[] = [];
    const { sender, sent } = scripted(() => (isUp ? ok : reply(500, undefined)), {
      observer: { onBreaker: (system, state) => changes.push([system, state]) },
    });
    await sendMany(sender, 5);
    const up = (): void => {
      isUp = true;
    };
    return { sender, sent, changes, up };
  };

  it('rejects reads, writes and log-ins, with the time until it closes', async () => {
    const { sender, sent } = await down();
    const endings = [
      await send(sender),
      await send(sender, InsertNoteline),
      await sender.send(login, content, {}).catch((error: unknown) => error),
    ];
    expect(endings).toMatchObject(Array(3).fill({ name: 'BreakerOpenError', retryAfter: 1 }));
    expect(sent).toHaveLength(5);
  });

  it('is so at once for those who wait for a place', async () => {
    const endings: ((ending: Scripted) => void)[] = [];
    const { sender, sent } = scripted(() => new Promise<Scripted>((resolve) => endings.push(resolve)), {
      maxConcurrency: 5,
    });
    const all = Promise.all(Array.from({ length: 50 }, () => send(sender)));
    await new Promise(setImmediate);
    for (const end of endings) end(reply(500, undefined));
    const answers = await all;
    expect(answers.slice(5)).toMatchObject(Array(45).fill({ name: 'BreakerOpenError' }));
    expect([sent.length, sender.state()]).toMatchObject([5, { breaker: 'open', inFlight: 0, waiting: 0 }]);
  });

  it('is tried by one call when that is over, and asked by all once it answers', async () => {
    const { sender, sent, changes, up } = await down();
    skipTime(1000);
    up();
    const meanwhile = await Promise.all(Array.from({ length: 10 }, () => send(sender)));
    expect(sent).toHaveLength(6);
    expect(meanwhile.filter((one) => one instanceof Error)).toHaveLength(9);
    await sendMany(sender, 10);
    expect(sent).toHaveLength(16);
    expect(changes).toEqual([
      ['SCOLLECT', 'open'],
      ['SCOLLECT', 'half-open'],
      ['SCOLLECT', 'closed'],
    ]);
  });

  it('is tried by an exchange that is not tried again', async () => {
    let isUp = true;
    const { sender, sent } = scripted(() => (isUp ? ok : reply(503, undefined)));
    // So that there is something left to try again with.
    await sendMany(sender, 100);
    isUp = false;
    await sendMany(sender, 5);
    expect(sent).toHaveLength(100 + 5 * 3);
    skipTime(1000);
    await sendMany(sender, 1);
    expect([sent.length, sender.state().breaker]).toEqual([116, 'open']);
  });

  it('keeps nobody waiting for a place while one tries', async () => {
    const { sender, sent } = scripted((nth) => (nth <= 5 ? reply(500, undefined) : new Promise(() => {})), {
      maxConcurrency: 1,
    });
    await sendMany(sender, 5);
    skipTime(1000);
    void send(sender);
    await new Promise(setImmediate);
    expect(await send(sender)).toMatchObject({ name: 'BreakerOpenError', retryAfter: 1 });
    expect([sent.length, sender.state()]).toMatchObject([
      6,
      { breaker: 'half-open', inFlight: 1, waiting: 0 },
    ]);
  });

  it('is asked once, and not for twice as long, where it fails still', async () => {
    const { sender, sent } = await down();
    skipTime(1000);
    await sendMany(sender, 10);
    expect(sent).toHaveLength(6);
    skipTime(1000);
    expect(await send(sender)).toMatchObject({ name: 'BreakerOpenError', retryAfter: 1 });
    skipTime(1000);
    await sendMany(sender, 10);
    expect(sent).toHaveLength(7);
  });

  it('is tried by the next call where the one that tried was not heard out', async () => {
    const endings = [lost('left'), ok];
    const { sender, sent } = scripted((nth) => (nth <= 5 ? reply(500, undefined) : (endings[nth - 6] ?? ok)));
    await sendMany(sender, 5);
    skipTime(1000);
    expect(await send(sender)).toMatchObject({ loss: 'left' });
    expect(await send(sender)).toMatchObject({ status: 200 });
    expect([sent.length, sender.state().breaker]).toEqual([7, 'closed']);
  });
});
