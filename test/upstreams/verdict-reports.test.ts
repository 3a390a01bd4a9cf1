import { describe, expect, it, vi } from 'vitest';
import { createDeadline } from '../../src/lib/deadline.ts';
import { patientRequester, Ticket } from '../../src/upstreams/client/bulkhead.ts';
import type { SendOptions } from '../../src/upstreams/client/sender.ts';
import { examiner } from '../../src/upstreams/drift/drift-of.ts';
import type { Judged } from '../../src/upstreams/endpoint/verdict.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { login } from '../../src/upstreams/scollect/login.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import { lost, noted, ok, reply, requested, type Scripted, scripted } from './scripted-sender.ts';

const calls = {
  read: [getaccount, { method: 'GET', path: '/getaccount/R1', body: undefined, requested }],
  write: [InsertNoteline, { method: 'POST', path: '/InsertNoteline', body: '{}', requested }],
  logIn: [login, { method: 'POST', path: '/login', body: '{}', requested }],
} as const;

const success = (result: unknown): Scripted => reply(200, { result, state: 'SUCCESS' });
const page = { ...reply(200, undefined), page: { isHtml: true, length: 107 } };

/** Sends one call, and returns the verdict of its first exchange, its status and its failure. */
const report = async (
  call: keyof typeof calls,
  ending: Scripted,
  options: SendOptions = { ticket: new Ticket(patientRequester()) },
) => {
  const onExchange = vi.fn();
  const onFailure = vi.fn();
  const onDrift = vi.fn();
  const { sender } = scripted(() => ending, { observer: { onExchange, onFailure, onDrift }, examiner });
  const [endpoint, content] = calls[call];
  const sent = call === 'logIn' ? ({ isLogIn: true } as const) : options;
  await sender.send(endpoint, content, sent).catch(() => {});
  const [of, verdict, status] = onExchange.mock.calls[0] ?? [];
  const failure = onFailure.mock.calls[0];
  return {
    operation: of?.operation,
    result: [verdict, status],
    sample: failure?.[3](),
    drifts: onDrift.mock.calls.map(([, drifts]) => drifts),
  };
};

describe('the verdict on an exchange', () => {
  it.each<readonly [keyof typeof calls, string, Scripted, string, number | null]>([
    ['read', 'rows', ok, 'ok', 200],
    ['read', 'no rows', success({ result: [] }), 'nothing', 200],
    ['read', 'an absent account', success({ error: 'File number R1 does not exist' }), 'nothing', 200],
    ['read', 'invalid input', success([{ error: 'Invalid input' }, 400]), 'bad_input', 200],
    ['read', 'a refusal', success([{ error: 'Denied' }, 403]), 'refused', 200],
    ['read', 'an error inside', success([{ error: 'Internal Server Error' }, 500]), 'failed', 200],
    ['read', 'an error status', reply(500, undefined), 'failed', 500],
    ['read', 'a page', page, 'bad_response', 200],
    ['read', 'wrong types', success(42), 'bad_response', 200],
    ['read', 'another account', success([{ filenumber: 'R2' }]), 'bad_response', 200],
    ['read', 'a rate limit', reply(429, undefined, { 'retry-after': '60' }), 'rate_limited', 429],
    ['read', 'a refused token', reply(401, { msg: 'Token has expired' }), 'token', 401],
    ['read', 'a lost connection', lost('lost'), 'failed', null],
    ['read', 'a timeout', lost('timeout'), 'failed', null],
    ['read', 'a body that is too large', lost('tooLarge'), 'bad_response', null],
    ['write', 'an acknowledgement', noted, 'ok', 200],
    ['write', 'an empty result', success({ result: [] }), 'refused', 200],
    ['write', 'a page', page, 'unknown', 200],
    ['write', 'a pending task', reply(200, { state: 'PENDING' }), 'unknown', 200],
    ['write', 'a connection that was lost after it was sent', lost('lost'), 'unknown', null],
    ['write', 'no connection', lost('lost', false), 'failed', null],
    ['logIn', 'a token', success({ access_token: 'abc' }), 'ok', 200],
    ['logIn', 'refused credentials', success([{ error: 'Invalid pin' }, 401]), 'token', 200],
    ['logIn', 'an invalid key', success([{ error: 'Invalid apikey' }, 400]), 'token', 200],
    ['logIn', 'a page', page, 'bad_response', 200],
  ])('%s: %s → %s', async (call, _, ending, verdict, status) => {
    const { operation, result } = await report(call, ending);
    expect([operation, ...result]).toEqual([calls[call][0].operation, verdict, status]);
  });

  it('is not counted if all callers left, and failed if their deadlines passed', async () => {
    const left = await report('read', lost('left'));
    expect([left.operation, left.sample]).toEqual([undefined, undefined]);
    const deadline = createDeadline(0);
    const late = await report('read', lost('left'), { ticket: new Ticket(deadline) });
    deadline.clear();
    expect(late.result).toEqual(['failed', null]);
  });
});

