import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { judgeRecoveryConnect } from './envelope.ts';
import { createOrder, filterOrders, getOrder } from './orders.ts';
import { createBorrowerPhone, deleteBorrowerPhone, listBorrowerPhones } from './phones.ts';
import { transferPhoto } from './photos.ts';

const read = listBorrowerPhones;
const write = createBorrowerPhone;

const judge = (endpoint: Endpoint, json: unknown, status = 200, headers = {}) =>
  judgeRecoveryConnect(endpoint, { status, headers, json });

const failure = (reason: string) => ({ kind: 'failed', reason });
const token = { kind: 'token' };
const nothing = { kind: 'nothing' };
const refused = { kind: 'refused' };
const badInput = { kind: 'badInput' };
const unknown = { kind: 'unknown' };
const html = undefined;

describe('judgeRecoveryConnect: a response that is no success', () => {
  it.each<readonly [number, unknown, object, object]>([
    [200, { data: [] }, nothing, unknown],
    [200, { data: null }, failure('unreadable'), unknown],
    [400, { message: 'Token has expired' }, token, badInput],
    [200, { error: 'token_invalid' }, token, unknown],
    [200, { code: 401, message: 'Unauthenticated.' }, token, unknown],
    [200, { status: 401, message: 'No' }, token, unknown],
    [200, { error: { code: 401, message: 'No' } }, token, unknown],
    [200, { error: { message: 'Token has expired' } }, token, unknown],
    [200, { data: [], links: {}, meta: { total: 0 } }, nothing, unknown],
    [200, { data: [{ id: 1 }], status: 'error' }, failure('unavailable'), refused],
    [200, { data: [{ id: 1 }], status: false }, failure('unavailable'), refused],
    [200, { data: [{ id: 1 }], status: 'queued' }, failure('unreadable'), unknown],
    [200, { data: [{ id: 1 }], status: 'fail' }, failure('unavailable'), refused],
    [200, { data: { success: false } }, failure('unavailable'), refused],
    [200, { data: 'text' }, failure('unreadable'), unknown],
    [200, { data: [{}] }, failure('unreadable'), unknown],
    [200, {}, failure('unreadable'), unknown],
    [200, [], failure('unreadable'), unknown],
    [200, html, failure('unreadable'), unknown],
    [400, { message: 'Bad Request' }, badInput, badInput],
    [401, { message: 'Unauthenticated.' }, token, token],
    [403, { message: 'This action is unauthorized.' }, refused, refused],
    [404, { message: 'No query results for model [App\\Order] 1' }, nothing, nothing],
    [404, { message: 'Not Found' }, failure('unreadable'), unknown],
    [408, html, failure('timeout'), unknown],
    [404, { message: 'The route api/v1/x could not be found.' }, failure('unreadable'), unknown],
    [404, { message: '' }, failure('unreadable'), unknown],
    [404, html, failure('unreadable'), unknown],
    [405, { message: 'The GET method is not supported for this route.' }, failure('unreadable'), refused],
    [402, { message: 'Payment required.' }, failure('unreadable'), refused],
    [409, { message: 'The order was changed.' }, failure('unreadable'), refused],
    [409, html, failure('unreadable'), unknown],
    [412, html, failure('unreadable'), unknown],
    [413, html, failure('unreadable'), badInput],
    [419, { message: 'Page Expired' }, failure('unreadable'), failure('unavailable')],
    [423, { message: 'The order is locked.' }, failure('unreadable'), refused],
    [418, html, failure('unreadable'), unknown],
    [425, html, failure('unreadable'), unknown],
    [499, html, failure('unreadable'), unknown],
    [422, { message: 'The given data was invalid.', errors: { number: ['…'] } }, badInput, badInput],
    [500, { message: 'Server Error' }, failure('unavailable'), unknown],
    [502, html, failure('unavailable'), unknown],
    [503, html, failure('unavailable'), unknown],
    [504, html, failure('timeout'), unknown],
  ])('%i with %j is %j to a read and %j to a write', (status, json, toRead, toWrite) => {
    expect(judge(read, json, status)).toMatchObject(toRead);
    expect(judge(write, json, status)).toMatchObject(toWrite);
  });

  it.each([
    ['https://api.example.com/login', token],
    ['https://api.example.com/elsewhere', failure('unreadable')],
    [undefined, failure('unreadable')],
  ])('redirect to %s → %j', (location, verdict) => {
    expect(judge(read, html, 302, { location })).toEqual(verdict);
  });

  it.each([
    ['30', 30],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', null],
    [undefined, null],
  ])('Retry-After %s is returned in seconds', (header, retryAfter) => {
    expect(judge(read, html, 429, { 'retry-after': header })).toEqual({ kind: 'rateLimited', retryAfter });
  });
});

