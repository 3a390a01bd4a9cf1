import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { startGateway } from '../support/gateway.ts';

const url = 'http://gateway/graphql';
const note = 'addNote(input: { fileNumber: "R1", collectorName: "c", body: "b" }) { __typename }';

const post = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

describe('a request', () => {
  it.each<readonly [string, string, RequestInit]>([
    [
      'a query',
      url,
      post({ query: '{ account(fileNumber: "R1") { status } order(orderId: "20") { status } }' }),
    ],
    ['a mutation', url, post({ query: `mutation { ${note} }` })],
    ['a mutation by GET', `${url}?query=${encodeURIComponent(`mutation { ${note} }`)}`, {}],
    ['a subscription', url, post({ query: 'subscription { account }' })],
    ['a document that is none', url, post({ query: '{' })],
    ['a document that is not valid', url, post({ query: '{ nothing }' })],
    [
      'a missing variable',
      url,
      post({ query: 'query ($n: String!) { account(fileNumber: $n) { status } }' }),
    ],
    ['an operation that is not there', url, post({ query: 'query A { __typename }', operationName: 'B' })],
    ['introspection', url, post({ query: '{ __schema { queryType { name } } }' })],
    ['events', url, post({ query: '{ __typename }' }, { accept: 'text/event-stream' })],
    ['parts', url, post({ query: '{ __typename }' }, { accept: 'multipart/mixed' })],
  ])('is not under way any more when it is answered (%s)', async (_, address, request) => {
    const { gateway, lives } = await startGateway();
    const response = await gateway.fetch(address, request);
    await response.text();
    expect(lives.count()).toBe(0);
  });

  it('is under way until it is answered', async () => {
    const counted: number[] = [];
    const scollect = await startCorpusUpstream('scollect', {
      getaccount: () => {
        counted.push(lives.count());
        return { json: { result: [{ filenumber: 'R1' }], state: 'SUCCESS' } };
      },
    });
    const { query, lives } = await startGateway({ scollect });
    await query('{ account(fileNumber: "R1") { status } }');
    expect([...counted, lives.count()]).toEqual([1, 0]);
  });
});
