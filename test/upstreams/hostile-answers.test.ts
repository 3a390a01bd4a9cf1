import { describe, expect, it } from 'vitest';
import { maxNesting } from '../../src/lib/json-nesting.ts';
import { retryAfterSeconds } from '../../src/upstreams/endpoint/verdict.ts';
import { deleteBorrowerPhone } from '../../src/upstreams/recoveryconnect/phones.ts';
import { getaccount } from '../../src/upstreams/scollect/accounts.ts';
import { InsertNoteline } from '../../src/upstreams/scollect/notes.ts';
import type { Answer } from '../support/upstream.ts';
import { startUpstream } from '../support/upstream.ts';
import { connect, done, note, R1000, recoveryConnect, scollect } from './connected.ts';

/** Returns the JSON text of nested lists. */
const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

describe('an answer of any text', () => {
  it.each(['field ', 'no data ', 'timed ', 'not '])(
    'is judged before anybody notices, however long it says %j',
    async (word) => {
      const text = word.repeat(1_000_000);
      const { client } = await scollect(() => ({ json: { result: { error: text }, state: 'SUCCESS' } }));
      await expect(client.call(getaccount, R1000)).rejects.toThrow();
      await expect(client.call(InsertNoteline, { params: {}, body: note })).rejects.toThrow();
    },
  );
});

/** A response of JSON that has as many levels as given, with its value at a key of the body. */
const answerOf = (levels: number, write: (inner: string) => string, status = 200): Answer => ({
  status,
  html: write(nested(levels - 1)),
  headers: { 'content-type': 'application/json' },
});

const tooDeep = [maxNesting + 1, 10_000, 100_000];

describe('an answer nested deeper than allowed', () => {
  const params = { order_id: '1', borrower_id: '2', phone_id: '3' };
  const deletePhone = async (levels: number, write: (inner: string) => string, status?: number) => {
    const { client } = await recoveryConnect(() => answerOf(levels, write, status), { token: 't' });
    return client.call(deleteBorrowerPhone, { params });
  };
  const warning = (inner: string): string =>
    `{"status":"success","data":{"success":true},"warnings":{"a":${inner.slice(1, -1)}}}`;

  it.each(tooDeep)('to a write makes its outcome unknown (%i levels)', async (levels) => {
    await expect(deletePhone(levels, warning)).rejects.toMatchObject({ name: 'OutcomeUnknownError' });
  });

  it.each(tooDeep)('to a read cannot be understood (%i levels)', async (levels) => {
    const row = (inner: string): string =>
      `{"result":{"filenumber":"R1000","a":${inner.slice(1, -1)}},"state":"SUCCESS"}`;
    const { client } = await scollect(() => answerOf(levels, row));
    await expect(client.call(getaccount, R1000)).rejects.toMatchObject({ name: 'BadResponseError' });
  });

  it('is read as any other at the limit', async () => {
    expect(await deletePhone(maxNesting, warning)).toEqual({ success: true });
    const sentence = (inner: string): string =>
      `{"message":${inner.replace('[]', '["The phone is required."]')}}`;
    await expect(deletePhone(maxNesting, sentence, 403)).rejects.toMatchObject({
      reason: 'The phone is required.',
    });
    await expect(deletePhone(maxNesting + 1, sentence, 403)).rejects.toMatchObject({ reason: null });
  });
});

describe('a log-in that gives no token', () => {
  it.each<readonly [string, Answer]>([
    ['a sentence', { json: { message: 'Invalid api key or pin' } }],
    ['a text that is no token', { json: { result: 'Wrong PIN', state: 'SUCCESS' } }],
    ['no token', { json: { access_token: null } }],
    ['a token that no header can hold', { json: { access_token: 'bad\u0001token' } }],
    ['a token without end', { json: { access_token: 'a'.repeat(20_000) } }],
    ['nothing there', { status: 404, json: {} }],
    ['too much asked for', { status: 429, json: {}, headers: { 'retry-after': '3600' } }],
  ])('is not asked for again at once (%s)', async (_, answer) => {
    const upstream = await startUpstream(({ path }) => (path === '/login' ? answer : done));
    const { SCOLLECT } = connect({ scollect: { url: upstream.url, apiKey: 'k', pin: 'p' } });
    for (let call = 0; call < 20; call += 1) await expect(SCOLLECT.call(getaccount, R1000)).rejects.toThrow();
    expect(upstream.received).toHaveLength(1);
  });

  it.each([0, -5, null, 'never', 0.001])('but one with the lifetime %j does', async (expires_in) => {
    const credentials = { username: 'user', password: 'secret' };
    const { upstream, client } = await recoveryConnect(
      ({ path }) =>
        path.endsWith('/auth')
          ? { json: { access_token: 't', expires_in } }
          : { json: { status: 'success', data: { success: true } } },
      credentials,
    );
    const params = { order_id: '1', borrower_id: '2', phone_id: '3' };
    for (let call = 0; call < 3; call += 1) await client.call(deleteBorrowerPhone, { params });
    expect(upstream.received.map(({ path }) => path).filter((path) => path.endsWith('/auth'))).toHaveLength(
      1,
    );
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['7', 7],
    ['999999999999', 86_400],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
  ])('%s is %j seconds', (header, seconds) => {
    const reply = { status: 429, headers: { 'retry-after': header }, json: undefined };
    expect(retryAfterSeconds(reply, now)).toBe(seconds);
  });
});
