import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/upstreams/endpoint/endpoint.ts';
import { judgeScollect } from '../../../src/upstreams/scollect/envelope.ts';
import { send_email_c2c } from '../../../src/upstreams/scollect/messages.ts';
import { InsertNoteline } from '../../../src/upstreams/scollect/notes.ts';
import { scollectOperations } from '../../../src/upstreams/scollect/operations.ts';
import {
  insert_payments_external,
  update_payment_external,
} from '../../../src/upstreams/scollect/payments.ts';

const judge = (endpoint: Endpoint, json: unknown) =>
  judgeScollect(endpoint, { status: 200, headers: {}, json });

const state = 'SUCCESS';
const inserted = 'Payment successfully inserted';

describe('a payment', () => {
  it.each<readonly [unknown, unknown]>([
    // A blank error next to a success is no failure.
    [{ result: { success: inserted, error: null }, state }, inserted],
    [{ result: { success: inserted, error: '' }, state }, inserted],
    [{ result: { success: true, error: [] }, state }, true],
    [{ result: { Success: inserted, error: 'None' }, state }, inserted],
    [{ state, message: inserted, error: '' }, inserted],
    [{ state, message: inserted, error: null, errors: {} }, inserted],
    [{ result: 'Payment inserted', state }, 'Payment inserted'],
  ])('%j is executed', (json, payload) => {
    expect(judge(insert_payments_external, json)).toMatchObject({ kind: 'ok', payload });
  });

  it.each<unknown>([
    { result: { error: '' }, state },
    { result: { error: null }, state },
    { result: { error: '', success: null }, state },
    { error: '', state },
    { result: { result: [] }, state },
    { result: { success: false }, state },
    { result: { success: false, error: 'Card declined' }, state },
    { result: { error: 'Card declined' }, state },
    { result: [{ error: 'Card declined' }, 402], state },
    { result: [{ error: 'Your user has no permission for this account' }, 403], state },
    { state, message: 'Card declined' },
    { result: { success: '0 payments updated.' }, state },
    { result: { success: 'No payments were updated' }, state },
    { state, message: 'Payments updated: 0' },
    { result: { error: '0 rows affected' }, state },
  ])('%j is declined', (json) => {
    expect(judge(insert_payments_external, json).kind).toBe('refused');
  });

  it.each<unknown>([
    { result: { success: '' }, state },
    { result: { success: 'null' }, state },
    { result: { success: '', error: '' }, state },
    { result: { success: 'Payment could not be inserted' }, state },
    { result: { success: 'Payment queued for processing' }, state },
    { result: { success: '1 of 3 payments updated' }, state },
    { result: { success: 'Payment rejected' }, state },
    { result: { success: inserted, error: 'Card declined' }, state },
    { result: { success: true, error: 'Card declined' }, state },
    { result: { success: true, message: 'Card declined' }, state },
    { result: { success: true, errors: ['Card declined'] }, state },
    { result: { success: false, message: inserted }, state },
    { success: false, message: inserted, state },
    { result: { success: inserted, failed: true }, state },
    { result: { success: `${inserted} ${'x '.repeat(600)}` }, state },
    { result: { error: 'Card declined', notes: [...Array(60).fill('x'), inserted] }, state },
    { result: { success: false, message: 'Connection lost' }, state },
    { state, message: inserted, error: 'Card declined' },
    { result: { result: [], message: inserted }, state },
    { result: [{ success: inserted, error: '' }], state },
    { result: { error: inserted }, state },
    { result: { error: 'Something broke' }, state },
    { result: { error: 'list index out of range' }, state },
    { result: [{ error: 'nonsense' }, 400], state },
    { result: [{ error: 'Internal error' }, 404], state },
    { result: { error: 'Duplicate payment' }, state },
    { result: { error: 'Invalid response from processor' }, state },
    { state: 'TIMEOUT', status: 'Payment processed, but at least one field is blank' },
  ])('%j has an unknown outcome', (json) => {
    expect(judge(insert_payments_external, json).kind).toBe('unknown');
  });

  it('update_payment_external: "0 payments updated." → refused with its text', () => {
    expect(judge(update_payment_external, { result: { success: '0 payments updated.' }, state })).toEqual({
      kind: 'refused',
      text: '0 payments updated.',
    });
  });
});

describe('a message', () => {
  const sent = (response: object, success: unknown = true) => ({ result: { response, success }, state });

  it.each<readonly [unknown, string]>([
    [sent({ ErrorMessage: null, Errors: null, Success: true }), 'ok'],
    [sent({ ErrorMessage: '', Errors: [], Success: true }), 'ok'],
    [sent({ ErrorMessage: 'Mailbox is full', Success: true }), 'unknown'],
    [sent({ Errors: ['Mailbox is full'], Success: true }), 'unknown'],
    [sent({ ErrorMessage: 'Template is invalid', Success: false }), 'refused'],
    [sent({ ErrorMessage: 'Timeout while sending', Success: false }), 'unknown'],
    [sent({ ErrorMessage: 'Connection timed out', Success: false }), 'unknown'],
    [sent({ Success: true }, false), 'refused'],
  ])('%j is %s', (json, kind) => {
    expect(judge(send_email_c2c, json).kind).toBe(kind);
  });
});

describe('a write that may be repeated', () => {
  it.each<readonly [unknown, string]>([
    [{ result: { error: 'Something broke' }, state }, 'refused'],
    [{ result: { error: 'Note already exists' }, state }, 'refused'],
    [{ result: [{ error: 'nonsense' }, 400], state }, 'badInput'],
    [{ result: { error: 'Internal Server Error' }, state }, 'unknown'],
    [{ result: { error: 'Noteline inserted successfully' }, state }, 'unknown'],
    [{ result: { success: 'Noteline inserted successfully', error: 'x' }, state }, 'unknown'],
    [{ result: { success: 'Noteline inserted successfully', error: null }, state }, 'ok'],
  ])('%j is %s', (json, kind) => {
    expect(judge(InsertNoteline, json).kind).toBe(kind);
  });
});

it('payments and messages are the writes that must not be executed twice', () => {
  const once = Object.values<Endpoint>(scollectOperations).filter(({ isOnce }) => isOnce);
  expect(once.map(({ operation }) => operation).sort()).toEqual([
    'insert_payments_external',
    'insert_payplan_external',
    'run_payment_external',
    'send_email_c2c',
    'send_text',
    'update_payment_external',
  ]);
});
