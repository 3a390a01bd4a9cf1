import { describe, expect, it } from 'vitest';
import { type Reply, startGateway } from '../support/gateway.ts';

const codeOf = ({ errors }: Reply): unknown => errors?.[0]?.extensions?.['code'];

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

  it.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/graphql+json',
  ])('posted as %s is executed', async (contentType) => {
    expect(await send(json, contentType)).toEqual({ status: 200, calls: ['/InsertNoteline'] });
  });

  it('in a GET is turned away, and nothing is sent', async () => {
    expect(await send('', undefined, 'GET', `?${form}`)).toEqual({ status: 405, calls: [] });
  });
});

describe('a request that a browser sends from a page', () => {
  const allowed = 'https://app.example.com';
  const read = '{ account(fileNumber: "R1001") { status } }';
  const url = 'http://gateway.example.com:4000/graphql';
  const access = { corsOrigins: [allowed] };

  const ask = async (headers: Record<string, string>, proxies = 0) => {
    const { gateway, calls } = await startGateway({ access: { ...access, trustedProxies: proxies } });
    const byGet = await gateway.fetch(`${url}?query=${encodeURIComponent(read)}`, { headers });
    const byPost = await gateway.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: read }),
    });
    const told = [(await byGet.json()) as Reply, (await byPost.json()) as Reply];
    return { statuses: [byGet.status, byPost.status], codes: told.map(codeOf), calls: calls().length };
  };

  it.each<readonly [string, Record<string, string>]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of the same site', { 'sec-fetch-site': 'same-site' }],
    ['of another origin', { origin: 'https://evil.example.com' }],
    ['of the same host at another port', { origin: 'http://gateway.example.com:4001' }],
    ['of no origin', { origin: 'null' }],
    ['of an origin that is none', { origin: 'gateway.example.com:4000' }],
    ['of an origin like the allowed one', { origin: `${allowed}.evil.com` }],
    [
      'of another site, although it names the own origin',
      { 'sec-fetch-site': 'cross-site', origin: 'http://gateway.example.com:4000' },
    ],
    [
      'of one who tells another host',
      { origin: 'https://evil.example.com', 'x-forwarded-host': 'evil.example.com' },
    ],
  ])('%s is turned away, and nothing is sent', async (_, headers) => {
    expect(await ask(headers)).toEqual({ statuses: [403, 403], codes: ['FORBIDDEN', 'FORBIDDEN'], calls: 0 });
  });

  it.each<readonly [string, Record<string, string>]>([
    ['of the gateway', { 'sec-fetch-site': 'same-origin', origin: 'http://gateway.example.com:4000' }],
    ['that its user asked for', { 'sec-fetch-site': 'none' }],
    ['of an allowed origin', { 'sec-fetch-site': 'cross-site', origin: allowed }],
    ['that is none: a tool or a server', {}],
  ])('%s is answered', async (_, headers) => {
    expect(await ask(headers)).toEqual({ statuses: [200, 200], codes: [undefined, undefined], calls: 2 });
  });

  it.each([
    ['https://api.example.com', 'https', 200],
    ['http://api.example.com', 'https', 403],
    ['https://gateway.example.com:4000', 'https', 403],
  ])(
    'of %s, where a trusted proxy was asked for https://api.example.com, is answered with %s %i',
    async (origin, proto, status) => {
      const headers = { origin, 'x-forwarded-host': 'api.example.com', 'x-forwarded-proto': proto };
      expect((await ask(headers, 1)).statuses).toEqual([status, status]);
    },
  );
});

it.each(['api.example.com', 'api.example.com:443', 'API.example.com'])(
  'the own origin is known by the host %s that a trusted proxy tells',
  async (host) => {
    const { query } = await startGateway({ access: { trustedProxies: 1 } });
    const origin = 'https://api.example.com';
    const headers = { origin, 'x-forwarded-host': host, 'x-forwarded-proto': 'https' };
    expect((await query('{ __typename }', {}, headers)).status).toBe(200);
  },
);

describe('a browser that follows a link', () => {
  const navigation = {
    accept: 'text/html,application/xhtml+xml',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'cross-site',
  };

  it.each([
    ['to GraphiQL opens it', '', {}, 200],
    ['to GraphiQL with a query in it is turned away', '?query=%7B__typename%7D', {}, 403],
    ['to no GraphiQL is turned away', '', { graphiql: false }, 403],
  ] as const)('%s', async (_, query, access, status) => {
    const { gateway } = await startGateway({ access });
    const response = await gateway.fetch(`http://gateway/graphql${query}`, { headers: navigation });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')?.startsWith('text/html')).toBe(status === 200);
  });
});
