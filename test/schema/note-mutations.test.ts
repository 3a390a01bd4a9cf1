import { describe, expect, it } from 'vitest';
import { corpusFile } from '../support/corpus.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

describe('Mutation.addNote', () => {
  it('sends the documented request', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({ scollect });
    const { data, errors } = await query(
      `mutation ($input: AddNoteInput!) { addNote(input: $input) { __typename
        ... on AddNoteSuccess { account { fileNumber } } ... on MutationError { message code } } }`,
      { input: { fileNumber: 'r1000', collectorName: 'mall', body: 'Test' } },
    );
    expect(errors).toBeUndefined();
    expect(data.addNote).toEqual({ __typename: 'AddNoteSuccess', account: { fileNumber: 'R1000' } });
    const { method, path, request } = corpusFile('scollect', 'InsertNoteline');
    expect(scollect.received.slice(1)).toMatchObject([{ method, path, body: request }]);
  });
});
