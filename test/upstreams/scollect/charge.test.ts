import { describe, expect, it } from 'vitest';
import { judgeScollect } from '../../../src/upstreams/scollect/envelope.ts';
import { run_payment_external } from '../../../src/upstreams/scollect/payments.ts';
import { corpusFile } from '../../support/corpus.ts';

const judge = (json: unknown, status = 200) =>
  judgeScollect(run_payment_external, { status, headers: {}, json });

const answer = (result: unknown, approvalcode?: unknown, error?: unknown) => ({
  result,
  approvalcode,
  error,
});

describe('run_payment_external: approved', () => {
  it.each<readonly [object, string, unknown]>([
    [answer('Approved', 'A1', ''), 'Approved', 'A1'],
    [answer('APPROVED', 'A-771', null), 'APPROVED', 'A-771'],
    [answer('Approval', '012345'), 'Approval', '012345'],
    [answer('Approved', 'HOSTAB'), 'Approved', 'HOSTAB'],
    [answer('Approved', 123_456, 'null'), 'Approved', '123456'],
    [answer('Transaction approved.', '0A1B2C', 'N/A'), 'Transaction approved.', '0A1B2C'],
    [answer('Success', '123457', 'None'), 'Success', '123457'],
    [answer('Accepted', '123457', '000'), 'Accepted', '123457'],
    [answer('Ok', '123457', ''), 'Ok', '123457'],
    [answer('Captured', '123457', false), 'Captured', '123457'],
    // The document shows the approval code as the error.
    [answer('Approved', '123457', '123457'), 'Approved', '123457'],
    [answer('Approved', '123457', 'Approved'), 'Approved', '123457'],
    [answer('Approved', '123457', 'No error'), 'Approved', '123457'],
    // At another place, under other spellings, with other keys next to it.
    [{ result: answer('Approved', '123457', ''), state: 'SUCCESS' }, 'Approved', '123457'],
    [{ result: [answer('Approved', '123457', '')], state: 'SUCCESS' }, 'Approved', '123457'],
    [{ result: { result: [answer('Approved', '123457')] }, state: 'SUCCESS' }, 'Approved', '123457'],
    [{ Result: 'Approved', ApprovalCode: '123457', result: 'Approved' }, 'Approved', '123457'],
    [{ ...answer('Approved', '123457'), filenumber: 'R1001', status: 'SUCCESS' }, 'Approved', '123457'],
  ])('%j', (json, result, approvalcode) => {
    expect(judge(json)).toMatchObject({ kind: 'ok', payload: { result, approvalcode } });
  });

  it('the documented placeholders', () => {
    expect(judge(corpusFile('scollect', 'run_payment_external').success)).toMatchObject({ kind: 'ok' });
  });
});

describe('run_payment_external: declined', () => {
  it.each<readonly [object, string]>([
    [answer('Declined', '', 'Insufficient funds'), 'Insufficient funds'],
    [answer('Declined', '', ''), 'Declined'],
    [answer('Declined', null), 'Declined'],
    [answer('DECLINED', 'null', 'Card declined'), 'Card declined'],
    [answer('Declined', 'NA', 'null'), 'Declined'],
    [answer('Insufficient Funds', '0', 'Insufficient Funds'), 'Insufficient Funds'],
    [answer('', '000000', 'This transaction has been declined.'), 'This transaction has been declined.'],
    [answer('Error', '-', 'Do Not Honor'), 'Do Not Honor'],
    [answer('Failed', 'NONE', 'EXPIRED CARD'), 'EXPIRED CARD'],
    [answer('Not approved', '', ''), 'Not approved'],
    [answer('card_declined', '', ''), 'card_declined'],
    [answer('Declined', '', 'Ref 8812'), 'Declined'],
    [answer('Pick up card', '', ''), 'Pick up card'],
    [answer('Exceeds withdrawal amount limit', '', ''), 'Exceeds withdrawal amount limit'],
    [{ result: 'Declined', state: 'SUCCESS' }, 'Declined'],
    [{ result: { error: 'Card declined' }, state: 'SUCCESS' }, 'Card declined'],
    [{ result: [{ error: 'Card declined' }, 402], state: 'SUCCESS' }, 'Card declined'],
    [{ result: { error: { code: 'card_declined' } }, state: 'SUCCESS' }, 'card_declined'],
  ])('%j', (json, text) => {
    expect(judge(json)).toEqual({ kind: 'refused', text });
  });

  it('the documented empty list', () => {
    expect(judge(corpusFile('scollect', 'run_payment_external').failures[0]?.response)).toEqual({
      kind: 'refused',
    });
  });

  it('402 with a declining text', () => {
    expect(judge({ error: 'Card declined' }, 402)).toEqual({ kind: 'refused', text: 'Card declined' });
  });

  it('an account that is missing', () => {
    expect(judge({ result: [{ error: 'Data not found for this filenumber' }, 400] })).toEqual({
      kind: 'nothing',
    });
  });
});

