import { afterEach, describe, expect, it, vi } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';
import { documentedWrite, faultsOf, itTellsOfFailures, mutate, wrapped } from '../support/scollect-writes.ts';

const isFileNumber = 'Expected at most 50 letters and digits, as in R1001.';
const isName = 'Expected 1 to 100 characters, and not only blanks, on one line.';

describe('Mutation.recordContactAttempt', () => {
  const write = {
    field: 'recordContactAttempt',
    operation: 'insertattempt',
    input: {
      fileNumber: 'R1000',
      phoneNumber: '123-456-7890',
      disposition: 'SPOKE TO DEBTOR',
      agent: 'agent',
      type: 'MANUAL',
    },
  };

  itTellsOfFailures({
    ...write,
    input: { ...write.input, disposition: 'Marvin wept', agent: 'Trillian', type: 'Vogon' },
  });

  it('sends the documented request, and reads nothing that is not selected', async () => {
    const input = { ...write.input, fileNumber: 'r1000', phoneNumber: '+11234567890' };
    const { result, writes, calls } = await mutate({ ...write, input });
    expect(result).toMatchObject({ __typename: 'RecordContactAttemptSuccess' });
    expect(writes).toEqual([documentedWrite('insertattempt')]);
    expect(calls).toEqual(['/insertattempt']);
  });

  it.each([
    [{ fileNumber: '', phoneNumber: '12', disposition: '', agent: ' ', type: '' }],
    [
      {
        fileNumber: '?',
        phoneNumber: 'x',
        disposition: 'a\nb',
        agent: 'x'.repeat(101),
        type: 'x'.repeat(51),
      },
    ],
  ])('all faults of an input are reported at once; nothing is sent (%#)', async (input) => {
    const { result, calls } = await mutate({ ...write, input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual({
      fileNumber: isFileNumber,
      phoneNumber: 'Expected a phone number with its area code, or in E.164, without an extension.',
      disposition: isName,
      agent: isName,
      type: 'Expected 1 to 50 characters, and not only blanks, on one line.',
    });
    expect(calls).toEqual([]);
  });

  const row = (date: string | null, time: string, changes: object = {}) => ({
    date,
    time,
    phonenumber: '1234567890',
    dispo: ' SPOKE TO DEBTOR',
    agent: 'agent',
    type: 'MANUAL',
    ...changes,
  });

  it.each<readonly [string, readonly object[], string | null]>([
    [
      'the latest with these values',
      [
        row('Tue, 23 Jan 2024 00:00:00 GMT', '09:30'),
        row('Tue, 23 Jan 2024 00:00:00 GMT', '17:05'),
        row('Wed, 04 Oct 2023 00:00:00 GMT', '18:00'),
        row(null, '23:00'),
      ],
      '2024-01-23T17:05:00',
    ],
    [
      'none with any other value',
      [
        row('2024-02-01', '10:00', { phonenumber: '123-456-7891' }),
        row('2024-02-01', '10:00', { dispo: 'LEFT MESSAGE MACHINE' }),
        row('2024-02-01', '10:00', { agent: 'Dana' }),
        row('2024-02-01', '10:00', { type: 'DIALER' }),
      ],
      null,
    ],
  ])('gives %s', async (_, rows, attemptedAt) => {
    const scollect = await startCorpusUpstream('scollect', { getattempts: wrapped({ result: rows }) });
    const { result } = await mutate(write, { scollect, success: 'attempt { attemptedAt }' });
    expect(result.attempt).toEqual(attemptedAt === null ? null : { attemptedAt });
  });

  it('gives the last of those made in the same minute', async () => {
    const rows = [row('2024-02-01', '10:00', { wassecond: 0 }), row('2024-02-01', '10:00', { wassecond: 1 })];
    const scollect = await startCorpusUpstream('scollect', { getattempts: wrapped({ result: rows }) });
    const { result } = await mutate(write, { scollect, success: 'attempt { isSecond }' });
    expect(result.attempt).toEqual({ isSecond: true });
  });

  it('stands although the attempt cannot be read again', async () => {
    const scollect = await startCorpusUpstream('scollect', { getattempts: 'reset' });
    const { result, errors } = await mutate(write, { scollect, success: 'attempt { date }' });
    expect(result).toEqual({ __typename: 'RecordContactAttemptSuccess', attempt: null });
    expect(errors).toMatchObject([
      { path: ['recordContactAttempt', 'attempt'], extensions: { operation: 'getattempts' } },
    ]);
  });

  it('is seen by what is selected of it, and makes nothing else be read again', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const attempt = (disposition: string) =>
      `recordContactAttempt(input: {
        fileNumber: "r1002", phoneNumber: "217-555-0199", disposition: "${disposition}", agent: "Dana", type: "MANUAL"
      }) { ... on RecordContactAttemptSuccess {
        attempt { disposition phoneNumber direction agent type }
        account { client phones { number }
          attempts(first: 9) { edges { node { disposition } } } contactSummary { windowStart } }
      } }`;
    const { data, errors } = await query(
      `mutation { first: ${attempt('NO ANSWER')} second: ${attempt('SPOKE TO DEBTOR')} }`,
    );
    expect(errors).toBeUndefined();
    const made = { phoneNumber: '+12175550199', direction: 'OUTBOUND', agent: 'Dana', type: 'MANUAL' };
    expect(data.first.attempt).toEqual({ ...made, disposition: 'NO ANSWER' });
    expect(data.second.attempt).toEqual({ ...made, disposition: 'SPOKE TO DEBTOR' });
    const dispositions = (edges: readonly { node: { disposition: string } }[]) =>
      edges.map(({ node }) => node.disposition);
    expect(dispositions(data.first.account.attempts.edges)).toEqual(['NO ANSWER']);
    expect(dispositions(data.second.account.attempts.edges)).toEqual(['NO ANSWER', 'SPOKE TO DEBTOR']);
    expect(scollect.calls()).toEqual([
      '/getaccount/R1002',
      '/getaccount/R1002',
      '/getattempts/R1002',
      '/getattempts/R1002',
      '/getphones/R1002',
      '/insertattempt',
      '/insertattempt',
    ]);
  });
});

describe('Mutation.scheduleCallback', () => {
  const write = {
    field: 'scheduleCallback',
    operation: 'createCallback',
    input: {
      fileNumber: 'r1000',
      name: 'IVANA LAST NAME',
      assignedTo: 'mail',
      date: '2087-03-17',
      time: '13:43',
    },
  };
  const success = 'account { fileNumber } callback { name assignedTo date time }';

  afterEach(() => {
    vi.useRealTimers();
  });

  const itIs = (now: string): void => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) });
  };

  itTellsOfFailures({ ...write, input: { ...write.input, name: 'Marvin', assignedTo: 'Trillian' } });

  it('sends the documented request, with the day under both keys and the time as documented', async () => {
    itIs('2025-03-17T12:00:00');
    const input = { ...write.input, date: '2025-03-17' };
    const { result, writes, calls } = await mutate({ ...write, input }, { success });
    expect(result).toEqual({
      __typename: 'ScheduleCallbackSuccess',
      account: { fileNumber: 'R1000' },
      callback: { name: 'IVANA LAST NAME', assignedTo: 'mail', date: '2025-03-17', time: '13:43' },
    });
    expect(writes).toEqual([documentedWrite('createCallback')]);
    expect(calls).toEqual(['/createCallback']);
  });

  it('all faults of an input are reported at once; nothing is sent', async () => {
    const input = {
      fileNumber: '.',
      name: '',
      assignedTo: 'x'.repeat(101),
      date: '2023-02-29',
      time: '9:30',
    };
    const { result, calls } = await mutate({ ...write, input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual({
      fileNumber: isFileNumber,
      name: isName,
      assignedTo: isName,
      date: 'Expected a date that exists, as in 2024-02-20.',
      time: 'Expected a time of day, as in 09:30.',
    });
    expect(calls).toEqual([]);
  });

  it('is seen by what is selected of it, and makes nothing else be read again', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const schedule = (date: string, time: string) =>
      `scheduleCallback(input: {
        fileNumber: "R1002", name: "JANE SMITH", assignedTo: "mall", date: "${date}", time: "${time}"
      }) { ... on ScheduleCallbackSuccess {
        callback { date time }
        account { work { callbacks } phones { number } settlement { currentBalance } }
      } }`;
    const { data, errors } = await query(
      `mutation { first: ${schedule('2087-03-17', '00:05')} second: ${schedule('2087-03-18', '13:43')} }`,
    );
    expect(errors).toBeUndefined();
    expect(data.first).toMatchObject({
      callback: { date: '2087-03-17', time: '00:05' },
      account: { work: { callbacks: '2087-03-17 12:05AM' } },
    });
    expect(data.second).toMatchObject({
      callback: { date: '2087-03-18', time: '13:43' },
      account: { work: { callbacks: '2087-03-18 1:43PM' } },
    });
    expect(scollect.calls()).toEqual([
      '/createCallback',
      '/createCallback',
      '/getAlaccountdata',
      '/getaccount/R1002',
      '/getaccount/R1002',
      '/getphones/R1002',
    ]);
  });
});
