import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { getaccount } from './accounts.ts';
import { getattempts } from './attempts.ts';
import { judgeScollect } from './envelope.ts';
import { login } from './login.ts';
import { send_email_c2c } from './messages.ts';
import { InsertNoteline } from './notes.ts';
import { get_lastpayinfo, insert_payments_external } from './payments.ts';
import { getphones } from './phones.ts';

const read = getphones;
const write = InsertNoteline;

const judge = (endpoint: Endpoint, json: unknown, status = 200, headers = {}) =>
  judgeScollect(endpoint, { status, headers, json });

const state = 'SUCCESS';
const failure = (reason: string) => ({ kind: 'failed', reason });
const token = { kind: 'token' };
const nothing = { kind: 'nothing' };
const refused = { kind: 'refused' };
const badInput = { kind: 'badInput' };
const unknown = { kind: 'unknown' };
const rateLimited = { kind: 'rateLimited', retryAfter: null };

describe('judgeScollect: a response with HTTP 200', () => {
  it.each<readonly [unknown, object, object]>([
    // [{error}, status]
    [{ result: [{ error: 'File number R1 does not exist.' }, 404], state }, nothing, nothing],
    [{ result: [{ error: '' }, 404], state }, nothing, nothing],
    [{ result: [{ error: 'Data not found for this filenumber' }, 400], state }, nothing, nothing],
    [
      { result: [{ error: 'You need to provide at least one field to update' }, 400], state },
      badInput,
      badInput,
    ],
    [
      { result: [{ error: 'The field s does not exist in the dbase table.' }, 404], state },
      badInput,
      badInput,
    ],
    [{ result: [{ error: 'nonsense' }, 400], state }, badInput, badInput],
    [{ result: [{ error: 'Token is invalid' }, 401], state }, token, token],
    [{ result: [{ error: 'Not for you' }, 403], state }, refused, refused],
    [
      { result: [{ error: 'Slow down' }, 429], state },
      { kind: 'rateLimited', retryAfter: null },
      { kind: 'rateLimited', retryAfter: null },
    ],
    [{ result: [{ error: 'Lost connection to database' }, 500], state }, failure('unavailable'), unknown],
    // The number is the real status, whatever the text says.
    [{ result: [{ error: 'account data server not found' }, 503], state }, failure('unavailable'), unknown],
    [{ result: [{ error: 'Invalid response from processor' }, 502], state }, failure('unavailable'), unknown],
    [{ result: [{ error: 'phone data not found' }, 429], state }, rateLimited, rateLimited],
    [{ result: [{ error: 'account not found' }, 403], state }, refused, refused],
    [{ result: [{ error: '' }, 408], state }, failure('timeout'), unknown],
    // {error}
    [{ result: { error: 'Read timed out' }, state }, failure('timeout'), unknown],
    [
      { result: { error: 'Lost connection to MySQL server during query' }, state },
      failure('timeout'),
      unknown,
    ],
    [{ result: { error: 'SSN of 111-22-333 not found' }, state }, failure('unavailable'), refused],
    [
      { result: { error: 'File number D3406 does not have associated phone numbers.' }, state },
      nothing,
      refused,
    ],
    [
      { result: { error: 'File number R100 does not have any notes or may not exist.' }, state },
      failure('unavailable'),
      refused,
    ],
    [{ result: { error: 'Missing portfolio' }, state }, badInput, badInput],
    [{ result: { error: '' }, state }, failure('unavailable'), refused],
    [{ result: { error: null }, state }, failure('unavailable'), refused],
    [{ result: [{ error: 'Something broke' }], state }, failure('unavailable'), refused],
    [{ error: 'Something broke' }, failure('unavailable'), refused],
    // What is missing here is not what was asked for.
    [{ result: { error: 'Server not found' }, state }, failure('unavailable'), unknown],
    [{ result: { error: "Table 'x' doesn't exist" }, state }, failure('unavailable'), refused],
    [{ result: { error: 'Account settings not found' }, state }, failure('unavailable'), refused],
    [{ result: { error: 'No data connection found' }, state }, failure('timeout'), unknown],
    [{ result: [{ error: 'Phone service not found' }, 404], state }, failure('unreadable'), nothing],
    // the token, in words only
    [{ result: { error: 'Token has expired' }, state }, token, refused],
    [{ result: [{ error: 'Signature has expired' }, 400], state }, token, badInput],
    [{ result: { error: 'Invalid API Credentials.' }, state }, token, badInput],
    [{ code: 401, message: 'Unauthorized' }, token, refused],
    [{ status_code: '401', message: 'No' }, token, unknown],
    [{ result: { error: 'No', code: 401 }, state }, token, refused],
    [{ message: 'token_expired' }, token, unknown],
    ...[
      'Session has expired',
      'API key is invalid',
      'Invalid API key',
      'Could not validate credentials',
      'Authentication credentials were not provided.',
      'Not authenticated',
      'Please log in again',
      'Invalid crypto padding',
      'jwt expired',
    ].map((error) => [{ result: { error }, state }, token, {}] as const),
    // nothing
    [{ result: { result: [] }, state }, nothing, refused],
    [{ result: { success: [] }, state }, nothing, refused],
    [{ result: { data: [] }, state }, nothing, refused],
    [{ result: [], state }, nothing, refused],
    // the task's states
    [{ state: 'TIMEOUT', status: 'At least one update field must be provided.' }, badInput, badInput],
    [{ state: 'TIMEOUT', status: 'Task timed out' }, failure('timeout'), unknown],
    [{ state: 'TIMEOUT' }, failure('timeout'), unknown],
    ...['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'REVOKED'].map(
      (unfinished) => [{ state: unfinished, status: '…' }, failure('unavailable'), unknown] as const,
    ),
    [{ state: 'FAILURE', result: "KeyError('pin')" }, failure('unavailable'), unknown],
    [{ task_id: '5f0c' }, failure('unavailable'), unknown],
    [{ msg: 'Token has expired' }, token, unknown],
    [{ state: 'TIMEOUT', status: 'Task timed out: missing heartbeat' }, failure('timeout'), unknown],
    // forms that nobody knows
    [{ result: { success: false }, state }, refused, refused],
    [{ result: { success: 'false' }, state }, refused, refused],
    [{ result: null, state }, failure('unreadable'), unknown],
    [{ result: {}, state }, failure('unreadable'), unknown],
    [{ result: 'done', state }, failure('unreadable'), unknown],
    [{ state }, failure('unreadable'), unknown],
    [{ result: [null], state }, failure('unreadable'), unknown],
    [{ result: [{ other: 1 }], state }, failure('unreadable'), unknown],
    [[], failure('unreadable'), unknown],
    ['text', failure('unreadable'), unknown],
    [null, failure('unreadable'), unknown],
    [undefined, failure('unreadable'), unknown],
  ])('%j is %j to a read and %j to a write', (json, toRead, toWrite) => {
    expect(judge(read, json)).toMatchObject(toRead);
    expect(judge(write, json)).toMatchObject(toWrite);
  });
});

