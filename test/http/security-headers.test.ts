import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const query = (document: string): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query: document }),
});

const answers: readonly (readonly [string, string, RequestInit, number])[] = [
  ['an answer', '/graphql', query('{ __typename }'), 200],
  ['an error', '/graphql', query('{ nothing }'), 200],
  ['a request that is none', '/graphql', { ...query(''), body: '{' }, 400],
  ['a form', '/graphql', { method: 'POST', body: new URLSearchParams({ query: '{a}' }) }, 415],
  ['another method', '/graphql', { method: 'DELETE' }, 405],
  ['a mutation by GET', '/graphql?query=mutation{__typename}', {}, 405],
  ['/health', '/health', {}, 200],
  ['/ready', '/ready', {}, 200],
  ['/metrics', '/metrics', {}, 200],
  ['nothing', '/nothing', {}, 404],
];

const page = { headers: { accept: 'text/html' } };

describe('every answer', () => {
  it.each(answers)('is for its reader only: %s', async (_, path, request, status) => {
    const { gateway } = await startGateway();
    const response = await gateway.fetch(`http://gateway${path}`, request);
    const { headers } = response;
    expect(response.status).toBe(status);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
    });
    for (const name of ['server', 'x-powered-by', 'x-yoga-id', 'strict-transport-security']) {
      expect(headers.get(name)).toBeNull();
    }
  });

  it('has the headers if it is GraphiQL, whose page may run its own scripts and no others', async () => {
    const { gateway } = await startGateway();
    const { headers } = await gateway.fetch('http://gateway/graphql', page);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/=]{44}'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
  });

  it('may be taken in by other origins if pages of any may read it', async () => {
    const { gateway } = await startGateway({ access: { corsOrigins: ['https://app.example.com'] } });
    const { headers } = await gateway.fetch('http://gateway/graphql', query('{ __typename }'));
    expect(headers.get('cross-origin-resource-policy')).toBeNull();
  });

  it.each([
    [0, 'https', null],
    [1, 'http', null],
    [1, 'https', 'max-age=31536000'],
  ])('with %i trusted proxies and %s pins HTTPS: %s', async (trustedProxies, proto, expected) => {
    const { gateway } = await startGateway({ access: { trustedProxies } });
    const headers = { 'x-forwarded-proto': proto };
    for (const path of ['/health', '/graphql?query={__typename}']) {
      const response = await gateway.fetch(`http://gateway${path}`, { headers });
      expect(response.headers.get('strict-transport-security')).toBe(expected);
    }
  });
});
