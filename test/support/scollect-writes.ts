import { expect, it } from 'vitest';
import { corpusFile } from './corpus.ts';
import { startCorpusUpstream } from './corpus-upstream.ts';
import { type Reply, startGateway } from './gateway.ts';
import { mutationOf } from './mutation.ts';
import type { Answer, LocalUpstream, Received } from './upstream.ts';

type Answering = Answer | ((request: Received) => Answer | Promise<Answer>);

/** A mutation that one operation of Scollect executes, and its input. */
export interface ScollectWrite {
  readonly field: string;
  readonly operation: string;
  readonly input: object;
}

interface Options {
  /** The response of Scollect to the write; by default the documented success. */
  readonly answer?: Answering;
  /** What to select of the success. */
  readonly success?: string;
  readonly scollect?: LocalUpstream | null;
}

interface Outcome {
  readonly result: Reply['data'];
  readonly errors: Reply['errors'];
  /** What was sent to the operation. */
  readonly writes: readonly Pick<Received, 'method' | 'path' | 'body'>[];
  /** The paths of all calls but log-ins, sorted. */
  readonly calls: readonly string[];
}

/** Asks for a mutation, and gives what became of it. */
export const mutate = async (
  { field, operation, input }: ScollectWrite,
  { answer, success = 'account { __typename }', scollect: given }: Options = {},
): Promise<Outcome> => {
  const answers = answer === undefined ? {} : { [operation]: answer };
  const scollect = given === undefined ? await startCorpusUpstream('scollect', answers) : given;
  const { query } = await startGateway({ scollect, timeoutMs: answer === 'silence' ? 500 : 5000 });
  const { data, errors } = await query(mutationOf(field, success), { input });
  const { path } = corpusFile('scollect', operation);
  const writes = (scollect?.received ?? [])
    .filter((one) => one.path === path)
    .map(({ method, body }) => ({ method, path, body }));
  return { result: data[field], errors, writes, calls: scollect?.calls() ?? [] };
};

/** The documented request of an operation, with other values for some keys. */
export const documentedWrite = (operation: string, body: object = {}) => {
  const { method, path, request } = corpusFile('scollect', operation);
  return { method, path, body: { ...(request as object), ...body } };
};

/** The faults of a result, by their paths. */
export const faultsOf = (result: { readonly fields: readonly Record<string, string>[] }): object =>
  Object.fromEntries(result.fields.map(({ path, message }) => [path, message]));

export const wrapped = (result: unknown): Answer => ({ json: { result, state: 'SUCCESS' } });
export const html = (status: number): Answer => ({ status, html: '<h1>CANARY</h1>' });

/** Repeats in a refusal all that was sent, of which the words are left that upstreams explain themselves with. */
const echo = ({ body }: Received): Answer => {
  const sent = Object.values(body as Record<string, string>).join(', ');
  return wrapped([{ error: `Your user is not allowed to update ${sent} at this time` }, 403]);
};

const rejected = { __typename: 'RejectedError', code: 'UPSTREAM_REJECTED' };
const unknown = {
  __typename: 'OutcomeUnknownError',
  code: 'OUTCOME_UNKNOWN',
  message: 'It is not known whether this was executed.',
  whatToCheck: expect.stringMatching(/^Look /),
  outcomeId: null,
};

const failures: readonly (readonly [what: string, answer: Answering, result: object])[] = [
  [
    'an account that is not there',
    wrapped({ error: 'Data not found for this filenumber' }),
    { __typename: 'NotFoundError', code: 'NOT_FOUND', message: 'Scollect has nothing under that number.' },
  ],
  ['nothing done', wrapped({ result: [] }), { ...rejected, reason: null, message: 'Scollect declined.' }],
  ['a blank error', wrapped({ error: '' }), { ...rejected, reason: null }],
  ['a refusal', echo, { ...rejected, reason: 'Your user is not allowed to update … at this time' }],
  [
    'bad input',
    { json: { state: 'TIMEOUT', status: 'At least one update field must be provided.' } },
    {
      __typename: 'InvalidInputError',
      code: 'BAD_USER_INPUT',
      message: 'Scollect found the input invalid: At least one update field must be provided.',
    },
  ],
  [
    'too many requests',
    { status: 429, html: 'Too Many Requests', headers: { 'retry-after': '17' } },
    { __typename: 'UnavailableError', code: 'UPSTREAM_RATE_LIMITED', retryAfter: 17 },
  ],
  ['a task that timed out', { json: { state: 'TIMEOUT', status: 'The task CANARY timed out' } }, unknown],
  ['a task that continues', { json: { state: 'PENDING', status: 'CANARY' } }, unknown],
  ['a task that failed', { json: { state: 'FAILURE', result: 'CANARY' } }, unknown],
  ['a server error in a 200', wrapped([{ error: 'CANARY broke' }, 500]), unknown],
  ['a page that is missing', html(404), unknown],
  ['a conflict', html(409), unknown],
  ['a server error', html(500), unknown],
  ['a bad gateway', html(502), unknown],
  ['a gateway time-out', html(504), unknown],
  ['a form nobody knows', wrapped('CANARY'), unknown],
  ['a reset', 'reset', unknown],
  ['silence', 'silence', unknown],
];

const faults: readonly (readonly [what: string, Options, code: string])[] = [
  [
    'a token that is refused twice',
    { answer: { status: 401, json: { msg: 'Token has expired' } } },
    'UPSTREAM_AUTH_FAILED',
  ],
  ['a Scollect that is not configured', { scollect: null }, 'UPSTREAM_UNAVAILABLE'],
];

/** A Scollect that nothing listens at. */
export const nowhere: LocalUpstream = {
  url: 'http://127.0.0.1:9',
  received: [],
  calls: () => [],
  abandoned: () => [],
};

/**
 * Holds a mutation to all that Scollect may answer to its one call.
 *
 * @param write its input has no words in it that upstreams explain themselves with, so that none may come back.
 */
export const itTellsOfFailures = (write: ScollectWrite): void => {
  it.each(failures)('reports %s', async (_, answer, expected) => {
    const { result, errors, writes } = await mutate(write, { answer });
    expect(errors).toBeUndefined();
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toContain('CANARY');
    expect(writes).toHaveLength(1);
  });

  it.each(faults)('is null, with an error, for %s', async (_, options, code) => {
    const { result, errors } = await mutate(write, options);
    expect(result).toBeNull();
    expect(errors).toMatchObject([{ path: [write.field], extensions: { code, operation: write.operation } }]);
  });

  it('was certainly not executed if Scollect cannot be reached', async () => {
    const { result, errors } = await mutate(write, { scollect: nowhere });
    expect(errors).toBeUndefined();
    expect(result).toMatchObject({ __typename: 'UnavailableError', code: 'UPSTREAM_UNAVAILABLE' });
  });
};