describe('a failure', () => {
  it.each<readonly [keyof typeof calls, string, Scripted, string]>([
    [
      'read',
      'an error inside',
      success([{ error: 'SSN of 912-55-4418 failed' }, 500]),
      '{result [2 × {error text (16-31)}], state letters (4-7)}',
    ],
    ['read', 'wrong types', success(42), '{result integer, state letters (4-7)}'],
    ['read', 'a page', page, 'HTML of 107 characters'],
    ['read', 'no body', reply(500, undefined), 'no body, or an incomplete list'],
    ['read', 'a lost connection', lost('lost'), 'no response (lost)'],
    ['write', 'a timeout', lost('timeout'), 'no response (timeout)'],
    ['logIn', 'refused credentials', success([{ error: 'Invalid pin' }, 401]), '[2 × '],
  ])('%s: %s is reported with the shape of the response', async (call, _, ending, sample) => {
    expect((await report(call, ending)).sample).toContain(sample);
  });

  it.each<readonly [keyof typeof calls, string, Scripted]>([
    ['read', 'rows', ok],
    ['read', 'no rows', success({ result: [] })],
    ['read', 'invalid input', success([{ error: 'Invalid input' }, 400])],
    ['write', 'an empty result', success({ result: [] })],
  ])('%s: %s is none', async (call, _, ending) => {
    expect((await report(call, ending)).sample).toBeUndefined();
  });

  it('is a refused token only if another token is refused too, or there is none', async () => {
    const refused = reply(401, { msg: 'Token has expired' });
    const ticket = new Ticket(patientRequester());
    const replaced = { verdict: { kind: 'nothing' } } as Judged;
    const repeated = await report('read', refused, { ticket, onTokenRefused: async () => replaced });
    expect([repeated.result, repeated.sample]).toEqual([['token', 401], undefined]);
    const none = await report('read', refused, { ticket, onTokenRefused: async (first) => first });
    expect([none.result, none.sample]).toEqual([['token', 401], 'no other token']);
    // As it is sent with the second token.
    expect((await report('read', refused, { ticket })).sample).toBe('{msg words (16-31)}');
  });
});

describe('drift', () => {
  it('is reported for responses that are read, and for those that are not recognised', async () => {
    const row = { filenumber: 'R1', timezone: 'EST' };
    const { drifts } = await report('read', success([row]));
    expect(drifts[0]).toContainEqual({ kind: 'unknown_key', at: 'timezone', shape: 'letters (1-3)' });
    expect((await report('read', success(42))).drifts).toMatchObject([[{ kind: 'envelope' }]]);
    expect((await report('write', page)).drifts).toMatchObject([[{ kind: 'envelope' }]]);
    expect((await report('write', noted)).drifts).toEqual([]);
    expect((await report('read', success([{ error: 'x' }, 500]))).drifts).toEqual([]);
  });

  it('that cannot be compared does not change the result of a call', async () => {
    const onDrift = vi.fn();
    const broken = {
      ...examiner,
      driftOf: () => {
        throw new RangeError('too deep');
      },
    };
    const { sender } = scripted(() => noted, { observer: { onDrift }, examiner: broken });
    const [endpoint, content] = calls.write;
    const { verdict } = await sender.send(endpoint, content, { ticket: new Ticket(patientRequester()) });
    expect(verdict.kind).toBe('ok');
    expect(onDrift.mock.calls[0]?.[1]).toEqual([{ kind: 'envelope', at: '', shape: 'cannot be compared' }]);
  });

  it('is looked for in 50 responses of an operation, and then in five per second', async () => {
    const onDrift = vi.fn();
    const answer = success([{ filenumber: 'R1', timezone: 'EST' }]);
    const { sender } = scripted(() => answer, { observer: { onDrift }, examiner });
    const [endpoint, content] = calls.read;
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000_000);
    const send = async (times: number): Promise<number> => {
      const before = onDrift.mock.calls.length;
      for (let n = 0; n < times; n += 1) {
        await sender.send(endpoint, content, { ticket: new Ticket(patientRequester()) });
      }
      return onDrift.mock.calls.length - before;
    };
    expect(await send(60)).toBe(50);
    now.mockReturnValue(1_001_000);
    expect(await send(60)).toBe(5);
    now.mockReturnValue(1_100_000);
    expect(await send(60)).toBe(50);
  });
});
