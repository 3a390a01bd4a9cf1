import { afterEach, describe, expect, it, vi } from 'vitest';
import { createJwtAuthentication, type JwtOptions } from '../../src/auth/jwt.ts';
import { scopes } from '../../src/operation/caller.ts';
import { silentLog } from '../support/gateway.ts';
import {
  type Claims,
  claimsWith,
  encode,
  hmacToken,
  secondsFromNow,
  secret,
  signedBySecret,
} from '../support/issuer.ts';
import { bearing, outcomeOf, refusals } from './asking.ts';

afterEach(() => {
  vi.useRealTimers();
});

const withOptions = (options: Partial<JwtOptions> = {}) => {
  const authenticate = createJwtAuthentication({ secret }, { log: silentLog, ...options });
  return (claims: Claims) => outcomeOf(authenticate, bearing(hmacToken(claims)));
};

const outcome = withOptions();

const person = 'sub is a text of 1 to 256 printable characters';

describe('the claim sub', () => {
  it.each(['a', 'alice@example.com', 'auth0|5f7', 'Zoë Ångström', '李', 'x'.repeat(256), '𝔘'.repeat(256)])(
    'names the caller: %j',
    async (sub) => {
      expect(await outcome(claimsWith({ sub }))).toMatchObject({ id: sub });
    },
  );

  it.each([
    undefined,
    null,
    '',
    ' ',
    ' alice',
    'alice ',
    'a\nb',
    'a\u0000',
    'a\u001b[31m',
    '\u202eecila',
    'a\u200bb',
    'a\ud800',
    7,
    ['alice'],
    { id: 'alice' },
    'x'.repeat(257),
  ])('is rejected, and not repeated, if it is %j', async (sub) => {
    expect(await outcome(claimsWith({ sub }))).toEqual(refusals.form(person));
  });
});

describe('the times of a token', () => {
  // Half a second in, so that rounding would show.
  const now = new Date('2026-03-01T12:00:00.500Z');

  it.each<readonly [string, Claims, unknown]>([
    ['expires', { exp: -5 }, refusals.expired],
    ['expires', { exp: -4 }, 'alice'],
    ['expires', { exp: 1e12 }, 'alice'],
    ['begins', { nbf: 5 }, 'alice'],
    ['begins', { nbf: 6 }, refusals.notYet],
    ['begins', { nbf: -1e6 }, 'alice'],
    ['was issued', { iat: 5 }, 'alice'],
    ['was issued', { iat: 6 }, refusals.notYet],
    ['was issued', { iat: -1e6 }, 'alice'],
  ])('are validated to the second, with five of tolerance: it %s at %j', async (_, offsets, expected) => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    const times = Object.entries(offsets).map(([claim, seconds]) => [claim, secondsFromNow(Number(seconds))]);
    const result = await outcome(claimsWith(Object.fromEntries(times)));
    expect('id' in result ? result.id : result).toEqual(expected);
  });

  it.each([0, 60])('are validated with the configured tolerance of %d seconds', async (clockSkewSeconds) => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    const ask = withOptions({ clockSkewSeconds });
    expect(await ask(claimsWith({ exp: secondsFromNow(1 - clockSkewSeconds) }))).toHaveProperty('id');
    expect(await ask(claimsWith({ exp: secondsFromNow(-clockSkewSeconds) }))).toEqual(refusals.expired);
    expect(await ask(claimsWith({ nbf: secondsFromNow(clockSkewSeconds) }))).toHaveProperty('id');
    expect(await ask(claimsWith({ nbf: secondsFromNow(clockSkewSeconds + 1) }))).toEqual(refusals.notYet);
    expect(await ask(claimsWith({ iat: secondsFromNow(clockSkewSeconds) }))).toHaveProperty('id');
    expect(await ask(claimsWith({ iat: secondsFromNow(clockSkewSeconds + 1) }))).toEqual(refusals.notYet);
  });

  it('end a token that was accepted before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    const claims = claimsWith({ exp: secondsFromNow(60) });
    expect(await outcome(claims)).toHaveProperty('id');
    vi.setSystemTime(now.getTime() + 64_000);
    expect(await outcome(claims)).toHaveProperty('id');
    vi.setSystemTime(now.getTime() + 65_000);
    expect(await outcome(claims)).toEqual(refusals.expired);
  });

  it.each([undefined, null, '4102444800', true, [4102444800]])(
    'are numbers: exp %j is rejected',
    async (exp) => {
      expect(await outcome(claimsWith({ exp }))).toEqual(refusals.form('exp is a number of seconds'));
    },
  );

  it.each(['iat', 'nbf'])('are numbers: any other value in %s is rejected', async (claim) => {
    for (const time of ['0', null, {}])
      expect(await outcome(claimsWith({ [claim]: time }))).toHaveProperty('problem');
  });

  it('are finite: an infinite exp is rejected', async () => {
    const authenticate = createJwtAuthentication({ secret }, { log: silentLog });
    const claims = Buffer.from('{"sub":"alice","exp":1e999}').toString('base64url');
    const token = signedBySecret(`${encode({ alg: 'HS256' })}.${claims}`);
    expect(await outcomeOf(authenticate, bearing(token))).toEqual(
      refusals.form('exp is a number of seconds'),
    );
  });
});

