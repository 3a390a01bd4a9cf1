import { reads } from '../support/reads.ts';
import { anyShapes } from './any-shapes.ts';
import { corpus } from './documented.ts';
import {
  authFailed,
  badInput,
  badResponse,
  canary,
  json,
  notFound,
  rateLimited,
  rejected,
  type Shape,
  timeout,
  unavailable,
  wrapped,
} from './shape.ts';

const notByFileNumber = [
  'getaccountbysocial',
  'searchbyphone',
  'get_accounts_in_portfolio',
  'getportfoliolist',
];

/** What the documents' sentences of nothing found speak of, and to which reads they are an answer. */
const sentences: readonly (readonly [words: RegExp, isFor: (operation: string) => boolean])[] = [
  [
    /does not exist\.?$|does not exist in the system|^Data not found/,
    (one) => !notByFileNumber.includes(one),
  ],
  [/associated phone numbers/, (one) => one === 'getphones'],
  [/any notes/, (one) => one === 'getnotes'],
  [/^SSN of/, (one) => one === 'getaccountbysocial'],
  [/^No payment info/, (one) => ['getpayments', 'get_lastpayinfo', 'getAlpaymentdata'].includes(one)],
  [/^The payment data/, (one) => ['getpayments', 'getAlpaymentdata'].includes(one)],
  [/^This phone number/, (one) => one === 'searchbyphone'],
];

/** Of a sentence without a row in the table: whether the fixture of an operation documents it for nothing found. */
const isDocumentedFor =
  (sentence: string) =>
  (operation: string): boolean =>
    (corpus.get(operation)?.failures ?? []).some(
      ({ kind, response }) =>
        kind === 'nothing' && JSON.stringify(response).includes(JSON.stringify(sentence)),
    );

/** What a sentence of nothing found means to a read, with the status that stands in the answer, if any. */
const meaningOf = (sentence: string, operation: string, status?: number): Shape[2] => {
  // The sentence about a phone ends as the one about a file number does.
  const isFor = sentences.findLast(([words]) => words.test(sentence))?.[1] ?? isDocumentedFor(sentence);
  if (isFor(operation)) return 'nothing';
  return status === 404 ? badResponse : status === 400 ? badInput : unavailable;
};

/** The documented failures of reads, each once. */
export const documentedFailures = reads.flatMap(({ operation }) =>
  (corpus.get(operation)?.failures ?? []).map(({ response: body }) => ({ operation, body })),
);

/** What a documented failure means to a read. */
export const documentedMeaning = (body: unknown, operation: string): Shape[2] => {
  const text = JSON.stringify(body);
  // Of all of them, one is about the input.
  if (text.includes('Missing')) return badInput;
  const sentence = /"error":"([^"]+)"/.exec(text)?.[1];
  if (sentence === undefined) return 'nothing';
  return meaningOf(sentence, operation, text.includes(',404]') ? 404 : undefined);
};

const distinctFailures = [
  ...new Map(documentedFailures.map((one) => [JSON.stringify(one.body), one])).values(),
];

