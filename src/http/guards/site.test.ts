import { describe, expect, it } from 'vitest';
import { isFromAnotherSite } from './site.ts';

const app = 'https://app.example.com';
const isOther = (headers: Readonly<Record<string, string>>, trustedProxies = 0): boolean =>
  isFromAnotherSite(
    { headers: { get: (name) => headers[name] ?? null }, url: 'http://gateway:4000/' },
    { corsOrigins: [app], trustedProxies },
  );

describe('a request', () => {
  it.each([
    ['without such headers', {}],
    ["from the gateway's own page", { origin: 'http://gateway:4000', 'sec-fetch-site': 'same-origin' }],
    ['of an allowed origin', { origin: app, 'sec-fetch-site': 'cross-site' }],
    ['by a typed address', { 'sec-fetch-site': 'none' }],
  ])('%s is not from another site', (_, headers) => {
    expect(isOther(headers)).toBe(false);
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example.com' }],
    ['of another port', { origin: 'http://gateway:4001' }],
    ['of an opaque origin', { origin: 'null' }],
    ['that a browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['that a browser marks as same-site', { 'sec-fetch-site': 'same-site' }],
  ])('%s is from another site', (_, headers) => {
    expect(isOther(headers)).toBe(true);
  });

  it('is compared with the scheme that a trusted proxy reports', () => {
    const headers = { origin: 'http://gateway:4000', 'x-forwarded-proto': 'https' };
    expect([isOther(headers, 0), isOther(headers, 1)]).toEqual([false, true]);
  });
});