describe('judgeScollect: a response with another status', () => {
  const html = undefined;
  it.each<readonly [number, unknown, object, object]>([
    [401, { msg: 'Token has expired' }, token, token],
    [401, html, token, token],
    [422, { msg: 'Not enough segments' }, token, token],
    [422, { error: 'must be text' }, badInput, badInput],
    [400, html, badInput, badInput],
    [403, html, refused, refused],
    [404, html, failure('unreadable'), unknown],
    [404, { result: { error: 'File number R1 does not exist.' } }, nothing, nothing],
    [404, { result: [{ error: 'gone' }, 404] }, failure('unreadable'), nothing],
    [400, { error: 'Token has expired' }, token, badInput],
    [400, { code: 401, message: 'Unauthorized' }, token, badInput],
    [400, { message: 'Token has expired' }, token, badInput],
    [404, { error: 'Not found' }, failure('unavailable'), refused],
    [404, { message: 'The requested URL was not found on the server.' }, failure('unreadable'), unknown],
    [405, html, failure('unreadable'), unknown],
    [409, html, failure('unreadable'), unknown],
    [425, html, failure('unreadable'), unknown],
    [408, html, failure('timeout'), unknown],
    [429, html, { kind: 'rateLimited', retryAfter: 7 }, { kind: 'rateLimited', retryAfter: 7 }],
    [500, html, failure('unavailable'), unknown],
    [502, html, failure('unavailable'), unknown],
    [503, html, failure('unavailable'), unknown],
    [504, html, failure('timeout'), unknown],
    [302, html, failure('unreadable'), unknown],
  ])('%i with %j is %j to a read and %j to a write', (status, json, toRead, toWrite) => {
    const headers = { 'retry-after': '7' };
    expect(judge(read, json, status, headers)).toMatchObject(toRead);
    expect(judge(write, json, status, headers)).toMatchObject(toWrite);
  });
});