describe('judgeRecoveryConnect: a success', () => {
  it.each([
    [read, { data: [{ id: 1 }] }, [{ id: 1 }]],
    [filterOrders, { data: [{ id: 1 }], links: {}, meta: { per_page: '20' } }, [{ id: 1 }]],
    [filterOrders, { current_page: 1, data: [{ id: 1 }] }, [{ id: 1 }]],
    [getOrder, { data: { id: 1 } }, { id: 1 }],
    [getOrder, { data: { id: 1 }, status: 'Success' }, { id: 1 }],
    [getOrder, { data: { id: 1 }, status: true }, { id: 1 }],
    [getOrder, { data: [{ id: 1 }] }, { id: 1 }],
    [deleteBorrowerPhone, { data: { success: true } }, { success: true }],
    [
      transferPhoto,
      { orders: [{ id: 2, attachments: [{ id: 1, status: 'fail' }] }] },
      [{ id: 2, attachments: [{ id: 1, status: 'fail' }] }],
    ],
  ])('payload %# is found at its path', (endpoint, json, payload) => {
    expect(judge(endpoint, json)).toEqual({ kind: 'ok', payload, warnings: [], paging: null });
  });

  it.each([
    [
      { data: [{ id: 1 }], meta: { last_page: 3, per_page: '20', total: 41 } },
      { lastPage: 3, perPage: 20, total: 41 },
    ],
    [
      { data: [{ id: 1 }], meta: { last_page: '3' } },
      { lastPage: 3, perPage: null, total: null },
    ],
    [
      { data: [{ id: 1 }], last_page: 2, total: -1 },
      { lastPage: 2, perPage: null, total: null },
    ],
    [
      { data: [{ id: 1 }], last_page: 0 },
      { lastPage: 1, perPage: null, total: null },
    ],
    [{ data: [{ id: 1 }], meta: { last_page: 'many' } }, null],
  ])('paging of %j', (json, paging) => {
    expect(judge(filterOrders, json)).toMatchObject({ kind: 'ok', paging });
  });

  it.each([
    ['Read only until noon', ['Read only until noon']],
    [{ vin: 'unknown' }, ['{"vin":"unknown"}']],
    [['', null], []],
  ])('warnings in any form: %j', (warnings, carried) => {
    expect(judge(getOrder, { data: { id: 1 }, warnings })).toMatchObject({ warnings: carried });
  });

  it("drops the server's file paths", () => {
    const answer = { data: { id: 1 }, meta: { fixme: { source: { file: '/var/www/x.php' } } } };
    expect(JSON.stringify(judge(getOrder, answer))).not.toContain('/var/www');
  });

  it('drops empty warnings', () => {
    const warnings = ['VIN could not be decoded', { field: 'tier_level' }];
    expect(judge(createOrder, { data: { id: 1 }, status: 'success', warnings })).toMatchObject({
      kind: 'ok',
      warnings: ['VIN could not be decoded', '{"field":"tier_level"}'],
    });
  });
});

describe('judgeRecoveryConnect: reasons', () => {
  it('the verdict contains the reason of a refusal and the reasons by key', () => {
    const errors = { 'borrowers.0.lastname': ['The lastname field is required.', 'Twice.'], other: 'One.' };
    expect(judge(write, { message: 'The given data was invalid.', errors }, 422)).toEqual({
      kind: 'badInput',
      text: 'The given data was invalid.',
      texts: { 'borrowers.0.lastname': 'The lastname field is required. Twice.', other: 'One.' },
    });
    expect(judge(write, { message: 'This action is unauthorized.' }, 403)).toMatchObject({
      text: 'This action is unauthorized.',
    });
    expect(judge(write, { status: 'fail', message: 'Case is closed.' }, 200)).toMatchObject({
      kind: 'refused',
      text: 'Case is closed.',
    });
  });
});
