import type { Answer } from './upstream.ts';

const html = (status: number): Answer => ({ status, html: '<h1>CANARY</h1>' });
const json = (body: unknown, status = 200): Answer => ({ status, json: body });

const unknown = { __typename: 'OutcomeUnknownError', code: 'OUTCOME_UNKNOWN', outcomeId: null };
const rejected = { __typename: 'RejectedError', code: 'UPSTREAM_REJECTED' };

/** Responses of RecoveryConnect to a write that it does not execute, or may not have executed, and their results. */
export const writeFailures: readonly (readonly [what: string, answer: Answer, result: object])[] = [
  [
    'a record that is not there',
    json({ message: 'No query results for model [App\\Order] 1' }, 404),
    {
      __typename: 'NotFoundError',
      code: 'NOT_FOUND',
      message: 'RecoveryConnect has nothing under that number.',
    },
  ],
  [
    'a forbidden action',
    json({ message: 'This action is unauthorized.' }, 403),
    { ...rejected, reason: 'This action is unauthorized.' },
  ],
  [
    'a refusal in a 200',
    json({ status: 'fail', message: 'The order of jane@example.com is closed' }),
    { ...rejected, reason: 'The order of … is closed' },
  ],
  [
    'too many requests',
    { status: 429, html: 'Too Many Attempts.', headers: { 'retry-after': '17' } },
    { __typename: 'UnavailableError', code: 'UPSTREAM_RATE_LIMITED', retryAfter: 17 },
  ],
  ['402', json({ message: 'Payment required.' }, 402), { ...rejected, reason: 'Payment required.' }],
  ['405', html(405), { ...rejected, reason: null }],
  ['409 with a message', json({ message: 'The order is locked.' }, 409), rejected],
  ['409 without a message', html(409), unknown],
  ['413', html(413), { __typename: 'InvalidInputError', code: 'BAD_USER_INPUT', fields: [] }],
  [
    '419',
    json({ message: 'Page Expired' }, 419),
    { __typename: 'UnavailableError', code: 'UPSTREAM_UNAVAILABLE', retryAfter: null },
  ],
  ['423', json({ message: 'The order is locked.' }, 423), rejected],
  ['425', html(425), unknown],
  ['a page that is missing', html(404), unknown],
  ['a server error', json({ message: 'Server Error' }, 500), unknown],
  ['a bad gateway', html(502), unknown],
  ['a gateway time-out', html(504), unknown],
  ['a reset', 'reset', unknown],
  ['an answer without content', json({ data: null, status: 'success' }), unknown],
];

/** Answers as Laravel does to a body with faults, by the keys that it finds fault with. */
export const invalidData = (errors: Readonly<Record<string, readonly string[]>>): Answer =>
  json({ message: 'The given data was invalid.', errors }, 422);
