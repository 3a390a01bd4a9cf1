import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const url = 'http://gateway/graphql';
const app = 'https://app.example.com';
const other = 'https://other.example.com:8443';

/** As a browser asks before it sends JSON with a token. */
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
    'sec-fetch-mode': 'cors',
    'sec-fetch-site': 'cross-site',
  },
});

const question = (origin: string): RequestInit => ({
  method: 'POST',
  headers: { origin, 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' },
  body: JSON.stringify({ query: '{ account(fileNumber: "R1001") { status } }' }),
});

const corsHeaders = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

const ask = async (corsOrigins: readonly string[], origin: string) => {
  const { gateway, calls } = await startGateway({ access: { corsOrigins } });
  const before = await gateway.fetch(url, preflight(origin));
  const answer = await gateway.fetch(url, question(origin));
  return { before, answer, calls: calls().length };
};

describe.each([[[app]], [[app, other]]])('with pages of %j allowed', (corsOrigins) => {
  it('one of them may ask, with a token but no cookies, and read the answer', async () => {
    const { before, answer, calls } = await ask(corsOrigins, app);
    const headers = {
      'access-control-allow-origin': app,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': [
        'content-type, authorization, cache-control, x-recollect-trace, x-recollect-cost, x-request-id, traceparent, tracestate',
        'apollographql-client-name, apollographql-client-version, apollo-require-preflight',
      ].join(', '),
      'access-control-expose-headers': 'age, retry-after, www-authenticate, x-request-id',
    };
    const ofPreflight = { ...headers, 'access-control-max-age': '7200' };
    expect([before.status, corsHeaders(before)]).toEqual([204, ofPreflight]);
    expect([answer.status, corsHeaders(answer), calls]).toEqual([200, headers, 1]);
  });

  it.each([
    'https://evil.com',
    'https://app.example.com.evil.com',
    'https://evil-app.example.com',
    'https://sub.app.example.com',
    'https://app.example.com:444',
    'http://app.example.com',
    'https://APP.example.com',
    'https://app.example.com/',
    'https://app.example.com, https://evil.com',
    'null',
    '*',
  ])('%s may not, and is told nothing', async (origin) => {
    const { before, answer, calls } = await ask(corsOrigins, origin);
    expect([corsHeaders(before), corsHeaders(answer)]).toEqual([{}, {}]);
    expect([answer.status, calls]).toEqual([403, 0]);
  });

  it.each([app, 'https://evil.com'])('caches are told that answers differ by origin (%s)', async (origin) => {
    const { before, answer } = await ask(corsOrigins, origin);
    expect([before.headers.get('vary'), answer.headers.get('vary')]).toEqual(['Origin', 'Origin']);
  });
});

describe('with further headers allowed', () => {
  it('each of them is in the response to a preflight once, in lower case', async () => {
    const corsHeaders = ['x-tenant', 'X-Release', 'Authorization', 'x-tenant'];
    const { gateway } = await startGateway({ access: { corsOrigins: [app], corsHeaders } });
    const { headers } = await gateway.fetch(url, preflight(app));
    const names = headers.get('access-control-allow-headers')?.split(', ') ?? [];
    expect(names.slice(-2)).toEqual(['x-tenant', 'x-release']);
    expect(names.filter((name) => name === 'authorization')).toHaveLength(1);
  });
});

describe('with no pages allowed', () => {
  it.each([app, 'null', 'http://gateway'])('%s is told nothing', async (origin) => {
    const { before, answer } = await ask([], origin);
    expect([corsHeaders(before), corsHeaders(answer)]).toEqual([{}, {}]);
    expect(before.ok).toBe(false);
  });
});
