import { graphql } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOpaqueDigest } from '../../src/lib/opaque-digest.ts';
import { createCallBudget } from '../../src/request/call-budget.ts';
import type { Context } from '../../src/request/context.ts';
import { Loaders } from '../../src/request/loaders.ts';
import { createRequestLives } from '../../src/request/request-life.ts';
import { createResponseBudget } from '../../src/request/response-budget.ts';
import { schema } from '../../src/schema/schema.ts';
import { defaultPollLimits, Polls } from '../../src/updates/polls.ts';
import { closeUpstreams, createUpstreams } from '../../src/upstreams/upstreams.ts';
import { createAgencyCalendar } from '../../src/values/agency-calendar.ts';
import { callerWith, noAudit } from '../support/caller.ts';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { ledgerInMemory, sharedKey, silentLog, startGateway } from '../support/gateway.ts';
import { limits } from '../support/limits.ts';
import { mutationOf } from '../support/mutation.ts';
import { startSandboxedRecoveryConnect } from '../support/sandboxed-upstream.ts';
import { unpaced } from '../support/unpaced.ts';
import type { Answer } from '../support/upstream.ts';
import { invalidData, writeFailures } from '../support/write-failures.ts';

const assignmentId = '57074903';
const least = { assignmentId, statusId: '3' };
const isNumber = 'Expected a number of at most 15 digits.';

const mutate = async (input: object, answer?: Answer, success = 'assignment { assignmentId }') => {
  const recoveryConnect = await startCorpusUpstream(
    'recoveryconnect',
    answer === undefined ? {} : { updateAssignment: answer },
  );
  const { query } = await startGateway({ recoveryConnect });
  const { data, errors } = await query(mutationOf('updateAssignment', success), { input });
  return { result: data.updateAssignment, errors, sent: recoveryConnect.received.slice(1) };
};