describe('issuer and audience', () => {
  const ask = withOptions({ issuer: 'https://issuer.example.com', audience: 'recollect' });
  const right = { iss: 'https://issuer.example.com', aud: 'recollect' };

  it.each<readonly [Claims, unknown]>([
    [{}, 'alice'],
    [{ aud: ['other', 'recollect'] }, 'alice'],
    [{ iss: undefined }, refusals.issuer],
    [{ iss: 'https://issuer.example.com/' }, refusals.issuer],
    [{ iss: 'CANARY' }, refusals.issuer],
    [{ iss: ['https://issuer.example.com'] }, refusals.issuer],
    [{ aud: undefined }, refusals.audience],
    [{ aud: 'Recollect' }, refusals.audience],
    [{ aud: [] }, refusals.audience],
    [{ aud: ['CANARY'] }, refusals.audience],
    [{ aud: { recollect: true } }, refusals.audience],
  ])('must be the configured ones: %j', async (claims, expected) => {
    const result = await ask(claimsWith({ ...right, ...claims }));
    expect('id' in result ? result.id : result).toEqual(expected);
  });

  it('may be any if none is configured', async () => {
    expect(await outcome(claimsWith({ iss: 'anybody', aud: 'anything' }))).toHaveProperty('id', 'alice');
  });
});

describe('the claim scope', () => {
  it.each<readonly [unknown, readonly string[]]>([
    [undefined, []],
    ['', []],
    ['accounts:read', ['accounts:read']],
    ['  accounts:read   pii:read ', ['accounts:read', 'pii:read']],
    ['openid accounts:read profile accounts:delete', ['accounts:read']],
    ['accounts:read accounts:read', ['accounts:read']],
    ['ACCOUNTS:READ accounts:*  accounts accounts:read,orders:read * constructor', []],
    [scopes.join(' '), scopes],
  ])('%j grants %j', async (scope, expected) => {
    const result = await outcome(claimsWith({ scope }));
    expect('id' in result && [...result.scopes]).toEqual(expected);
  });

  it.each([null, 1, true, ['accounts:read'], { 'accounts:read': true }])(
    'is a text, not %j',
    async (scope) => {
      expect(await outcome(claimsWith({ scope }))).toEqual(refusals.form('scope is a text'));
    },
  );

  it('is the only claim that grants scopes', async () => {
    const claims = { scp: scopes, scopes, roles: scopes, permissions: scopes };
    expect(await outcome(claimsWith(claims))).toHaveProperty('scopes', new Set());
  });
});

describe('the tenant', () => {
  const form = refusals.form('tenant is a text of 1 to 256 printable characters');

  it.each<readonly [Claims, unknown]>([
    [{ tenant: 'acme' }, 'acme'],
    [{}, null],
    [{ tenant: undefined }, null],
    [{ tenant: null }, form],
    [{ tenant: '' }, form],
    [{ tenant: 7 }, form],
    [{ tenant: ['acme'] }, form],
    [{ tenant: 'a\nb' }, form],
  ])('is the claim `tenant`: %j', async (claims, expected) => {
    const result = await outcome(claimsWith(claims));
    expect('id' in result ? result.tenant : result).toEqual(expected);
  });

  it.each(['org_id', 'https://example.com/tenant'])(
    'is what the claim says that is set: %s',
    async (tenantClaim) => {
      const ask = withOptions({ tenantClaim });
      expect(await ask(claimsWith({ [tenantClaim]: 'acme', tenant: 'other' }))).toHaveProperty(
        'tenant',
        'acme',
      );
      expect(await ask(claimsWith({ tenant: 'other' }))).toHaveProperty('tenant', null);
    },
  );

  it.each(['acme', 7, ['acme'], null])('is null without tenants, for the claim %j', async (tenant) => {
    const ask = withOptions({ tenantClaim: null });
    expect(await ask(claimsWith({ tenant }))).toHaveProperty('tenant', null);
  });
});
