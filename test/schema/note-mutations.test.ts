import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';
import { startSandboxedScollect } from '../support/sandboxed-upstream.ts';
import { documentedWrite, faultsOf, itTellsOfFailures, mutate, wrapped } from '../support/scollect-writes.ts';

const addNote = {
  field: 'addNote',
  operation: 'InsertNoteline',
  input: { fileNumber: 'r1000', collectorName: 'mall', body: 'Test' },
};

describe('Mutation.addNote', () => {
  itTellsOfFailures(addNote);

  it('sends the documented request, and reads nothing that is not selected', async () => {
    const { result, errors, writes, calls } = await mutate(addNote, { success: 'account { fileNumber }' });
    expect(errors).toBeUndefined();
    expect(result).toEqual({ __typename: 'AddNoteSuccess', account: { fileNumber: 'R1000' } });
    expect(writes).toEqual([documentedWrite('InsertNoteline')]);
    expect(calls).toEqual(['/InsertNoteline']);
  });

  it('sends a text of several lines without the blanks around it', async () => {
    const input = { ...addNote.input, collectorName: ' mall ', body: '\r\n Called.\r\nNobody there.\t \n' };
    const { writes } = await mutate({ ...addNote, input });
    expect(writes).toMatchObject([{ body: { collectorname: 'mall', logmessage: 'Called.\nNobody there.' } }]);
  });

  it.each([
    ['blanks', { fileNumber: ' ', collectorName: '', body: ' \n' }],
    ['what cannot be sent', { fileNumber: 'R 1', collectorName: 'a\nb', body: 'bell\u0007' }],
    [
      'what is too long',
      { fileNumber: 'R'.repeat(51), collectorName: 'x'.repeat(101), body: 'x'.repeat(5001) },
    ],
  ])('%s is reported in all fields at once; nothing is sent', async (_, input) => {
    const { result, calls } = await mutate({ ...addNote, input });
    expect(result).toMatchObject({ __typename: 'InvalidInputError', code: 'BAD_USER_INPUT' });
    expect(faultsOf(result)).toEqual({
      fileNumber: 'Expected at most 50 letters and digits, as in R1001.',
      collectorName: 'Expected 1 to 100 characters, and not only blanks, on one line.',
      body: 'Expected 1 to 5000 characters, and not only blanks.',
    });
    expect(calls).toEqual([]);
  });

  const noteRow = (id: number, collectorname: string, logmessage: string) => ({
    id,
    collectorname,
    logmessage,
  });

  it.each([
    [
      'the latest of this body and collector',
      [noteRow(9, 'mall', ' Test\r\n'), noteRow(10, 'mall', 'Test'), noteRow(2, 'mall', 'Test')],
      { noteId: '10' },
    ],
    ['null where there is none', [noteRow(1, 'agent', 'Test'), noteRow(2, 'mall', 'Tested')], null],
  ])('gives %s', async (_, rows, note) => {
    const scollect = await startCorpusUpstream('scollect', { getnotes: wrapped(rows) });
    const { result } = await mutate(addNote, { scollect, success: 'note { noteId }' });
    expect(result).toEqual({ __typename: 'AddNoteSuccess', note });
  });

  it('stands although its note cannot be read again', async () => {
    const scollect = await startCorpusUpstream('scollect', { getnotes: { status: 500, html: '' } });
    const { result, errors } = await mutate(addNote, { scollect, success: 'note { noteId }' });
    expect(result).toEqual({ __typename: 'AddNoteSuccess', note: null });
    expect(errors).toMatchObject([{ path: ['addNote', 'note'], extensions: { operation: 'getnotes' } }]);
  });

  it('is seen by what is selected of it, and makes nothing else be read again', async () => {
    const scollect = await startSandboxedScollect();
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(`mutation {
      first: addNote(input: { fileNumber: "R1002", collectorName: "mall", body: "One" }) { ...changed }
      second: addNote(input: { fileNumber: "r1002", collectorName: "Dana", body: "Two\\nlines" }) { ...changed }
    }
    fragment changed on AddNoteResult {
      ... on AddNoteSuccess {
        note { body collectorName }
        account { client phones { number } notes(last: 1) { nodes: edges { node { body } } } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.first).toMatchObject({
      note: { body: 'One', collectorName: 'mall' },
      account: { notes: { nodes: [{ node: { body: 'One' } }] } },
    });
    expect(data.second).toMatchObject({
      note: { body: 'Two\nlines', collectorName: 'Dana' },
      account: { notes: { nodes: [{ node: { body: 'Two\nlines' } }] } },
    });
    expect(scollect.calls()).toEqual([
      '/InsertNoteline',
      '/InsertNoteline',
      '/getaccount/R1002',
      '/getnotes/R1002',
      '/getnotes/R1002',
      '/getphones/R1002',
    ]);
  });
});