describe('run_payment_external: outcome unknown', () => {
  it.each<unknown>([
    // A code alone, or a filler in its place, proves nothing.
    answer('', '123457', ''),
    answer('Payment Result', '123457', ''),
    answer('05', '123457', ''),
    ...[
      '',
      '0',
      '000000',
      'N/A',
      'NA',
      'NONE',
      'null',
      '-',
      '--',
      '999999',
      'PENDING',
      'UNKNOWN',
      'DECLINED',
      'XXXXXX',
      '******',
      'tbd',
      'No code',
      0,
      null,
    ].map((filler) => answer('Approved', filler, '')),
    { result: 'Approved' },
    answer('Approved', '', 'Approved'),
    // Words that contradict each other, or the code.
    answer('Ok', '000000', 'This transaction has been declined.'),
    answer('Approved', '123457', 'Insufficient funds'),
    answer('Approved', '123457', 'Street address unverified'),
    answer('Declined', '123457', ''),
    answer('Approved: DECLINED', '123457', ''),
    { ...answer('Approved', '123457', ''), message: 'Card declined' },
    { ...answer('Approved', '123457', ''), status: 'Held for review' },
    answer('SUCCESS', '', 'Declined'),
    { ...answer('Approved', '123457', ''), success: false },
    { ...answer('Approved', '123457', ''), approved: 'no' },
    { ...answer('Approved', '123457', ''), isDeclined: true },
    { ...answer('Approved', '123457', ''), errorMessage: 'Street address unverified' },
    { ...answer('Approved', '123457', ''), details: { a: { b: { c: { d: { e: 'Card declined' } } } } } },
    // What is too much to be read may say anything.
    { ...answer('Approved', '123457', ''), notes: [...Array(60).fill('x'), 'Card declined'] },
    answer(`Approved ${'x '.repeat(600)} declined`, '123457', ''),
    // Neither approved nor declined.
    answer('HELD FOR REVIEW', '123457', ''),
    answer('HELD FOR REVIEW', '', ''),
    answer('PARTIAL APPROVAL', '123457', ''),
    answer('VOIDED', '123457', ''),
    answer('Approved - Reversed', '123457', ''),
    answer('Pending', '', 'Transaction pending'),
    answer('Declined', '', 'Transaction is pending review'),
    answer('Duplicate transaction', '', 'Declined'),
    answer('Error', '', ''),
    answer('Failed', '', ''),
    answer('', '', ''),
    answer('Not processed', '', ''),
    // The server or a connection failed.
    answer('', '', 'Internal Server Error'),
    answer('Error', '', 'Processor timed out'),
    answer('Error', '', 'Lost connection to the processor'),
    answer('Error', '', 'No response from host'),
    answer('Declined', '', 'No response from issuer'),
    { result: { error: 'list index out of range' }, state: 'SUCCESS' },
    { result: [{ error: 'list index out of range' }, 400], state: 'SUCCESS' },
    { result: [{ error: 'list index out of range' }, 404], state: 'SUCCESS' },
    { result: { error: "KeyError('approvalcode')" }, state: 'SUCCESS' },
    { result: { error: 'charge() missing 1 required positional argument' }, state: 'SUCCESS' },
    { result: { error: 'Something broke' }, state: 'SUCCESS' },
    { result: { error: 'Payment already processed' }, state: 'SUCCESS' },
    { result: { error: 'Approved' }, state: 'SUCCESS' },
    { state: 'TIMEOUT', status: 'Payment approved, but the receipt must be sent.' },
    { result: 'Approved', error: '' },
    { result: true, approvalcode: '123457' },
    { result: [answer('Declined', '', ''), 500], state: 'SUCCESS' },
  ])('%j', (json) => {
    expect(judge(json).kind).toBe('unknown');
  });

  it.each([400, 402, 403, 404, 405, 406, 409, 410, 412, 413, 415, 418, 421, 422, 423, 425, 451, 499])(
    'HTTP %i without a readable body',
    (status) => {
      expect(judge(undefined, status)).toEqual({ kind: 'unknown', reason: 'unreadable' });
    },
  );

  it.each([
    [409, { error: 'Duplicate payment' }],
    [400, { error: 'list index out of range' }],
    [404, { message: 'The requested URL was not found on the server.' }],
  ])('HTTP %i with %j', (status, json) => {
    expect(judge(json, status).kind).toBe('unknown');
  });
});

describe('run_payment_external: not executed', () => {
  it.each([
    [401, { msg: 'Token has expired' }, 'token'],
    [401, undefined, 'token'],
    [429, undefined, 'rateLimited'],
  ])('HTTP %i is %s', (status, json, kind) => {
    expect(judge(json, status).kind).toBe(kind);
  });
});
