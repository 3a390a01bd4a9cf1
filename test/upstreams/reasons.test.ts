import { describe, expect, it } from 'vitest';
import { toResult } from '../../src/upstreams/client/result.ts';
import type { Endpoint } from '../../src/upstreams/endpoint/endpoint.ts';
import type { Judge } from '../../src/upstreams/endpoint/verdict.ts';
import { BadInputError, RejectedError } from '../../src/upstreams/errors.ts';
import { judgeRecoveryConnect } from '../../src/upstreams/recoveryconnect/envelope.ts';
import { recoveryConnectOperations } from '../../src/upstreams/recoveryconnect/operations.ts';
import { judgeScollect } from '../../src/upstreams/scollect/envelope.ts';
import { scollectOperations } from '../../src/upstreams/scollect/operations.ts';

// Where an upstream puts its words on a write that it declines, and that they reach the caller without what is personal.

const words = 'Card of John Doe, 614-555-0142, is declined: the account of 111-22-3333 is closed';
const cleaned = 'Card of …, is declined: the account of … is closed';

const reasonFrom = (judge: Judge, endpoint: Endpoint, status: number, json: unknown): unknown => {
  try {
    return toResult(endpoint, judge(endpoint, { status, headers: {}, json }));
  } catch (error) {
    return error instanceof RejectedError || error instanceof BadInputError ? error.reason : error;
  }
};

type Place = readonly [place: string, status: number, json: unknown];

const writesOf = (operations: Readonly<Record<string, Endpoint>>): Endpoint[] =>
  Object.values(operations).filter(({ effect }) => effect === 'write');

const state = 'SUCCESS';

/** The places of every write to Scollect. */
const scollectPlaces: readonly Place[] = [
  ['result.error', 200, { result: { error: words }, state }],
  ['an error with a number', 200, { result: [{ error: words }, 403], state }],
  ['an error in a list', 200, { result: [{ error: words }], state }],
  ['error', 200, { error: words, state }],
  ['a list of errors', 200, { result: { error: [words] }, state }],
  ['an error with a message', 200, { result: { error: { message: words } }, state }],
  ['error, under 403', 403, { error: words }],
];

/** Those of writes that are no charge, whose answer has a form of its own. */
const morePlaces: readonly Place[] = [
  ['a message next to a flag', 200, { result: { success: false, message: words }, state }],
  ['a message at the root', 200, { success: false, message: words, state }],
  ['errors next to a flag', 200, { result: { success: 'false', errors: [words] }, state }],
  [
    "send_email's ErrorMessage",
    200,
    { result: { response: { ErrorMessage: words, Errors: null, Success: false }, success: true }, state },
  ],
  [
    "send_email's Errors",
    200,
    { result: { response: { ErrorMessage: null, Errors: [words], Success: false }, success: false }, state },
  ],
  [
    "send_email's Errors by field",
    200,
    { result: { response: { Errors: { Template: [words] }, Success: false }, success: false }, state },
  ],
];

/** Those that prove nothing of a write that must not be executed twice. */
const placesOfRepeatable: readonly Place[] = [
  ['message, under 403', 403, { message: words }],
  ['msg, under 400', 400, { msg: words }],
];

describe.each(writesOf(scollectOperations))('$operation', (endpoint) => {
  it.each([
    ...scollectPlaces,
    ...(endpoint.isCharge ? [] : morePlaces),
    ...(endpoint.isOnce ? [] : placesOfRepeatable),
  ])('returns the words of Scollect in %s', (_, status, json) => {
    expect(reasonFrom(judgeScollect, endpoint, status, json)).toBe(cleaned);
  });
});

const recoveryConnectPlaces: readonly Place[] = [
  ['a message, under 200', 200, { status: 'fail', message: words }],
  ['an error, under 200', 200, { status: 'error', error: words }],
  ['errors, under 200', 200, { status: false, errors: [words] }],
  ['errors by key, under 200', 200, { status: 'fail', errors: { number: [words] } }],
  ['a message in data', 200, { data: { success: false, message: words } }],
  ...[402, 403, 405, 423].flatMap((status): Place[] => [
    [`a message, under ${status}`, status, { message: words }],
    [`an error, under ${status}`, status, { error: words }],
    [`an error with a message, under ${status}`, status, { error: { code: 7, message: words } }],
    [`errors by key, under ${status}`, status, { message: '', errors: { number: [words] } }],
  ]),
  ['a message, under 409', 409, { message: words }],
  ...[400, 413, 422].flatMap((status): Place[] => [
    [`a message, under ${status}`, status, { message: words }],
    [`an error, under ${status}`, status, { error: words }],
    [`errors, under ${status}`, status, { errors: [words] }],
    [`a message and the same errors, under ${status}`, status, { message: words, errors: [words] }],
  ]),
];

describe.each(writesOf(recoveryConnectOperations))('$operation', (endpoint) => {
  it.each(recoveryConnectPlaces)('returns the words of RecoveryConnect in %s', (_, status, json) => {
    expect(reasonFrom(judgeRecoveryConnect, endpoint, status, json)).toBe(cleaned);
  });

  it('returns all sentences, each once', () => {
    const json = {
      message: 'The order is closed',
      error: 'Access denied.',
      errors: ['The order is closed', 'No draft'],
    };
    expect(reasonFrom(judgeRecoveryConnect, endpoint, 403, json)).toBe(
      'The order is closed. Access denied. No draft',
    );
  });
});