describe('Mutation.updateAssignment', () => {
  it('sends the documented request, and answers the row that comes back', async () => {
    const input = { assignmentId, orderTypeId: '5', statusNote: 'test note', collectorId: '83268' };
    const { result, errors, sent } = await mutate(
      input,
      undefined,
      'assignment { assignmentId orderTypeId collectorId statusId ownerCompanyId primaryCollateral { vin } }',
    );
    expect(errors).toBeUndefined();
    expect(result).toEqual({
      __typename: 'UpdateAssignmentSuccess',
      assignment: {
        assignmentId,
        orderTypeId: '5',
        collectorId: '83268',
        statusId: '0',
        ownerCompanyId: '10001',
        primaryCollateral: { vin: 'WP0AA29898U760244' },
      },
    });
    const { method, request } = corpusFile('recoveryconnect', 'updateAssignment');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method, path: '/api/v130/assignments/57074903' });
    expect(sent[0]?.body).toEqual(request);
  });

  it.each([
    ['left out', least],
    ['null', { ...least, orderTypeId: null, statusNote: null, collectorId: null }],
  ])('sends no key for what is %s', async (_, input) => {
    const { sent } = await mutate(input);
    expect(sent.map(({ body }) => body)).toEqual([{ status: 3 }]);
  });

  it.each<readonly [string, object, object]>([
    [
      'all faults',
      {
        assignmentId: 'x',
        orderTypeId: '1.5',
        statusId: '-1',
        statusNote: 'x'.repeat(2001),
        collectorId: '9'.repeat(16),
      },
      {
        assignmentId: isNumber,
        orderTypeId: isNumber,
        statusId: isNumber,
        statusNote: 'Expected 1 to 2000 characters, and not only blanks.',
        collectorId: isNumber,
      },
    ],
    ['a change that is none', { assignmentId }, { '': 'Expected at least one field to change.' }],
    [
      'a change that is none, and a fault',
      { assignmentId: '', statusId: null },
      { assignmentId: isNumber, '': 'Expected at least one field to change.' },
    ],
  ])('%s → InvalidInputError; nothing is sent', async (_, input, faults) => {
    const { result, sent } = await mutate(input);
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    const reported = result.fields.map(({ path, message }: Record<string, string>) => [path, message]);
    expect(Object.fromEntries(reported)).toEqual(faults);
    expect(reported).toHaveLength(Object.keys(faults).length);
    expect(sent).toEqual([]);
  });

  it.each(writeFailures)('reports %s', async (_, answer, expected) => {
    const { result, errors, sent } = await mutate(least, answer);
    expect(errors).toBeUndefined();
    expect(result).toMatchObject(expected);
    expect(JSON.stringify(result)).not.toMatch(/App|CANARY|example/);
    expect(sent).toHaveLength(1);
  });

  it('names the input fields that RecoveryConnect rejects', async () => {
    const answer = invalidData({
      status: ['The selected status is invalid.'],
      collector_id: ['The collector must be a number.'],
      assignment_id: ['The selected id is invalid.'],
      person: ['Unheard of.'],
    });
    const { result } = await mutate(least, answer);
    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      fields: [
        { path: 'statusId', message: 'The selected status is invalid.' },
        { path: 'collectorId', message: expect.any(String) },
        { path: 'assignmentId', message: 'The selected id is invalid.' },
      ],
    });
  });

  it('is null, with an error, where RecoveryConnect is not configured', async () => {
    const { query } = await startGateway({ recoveryConnect: null });
    const document = mutationOf('updateAssignment', 'assignment { assignmentId }');
    const { data, errors } = await query(document, { input: least });
    expect(data).toEqual({ updateAssignment: null });
    expect(errors).toMatchObject([
      { path: ['updateAssignment'], extensions: { operation: 'updateAssignment' } },
    ]);
  });

  it('is seen by every later selection of the request', async () => {
    const recoveryConnect = await startSandboxedRecoveryConnect();
    const { query } = await startGateway({ recoveryConnect });
    const { data, errors } = await query(`mutation {
      first: updateAssignment(input: { assignmentId: "57074903", orderTypeId: "1" }) { ...changed }
      second: updateAssignment(input: { assignmentId: "57074903", orderTypeId: "6", statusId: "3", statusNote: "picked up" }) {
        ...changed
      }
    }
    fragment changed on UpdateAssignmentResult {
      ... on UpdateAssignmentSuccess {
        assignment {
          orderTypeId statusId primaryCollateral { statusId }
          order { orderId assignments { assignmentId orderTypeId } }
        }
      }
    }`);
    expect(errors).toBeUndefined();
    const changed = (orderTypeId: string, statusId: string) => ({
      assignment: {
        orderTypeId,
        statusId,
        primaryCollateral: { statusId },
        order: { orderId: '57074901', assignments: [{ assignmentId, orderTypeId }] },
      },
    });
    expect(data).toEqual({ first: changed('1', '0'), second: changed('6', '3') });
  });

  it('is forgotten by what read it before', async () => {
    const { url } = await startSandboxedRecoveryConnect();
    const upstreams = createUpstreams({
      recoveryConnect: { url, username: 'u', password: 'p' },
      ...limits,
    });
    onTestFinished(() => closeUpstreams(upstreams));
    const contextValue: Context = {
      life: createRequestLives(10_000).begin(),
      loaders: new Loaders(upstreams),
      upstreams,
      polls: new Polls(defaultPollLimits),
      calls: createCallBudget(Number.POSITIVE_INFINITY),
      responseBudget: createResponseBudget(Number.POSITIVE_INFINITY),
      pace: unpaced,
      write: (endpoint, input) => upstreams[endpoint.system].call(endpoint, input),
      ledger: await ledgerInMemory(),
      caller: callerWith(),
      opaque: createOpaqueDigest(sharedKey),
      calendar: createAgencyCalendar(),
      requestId: 'request',
      traceId: 'trace',
      audit: noAudit,
      log: silentLog,
      warnings: [],
    };
    const read = '{ assignment(assignmentId: "57074903") { orderTypeId } }';
    const change =
      'mutation { updateAssignment(input: { assignmentId: "57074903", orderTypeId: "6" }) { __typename } }';
    const answers: unknown[] = [];
    for (const source of [read, change, read]) answers.push(await graphql({ schema, source, contextValue }));
    expect(answers).toEqual([
      { data: { assignment: { orderTypeId: '1' } } },
      { data: { updateAssignment: { __typename: 'UpdateAssignmentSuccess' } } },
      { data: { assignment: { orderTypeId: '6' } } },
    ]);
  });
});
