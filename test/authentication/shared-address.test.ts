import { describe, expect, it } from 'vitest';
import { admitTenants } from '../../src/auth/admit-tenants.ts';
import type { Authenticate } from '../../src/auth/authentication.ts';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import { noRateLimits, silentLog, startGateway } from '../support/gateway.ts';
import {
  claimsWith,
  encode,
  hmacToken,
  jwksOf,
  rsaKey,
  secondsFromNow,
  secret,
  startIssuer,
} from '../support/issuer.ts';
import { type RawReply, serveRaw } from '../support/raw-http.ts';

// Clients behind one proxy share an address, if the gateway does not know theirs.

const scope = 'accounts:read';
const warm = JSON.stringify({ query: '{ account(fileNumber: "R1001") { fileNumber } }' });
const cold = JSON.stringify({ query: '{ account(fileNumber: "R1001") { fileNumber status } }' });

const failures = 3;
const rateLimits = { ...noRateLimits, failuresPerAddress: failures, perAddress: 10 };

const start = async (authenticate: Authenticate, token: string, access = {}) => {
  const started = await startGateway({ authenticate, access: { rateLimits, ...access } });
  const { send } = await serveRaw(started);
  const sendWith = (
    authorization: string | readonly string[] | undefined,
    body = warm,
    line: { readonly method?: string; readonly path?: string } = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<RawReply> =>
    send(
      line.method === undefined ? [body] : [],
      { host: 'gateway.example.com', ...headers, ...(authorization !== undefined && { authorization }) },
      line,
    );
  const fastQueries = async (): Promise<number> =>
    Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await started.metrics.read())?.[1]);
  const bearer = `Bearer ${token}`;
  // The first execution, by which the second is answered directly.
  expect((await sendWith(bearer)).status).toBe(200);
  return { sendWith, fastQueries, bearer };
};

const bySecret = createJwtAuthentication({ secret }, { log: silentLog });
const good = (own = {}) => hmacToken(claimsWith({ scope, ...own }));

const times = async (count: number, send: () => Promise<RawReply>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let n = 0; n < count; n += 1) statuses.push((await send()).status);
  return statuses;
};

const retryAfter = ({ headers }: RawReply): string | undefined =>
  headers.find((line) => line.toLowerCase().startsWith('retry-after'));

const attempts: readonly (readonly [string, string])[] = [
  ['text that is no token', 'Bearer x'],
  ['an empty token', 'Bearer'],
  [
    'a token signed with another secret',
    `Bearer ${hmacToken(claimsWith(), { alg: 'HS256' }, 'x'.repeat(32))}`,
  ],
  ['an unsigned token', `Bearer ${encode({ alg: 'none' })}.${encode(claimsWith())}.`],
  ['an expired token', `Bearer ${good({ exp: secondsFromNow(-60) })}`],
  ['a token that is not valid yet', `Bearer ${good({ nbf: secondsFromNow(60) })}`],
  ['a token without sub', `Bearer ${hmacToken({ exp: secondsFromNow(60) })}`],
  ['a token that is too long', `Bearer ${'x'.repeat(8193)}`],
  ['two tokens', `Bearer ${good()}, Bearer ${good()}`],
];

const bodies = [
  ['warm', warm],
  ['cold', cold],
] as const;

describe('failed attempts from a shared address', () => {
  it.each(attempts.flatMap(([title, header]) => bodies.map(([path, body]) => [title, path, header, body])))(
    'are limited, and reject no valid token: %s (%s)',
    async (_, __, header = '', body) => {
      const { sendWith, bearer } = await start(bySecret, good());
      expect(await times(failures + 2, () => sendWith(header, body))).toEqual([401, 401, 401, 429, 429]);
      expect(retryAfter(await sendWith(header, body))).toMatch(/^retry-after: \d+$/i);
      // Verified before, and verified now.
      for (const authorization of [bearer, `Bearer ${good({ sub: 'bob' })}`]) {
        expect((await sendWith(authorization, warm)).status).toBe(200);
        expect((await sendWith(authorization, cold)).status).toBe(200);
      }
      expect((await sendWith(header, body)).status).toBe(429);
    },
  );

  it('do not reject a valid token of an issuer with published keys', async () => {
    const key = rsaKey('one');
    const { jwksUrl } = await startIssuer(jwksOf(key.jwk));
    const token = () => key.token(claimsWith({ scope, jti: String(Math.random()) }));
    const authenticate = createJwtAuthentication({ jwksUrl }, { log: silentLog });
    const { sendWith, bearer } = await start(authenticate, token());
    const forged = `Bearer ${rsaKey('one').token()}`;
    expect(await times(failures + 1, () => sendWith(forged))).toEqual([401, 401, 401, 429]);
    expect((await sendWith(bearer)).status).toBe(200);
    expect((await sendWith(`Bearer ${token()}`, cold)).status).toBe(200);
  });
});