export const scollectShapesOf = (read: string): Shape[] => [
  ...anyShapes,
  ...distinctFailures.map(
    ({ operation, body }): Shape => [
      `what is documented for ${operation}`,
      json(body),
      documentedMeaning(body, read),
    ],
  ),
  ...[
    notFound,
    `SSN of ${canary} not found`,
    `File number ${canary} does not have associated phone numbers.`,
    `File number ${canary} does not have any notes or may not exist.`,
    `No payment info found with filenumber ${canary}`,
    `Data not found for this filenumber ${canary}`,
  ].flatMap((error): Shape[] => [
    [`"${error}"`, wrapped({ error }), meaningOf(error, read)],
    [`"${error}" with 404 inside`, wrapped([{ error }, 404]), meaningOf(error, read, 404)],
    [`"${error}" with 400 inside`, wrapped([{ error }, 400]), meaningOf(error, read, 400)],
    [`"${error}" under HTTP 404`, wrapped({ error }, 404), meaningOf(error, read)],
  ]),
  // The number is the real status, whatever the text says.
  ['500 inside with a text of nothing found', wrapped([{ error: notFound }, 500]), unavailable],
  ['403 inside with a text of nothing found', wrapped([{ error: notFound }, 403]), rejected],
  ['500 with a text of nothing found', wrapped({ error: notFound }, 500), unavailable],
  ['a blank error with 404 inside', wrapped([{ error: '' }, 404]), 'nothing'],
  ['no rows as `result`', wrapped([]), 'nothing'],
  ['no rows as `result.success`', wrapped({ success: [] }), 'nothing'],
  ['no rows as `result.data`', wrapped({ data: [] }), 'nothing'],
  ['400 inside', wrapped([{ error: canary }, 400]), badInput],
  ['401 inside', wrapped([{ error: canary }, 401]), authFailed],
  ['403 inside', wrapped([{ error: canary }, 403]), rejected],
  ['422 inside', wrapped([{ error: canary }, 422]), badInput],
  ['429 inside', wrapped([{ error: canary }, 429]), rateLimited],
  ['500 inside', wrapped([{ error: canary }, 500]), unavailable],
  ['503 inside', wrapped([{ error: canary }, 503]), unavailable],
  ['500 inside without a text', wrapped([{ error: '' }, 500]), unavailable],
  ['a missing argument', wrapped({ error: `Missing ${canary}` }), badInput],
  ['a blank error', wrapped({ error: '' }), unavailable],
  ['a blank error in a list', wrapped([{ error: '' }]), unavailable],
  ['an error that is null', wrapped({ error: null }), unavailable],
  ['an error that is a row', wrapped({ error: { text: canary } }), unavailable],
  ['an error of any text', wrapped({ error: `${canary} broke` }), unavailable],
  ['an error at the root', json({ error: `${canary} broke` }), unavailable],
  ['something else not found', wrapped({ error: `Server ${canary} not found` }), unavailable],
  ['a table that does not exist', wrapped({ error: `Table ${canary} does not exist` }), unavailable],
  ['a lost connection', wrapped({ error: `Lost connection to ${canary}` }), timeout],
  ['TIMEOUT', json({ state: 'TIMEOUT' }), timeout],
  [
    'TIMEOUT with a text of no input',
    json({ state: 'TIMEOUT', status: `Task ${canary} timed out: missing heartbeat` }),
    timeout,
  ],
  [
    'TIMEOUT with a text about the input',
    json({ state: 'TIMEOUT', status: `At least one update field must be provided, ${canary}.` }),
    badInput,
  ],
  ...['PENDING', 'RECEIVED', 'STARTED', 'RETRY', 'REVOKED'].flatMap((state): Shape[] => [
    [state, json({ state, status: canary }), unavailable],
    [`${state} with no rows`, json({ state, result: [] }), unavailable],
  ]),
  ['FAILURE', json({ state: 'FAILURE', result: `KeyError('${canary}')` }), unavailable],
  [
    'FAILURE with a text of nothing found',
    json({ state: 'FAILURE', result: { error: notFound } }),
    unavailable,
  ],
  ['the id of a task', json({ task_id: canary }), unavailable],
  ['401 for the token', json({ msg: canary }, 401), authFailed],
  ['422 for the token', json({ msg: canary }, 422), authFailed],
  ['200 for the token', json({ msg: canary }), authFailed],
  ['422', json({ message: canary }, 422), badInput],
  [
    '404 of a route',
    json({ message: `The requested URL ${canary} was not found on the server.` }, 404),
    badResponse,
  ],
  ['no result', json({ state: 'SUCCESS' }), badResponse],
  ['a result that is null', wrapped(null), badResponse],
  ['a result without content', wrapped({}), badResponse],
  ['a result within it that is null', wrapped({ result: null }), badResponse],
  ['a denial', wrapped({ success: false, message: canary }), rejected],
];
