import type { Random } from '../../src/sandbox/random.ts';
import { oneOf, times } from './chance.ts';

export type Header = readonly [name: string, value: string];

type Make = (random: Random, canary: string) => readonly Header[];

const one =
  (name: string, values: readonly string[]): Make =>
  (random, canary) => [[name, oneOf(random, [...values, canary])]];

const contentTypes = [
  'application/json; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json; charset=nothing',
  'application/json;',
  'APPLICATION/JSON',
  'application/json, text/plain',
  'application/json; boundary=x',
  'application/graphql+json',
  'application/graphql',
  'application/graphql-response+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'multipart/mixed; boundary=""',
  'text/plain',
  'text/plain; application/json',
  '*/*',
  '/',
  '',
];

export const accepts = [
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json; charset=utf-8, application/json; q=0.5',
  'text/event-stream',
  'multipart/mixed',
  'multipart/mixed; deferSpec=20220824, application/json',
  'application/*',
  '*/*',
  '*/*; q=0',
  'text/plain',
  'image/png, application/xml; q=0.9',
  'application/json; q=nothing',
  ';;;',
  ',',
  '',
];

/** Addresses that come as clients of proxies, or claim to. */
const addresses = [
  '127.0.0.1',
  '::1',
  '1.2.3.4:99999',
  '[2001:db8::1%eth0]:1',
  '999.1.1.1',
  'unknown',
  '_hidden',
  ',',
];

const origins = [
  'null',
  'https://evil.example',
  'http://127.0.0.1',
  'https://app.example.com',
  'http://[',
  'file://',
  '',
];

/** Headers besides those that a request needs. */
const extras: readonly Make[] = [
  one('content-type', contentTypes),
  one('accept', accepts),
  one('accept-encoding', ['gzip', 'br;q=1', '*', 'identity;q=0', '']),
  one('accept-language', ['*', 'de']),
  one('content-encoding', ['gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'nothing', '']),
  one('origin', origins),
  one('referer', origins),
  one('sec-fetch-site', ['same-origin', 'same-site', 'cross-site', 'none', '']),
  one('sec-fetch-mode', ['cors', 'navigate', 'no-cors']),
  one('x-forwarded-for', [...addresses, addresses.join(', '), '1.1.1.1, '.repeat(500)]),
  one('x-forwarded-proto', ['https', 'http', 'https, http', 'javascript']),
  one('x-forwarded-host', ['evil.example', '[', 'a b', 'localhost:1', '\u00e9']),
  one('x-real-ip', addresses),
  one('forwarded', ['for=1.2.3.4;proto=https;host=evil.example', 'for="[::1]:1"']),
  one('x-recollect-trace', ['1', '0', '1, 1', 'true']),
  one('x-recollect-cost', ['1', '0', '']),
  one('x-request-id', ['1', 'a'.repeat(5000)]),
  one('x-http-method-override', ['DELETE', 'GET']),
  one('x-original-url', ['/metrics']),
  one('x-graphql-event-stream-token', ['x']),
  one('apollo-require-preflight', ['true']),
  one('access-control-request-method', ['POST', 'DELETE']),
  one('access-control-request-headers', ['authorization', 'x-recollect-cost, x-evil']),
  one('cookie', ['authorization=Bearer x', '__proto__=1; constructor=2', '=;=;']),
  one('range', ['bytes=0-1', 'bytes=9-1']),
  one('if-none-match', ['*', 'W/"x"']),
  one('if-modified-since', ['Thu, 01 Jan 1970 00:00:00 GMT']),
  one('last-event-id', ['1']),
  one('max-forwards', ['0']),
  one('via', ['1.1 proxy']),
  one('date', ['never']),
  one('__proto__', ['x']),
  one('constructor', ['x']),
  (random, canary) => [['x-long', canary.repeat(oneOf(random, [10, 500, 800]))]],
  (_, canary) => times(150, (index) => [`x-many-${index}`, canary] as const),
  (_, canary) => [
    ['x-twice', canary],
    ['X-Twice', canary],
    ['authorization', `Bearer ${canary}`],
  ],
  (_, canary) => [['x-latin', `\u00e9\u00ff${canary}`]],
];

/** Up to four of them. */
export const someExtras = (random: Random, canary: string): readonly Header[] =>
  times(random.integer(0, 4), () => oneOf(random, extras)(random, canary)).flat();