describe('requests without a token from a shared address', () => {
  it.each<readonly [string, string | undefined]>([
    ['no header', undefined],
    ['an empty header', ''],
    ['Basic', 'Basic YWxpY2U6cGFzc3dvcmQ='],
    ['Digest', 'Digest username="alice"'],
    ['an API key', 'ApiKey x'],
    ['a token without a scheme', good()],
    ['a scheme that only begins so', `Bearers ${good()}`],
  ])('do not count for the limits of others: %s', async (_, header) => {
    const { sendWith, bearer, fastQueries } = await start(bySecret, good());
    const many = await times(12, () => sendWith(header, warm));
    expect(new Set([...many, ...(await times(12, () => sendWith(header, cold)))])).toEqual(new Set([401]));
    expect((await sendWith('Bearer x')).status).toBe(401);
    expect((await sendWith(bearer, cold)).status).toBe(200);
    expect((await sendWith(bearer, warm)).status).toBe(200);
    expect(await fastQueries()).toBe(1);
  });

  it.each([
    ['HEAD /graphql', { method: 'HEAD' }, {}],
    ['GET /graphql', { method: 'GET' }, {}],
    ['OPTIONS /graphql', { method: 'OPTIONS' }, {}],
    [
      'a preflight of an allowed origin',
      { method: 'OPTIONS' },
      { origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
    ],
    [
      'a preflight of another origin',
      { method: 'OPTIONS' },
      { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' },
    ],
    ['a GET from another site', { method: 'GET' }, { 'sec-fetch-site': 'cross-site' }],
    ['GET /health', { method: 'GET', path: '/health' }, {}],
    ['GET /ready', { method: 'GET', path: '/ready' }, {}],
    ['GET /metrics', { method: 'GET', path: '/metrics' }, {}],
    ['GET /nothing', { method: 'GET', path: '/nothing' }, {}],
    ['a personal number in a GET', { method: 'GET', path: '/graphql?query=x&a=123456789' }, {}],
  ])('do not count either: %s', async (_, line, headers) => {
    for (const corsOrigins of [[], ['https://app.example.com']]) {
      const { sendWith, bearer } = await start(bySecret, good(), { corsOrigins });
      const statuses = await times(12, () =>
        sendWith(undefined, warm, line, headers as Record<string, string>),
      );
      expect(statuses).not.toContain(429);
      expect((await sendWith(bearer)).status).toBe(200);
      expect((await sendWith('Bearer x')).status).toBe(401);
    }
  });

  it('do not count either: a form', async () => {
    const { sendWith, bearer } = await start(bySecret, good());
    const form = { 'content-type': 'text/plain' };
    const statuses = await times(12, () => sendWith(undefined, warm, {}, form));
    expect(new Set(statuses)).toEqual(new Set([415]));
    expect((await sendWith(bearer)).status).toBe(200);
  });
});

describe('callers at a shared address', () => {
  it('use up their own limits only', async () => {
    const own = { perCaller: 3, perAddress: 8, failuresPerAddress: null };
    const { sendWith, bearer } = await start(bySecret, good(), { rateLimits: own });
    expect(await times(20, () => sendWith(bearer))).toEqual([200, 200, ...Array(18).fill(429)]);
    for (const sub of ['b', 'c', 'd', 'e', 'f']) {
      expect((await sendWith(`Bearer ${good({ sub })}`)).status).toBe(200);
    }
    expect((await sendWith(`Bearer ${good({ sub: 'g' })}`)).status).toBe(429);
  });

  it('of an unknown tenant use up their own limit only', async () => {
    const own = { perCaller: 3, perAddress: 4, failuresPerAddress: 1 };
    const withTenants = createJwtAuthentication({ secret }, { tenantClaim: 'tenant', log: silentLog });
    const authenticate = admitTenants(withTenants, (tenant) => tenant === 'acme');
    const { sendWith, bearer } = await start(authenticate, good({ tenant: 'acme' }), { rateLimits: own });
    const other = `Bearer ${good({ sub: 'eve', tenant: 'other' })}`;
    expect(await times(5, () => sendWith(other))).toEqual([403, 403, 403, 429, 429]);
    expect(await times(2, () => sendWith(bearer))).toEqual([200, 200]);
  });
});
