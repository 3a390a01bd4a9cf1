import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const mutation =
  'mutation { addNote(input: { fileNumber: "R1000", collectorName: "mall", body: "Test" }) { __typename } }';
const json = JSON.stringify({ query: mutation });
const form = new URLSearchParams({ query: mutation }).toString();
const multipart = new FormData();
multipart.set('operations', json);
multipart.set('map', '{}');

const send = async (body: string | FormData, contentType?: string, method = 'POST', query = '') => {
  const { gateway, calls } = await startGateway();
  const response = await gateway.fetch(`http://gateway/graphql${query}`, {
    method,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    ...(method === 'POST' ? { body } : {}),
  });
  return { status: response.status, calls: calls() };
};

describe('a mutation', () => {
  it.each([
    ['a form', form, 'application/x-www-form-urlencoded'],
    ['a form with files', multipart, undefined],
    ['plain text', json, 'text/plain'],
    ['plain text that says it is JSON too', json, 'text/plain, application/json'],
    ['a bare document', mutation, 'application/graphql'],
    ['no type', json, ''],
  ])('posted as %s is turned away, and nothing is sent', async (_, body, contentType) => {
    expect(await send(body, contentType)).toEqual({ status: 415, calls: [] });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/graphql+json'])(
    'posted as %s is carried out',
    async (contentType) => {
      expect(await send(json, contentType)).toEqual({ status: 200, calls: ['/InsertNoteline'] });
    },
  );

  it('in a GET is turned away, and nothing is sent', async () => {
    expect(await send('', undefined, 'GET', `?${form}`)).toEqual({ status: 405, calls: [] });
  });
});