describe('judgeScollect: a success', () => {
  const ok = (payload: unknown) => ({ kind: 'ok', payload, warnings: [], paging: null });
  const phone = { phonenumber: '123-456-7890' };
  const account = { filenumber: 'R1000' };

  it.each([
    [read, { result: [phone], state }, [phone]],
    [getattempts, { result: { result: [{ date: null }] }, state }, [{ date: null }]],
    [getaccount, { result: [account], state }, account],
    [getaccount, { result: { success: [account] }, state }, account],
    [get_lastpayinfo, { result: { data: [{ paymentdate: 'x' }] }, state }, { paymentdate: 'x' }],
    [
      write,
      { result: { success: 'Noteline inserted successfully' }, state },
      'Noteline inserted successfully',
    ],
    [write, { result: { Success: 'Callback has been uploaded' }, state }, 'Callback has been uploaded'],
    [write, { result: { success: true }, state }, true],
    [
      insert_payments_external,
      { state, message: 'Payment successfully inserted' },
      'Payment successfully inserted',
    ],
    [login, { result: { access_token: 'a.b.c' }, state }, 'a.b.c'],
    [login, { result: 'a.b.c', state }, 'a.b.c'],
    [login, { access_token: 'a.b.c' }, 'a.b.c'],
    [login, { message: 'Logged in', access_token: 'a.b.c' }, 'a.b.c'],
    [login, { result: { success: 'ok', access_token: 'a.b.c' } }, 'a.b.c'],
  ])('payload %# is found at its path', (endpoint, json, payload) => {
    expect(judge(endpoint, json)).toEqual(ok(payload));
  });

  it('returns the received rows without copying', () => {
    const rows = [phone];
    expect(judge(read, { result: rows })).toMatchObject({ payload: expect.toSatisfy((it) => it === rows) });
  });

  it.each([
    { state, message: 'Payment queued' },
    { state, message: 'Payment was not successfully inserted' },
    { state, message: 'Unsuccessful' },
    { result: 'Payment not successful', state },
    { result: { result: 'Nothing was updated' }, state },
    { result: { success: 'Phone number could not be inserted' }, state },
  ])('a write without a confirmation is no success: %j', (json) => {
    expect(judge(insert_payments_external, json)).toEqual({ ...unknown, reason: 'unreadable' });
  });

  it('a log-in that reports refused credentials returns no token', () => {
    expect(judge(login, { message: 'Invalid API Credentials.' }).kind).toBe('token');
  });

  it('an e-mail needs the confirmation of the mailer', () => {
    const answer = { result: { response: { Success: false }, success: true }, state };
    expect(judge(send_email_c2c, answer)).toEqual({ ...refused, text: '' });
  });
});

describe('judgeScollect: reasons', () => {
  it.each<readonly [unknown, string]>([
    [{ result: [{ error: 'Invalid field' }, 400], state: 'SUCCESS' }, 'Invalid field'],
    [{ result: { error: 'Account is closed' }, state: 'SUCCESS' }, 'Account is closed'],
    [{ result: [{ error: 'Not for you' }, 403], state: 'SUCCESS' }, 'Not for you'],
    [{ state: 'TIMEOUT', status: 'At least one field must be given.' }, 'At least one field must be given.'],
  ])('the verdict contains the reason of a refusal: %j', (json, text) => {
    expect(judge(write, json)).toMatchObject({ text });
  });
});
