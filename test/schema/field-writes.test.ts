import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { html, mutate, wrapped } from '../support/scollect-writes.ts';
import { type Answer, jwt } from '../support/upstream.ts';

const done: Answer = wrapped({ success: 'Table updated successfully' });
const refused = wrapped([{ error: 'Your user is not allowed to update Zaphod' }, 403]);
const invalid = wrapped([{ error: 'The field Zaphod does not exist in the table.' }, 404]);
const absent = wrapped({ error: 'Data not found for this filenumber' });
const tooMany: Answer = { status: 429, html: '', headers: { 'retry-after': '17' } };
const noToken: Answer = { status: 401, json: { msg: 'Token has expired' } };

const reasons = {
  refused: 'Scollect declined: Your user is not allowed to update …',
  invalid: 'Scollect found the input invalid: The field … does not exist in the table.',
  absent: 'Scollect has nothing under that number.',
  tooMany: 'Scollect received too many requests.',
  unreachable: 'Scollect is unavailable; nothing was executed.',
  unknown: expect.stringMatching(/^It is not known whether this was executed\. Look at /),
};

const updates = [
  {
    field: 'updateAccountPermissions',
    operation: 'updatepermissions',
    within: 'permissions',
    names: ['callWork', 'canText', 'sentCount'],
    values: { sentCount: 3, canText: true, callWork: 'Allowed' },
  },
  {
    field: 'updateAccount',
    operation: 'updatedbase',
    within: 'changes',
    names: ['firstName', 'employer.name', 'customFields.0'],
    values: {
      customFields: [{ number: 7, value: 'Custom' }],
      employer: { name: 'Milliways' },
      firstName: 'Ford',
    },
  },
] as const;

describe.each(updates)('Mutation.$field', ({ field, operation, within, names, values }) => {
  const [first, second, third] = names;
  const { method, path } = corpusFile('scollect', operation);

  /** Changes three fields, whose calls are answered so, one after another. */
  const change = async (...answers: readonly Answer[]) => {
    const left = [...answers];
    const input = { fileNumber: 'R1000', [within]: values };
    const { result, errors, writes } = await mutate(
      { field, operation, input },
      {
        answer: () => left.shift() ?? html(418),
        success: 'account { fileNumber } updated failed { field reason isOutcomeUnknown }',
      },
    );
    return { result, errors, sent: writes.length };
  };

  const failure = (name: string, reason: unknown, isOutcomeUnknown = false) => ({
    field: name,
    reason,
    isOutcomeUnknown,
  });
  const notSent = (name: string, after: string) =>
    failure(name, `Not sent, since the call for \`${after}\` had failed.`);

  it.each<readonly [string, readonly Answer[], readonly string[], readonly object[]]>([
    ['all done', [done, done, done], [first, second, third], []],
    ['the first refused', [refused, done, done], [second, third], [failure(first, reasons.refused)]],
    ['the middle invalid', [done, invalid, done], [first, third], [failure(second, reasons.invalid)]],
    [
      'the last two refused',
      [done, refused, invalid],
      [first],
      [failure(second, reasons.refused), failure(third, reasons.invalid)],
    ],
    [
      'the account deleted between two calls',
      [done, absent],
      [first],
      [failure(second, reasons.absent), notSent(third, second)],
    ],
    [
      'the first unknown',
      ['reset'],
      [],
      [failure(first, reasons.unknown, true), notSent(second, first), notSent(third, first)],
    ],
    [
      'the middle unknown',
      [done, html(502)],
      [first],
      [failure(second, reasons.unknown, true), notSent(third, second)],
    ],
    ['the last unknown', [done, done, 'silence'], [first, second], [failure(third, reasons.unknown, true)]],
    [
      'the first refused, and the second unknown',
      [refused, { json: { state: 'PENDING' } }],
      [],
      [failure(first, reasons.refused), failure(second, reasons.unknown, true), notSent(third, second)],
    ],
    [
      'the first refused, the second done and too many requests for the third',
      [refused, done, tooMany],
      [second],
      [failure(first, reasons.refused), failure(third, reasons.tooMany)],
    ],
    [
      'the token refused on the way',
      [done, noToken, noToken],
      [first],
      [
        failure(second, `Scollect refused the gateway's credentials (${method} ${path}).`),
        notSent(third, second),
      ],
    ],
  ])('reports %s', async (_, answers, updated, failed) => {
    const { result, errors, sent } = await change(...answers);
    expect(errors).toBeUndefined();
    const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Success`;
    expect(result).toEqual({ __typename: name, account: { fileNumber: 'R1000' }, updated, failed });
    expect(sent).toBe(answers.length);
  });

  it('reports the executed changes if a new token is refused between two calls', async () => {
    let logins = 0;
    const left = [done, noToken];
    const scollect = await startCorpusUpstream('scollect', {
      login: () => {
        logins += 1;
        return logins === 1 ? wrapped({ access_token: jwt({}) }) : 'reset';
      },
      [operation]: () => left.shift() ?? done,
    });
    const input = { fileNumber: 'R1000', [within]: values };
    const success = 'updated failed { field reason isOutcomeUnknown }';
    const { result, writes } = await mutate({ field, operation, input }, { scollect, success });
    expect(result).toMatchObject({
      updated: [first],
      failed: [failure(second, reasons.unreachable), notSent(third, second)],
    });
    expect(writes).toHaveLength(2);
  });

  const isInvalid = 'The field … does not exist in the table.';

  it.each<readonly [string, readonly Answer[], object]>([
    [
      'refused',
      [refused, refused, refused],
      { __typename: 'RejectedError', reason: 'Your user is not allowed to update …' },
    ],
    [
      'invalid',
      [invalid, invalid, wrapped([{ error: 'Zaphod' }, 400])],
      {
        __typename: 'InvalidInputError',
        message: reasons.invalid,
        fields: [
          { path: `${within}.${first}`, message: isInvalid },
          { path: `${within}.${second}`, message: isInvalid },
          { path: `${within}.${third}`, message: 'Scollect found it invalid.' },
        ],
      },
    ],
    [
      'invalid or refused, the first invalid',
      [invalid, refused, invalid],
      {
        __typename: 'InvalidInputError',
        fields: [{ path: `${within}.${first}` }, { path: `${within}.${third}` }],
      },
    ],
    ['invalid or refused, the first refused', [refused, invalid, invalid], { __typename: 'RejectedError' }],
    ['of an account that is not there', [absent], { __typename: 'NotFoundError' }],
    ['too many', [tooMany], { __typename: 'UnavailableError', retryAfter: 17 }],
    ['refused and then too many', [refused, tooMany], { __typename: 'RejectedError' }],
  ])('is the failure of the first where all are %s', async (_, answers, expected) => {
    const { result, errors, sent } = await change(...answers);
    expect(errors).toBeUndefined();
    expect(result).toMatchObject(expected);
    expect(sent).toBe(answers.length);
  });

  it('is null, with an error, for a token that is refused twice before anything is done', async () => {
    const { result, errors, sent } = await change(noToken, noToken);
    expect(result).toBeNull();
    expect(errors).toMatchObject([
      { path: [field], extensions: { code: 'UPSTREAM_AUTH_FAILED', operation } },
    ]);
    expect(sent).toBe(2);
  });

  it('leaves the outcome of the first field unknown for a page that is missing', async () => {
    const { result, errors } = await change(html(404));
    expect(errors).toBeUndefined();
    expect(result.failed).toMatchObject([
      { field: first, isOutcomeUnknown: true },
      { field: second, isOutcomeUnknown: false },
      { field: third, isOutcomeUnknown: false },
    ]);
  });
});
