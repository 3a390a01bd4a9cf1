import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authenticate } from '../../src/auth/authentication.ts';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import { silentLog } from '../support/gateway.ts';
import {
  type Claims,
  claimsWith,
  ecKey,
  encode,
  hmacToken,
  type IssuerKey,
  jwksOf,
  rsaKey,
  secret,
  startIssuer,
} from '../support/issuer.ts';
import { bearing, outcomeOf, refusals } from './asking.ts';

let rsa: IssuerKey;
let ec: IssuerKey;
let foreign: IssuerKey;

beforeAll(() => {
  rsa = rsaKey('rsa');
  ec = ecKey('ec');
  foreign = rsaKey('foreign');
});

const withKeys = async (...keys: readonly unknown[]): Promise<Authenticate> => {
  const { jwksUrl } = await startIssuer(jwksOf(...keys));
  return createJwtAuthentication({ jwksUrl }, { log: silentLog });
};

const bySecret = createJwtAuthentication({ secret }, { log: silentLog });

/** A token that is signed right, by whatever its header says. */
const withHeader = (header: Claims): string => rsa.token(claimsWith(), header);

describe('AUTH_JWT_SECRET', () => {
  it.each<readonly [string, () => string]>([
    ['no algorithm', () => hmacToken(claimsWith(), {})],
    ['`none`, unsigned', () => `${encode({ alg: 'none' })}.${encode(claimsWith())}.`],
    ['`none`, but signed', () => hmacToken(claimsWith(), { alg: 'none' })],
    ['`NONE`', () => hmacToken(claimsWith(), { alg: 'NONE' })],
    ['`hs256`', () => hmacToken(claimsWith(), { alg: 'hs256' })],
    ['a list', () => hmacToken(claimsWith(), { alg: ['HS256'] })],
    ['HS384', () => hmacToken(claimsWith(), { alg: 'HS384' }, secret, 'sha384')],
    ['HS512', () => hmacToken(claimsWith(), { alg: 'HS512' }, secret, 'sha512')],
    ['RS256, with the secret', () => hmacToken(claimsWith(), { alg: 'RS256' })],
    ['RS256, with a key', () => rsa.token()],
    ['ES256, with a key', () => ec.token()],
    ['what must be understood', () => hmacToken(claimsWith(), { alg: 'HS256', crit: ['exp'], exp: 1 })],
    ['claims not encoded', () => hmacToken(claimsWith(), { alg: 'HS256', crit: ['b64'], b64: false })],
    [
      'its own secret',
      () => hmacToken(claimsWith(), { alg: 'HS256', jwk: { kty: 'oct', k: encode(secret) } }),
    ],
  ])('verifies HS256 only; rejects %s', async (_, token) => {
    expect(await outcomeOf(bySecret, bearing(hmacToken()))).toHaveProperty('id', 'alice');
    expect(await outcomeOf(bySecret, bearing(token()))).toEqual(refusals.unverifiable);
  });

  it('verifies tokens with any kid and typ', async () => {
    const token = hmacToken(claimsWith(), { alg: 'HS256', kid: 'any', typ: 'at+jwt' });
    expect(await outcomeOf(bySecret, bearing(token))).toHaveProperty('id', 'alice');
  });
});

describe('AUTH_JWKS_URL: published keys', () => {
  it('verify RS256 and ES256', async () => {
    const authenticate = await withKeys(rsa.jwk, ec.jwk);
    for (const key of [rsa, ec]) {
      expect(await outcomeOf(authenticate, bearing(key.token()))).toHaveProperty('id', 'alice');
    }
  });

  it.each<readonly [string, () => string]>([
    ['`none`', () => `${encode({ alg: 'none', kid: 'rsa' })}.${encode(claimsWith())}.`],
    ['HS256 by the key as text', () => hmacToken(claimsWith(), { alg: 'HS256', kid: 'rsa' }, rsa.pem)],
    [
      'HS256 by the key as JSON',
      () => hmacToken(claimsWith(), { alg: 'HS256', kid: 'rsa' }, JSON.stringify(rsa.jwk)),
    ],
    [
      'HS256 by the number of the key',
      () => {
        const number = Buffer.from(String(rsa.jwk['n']), 'base64url');
        return hmacToken(claimsWith(), { alg: 'HS256', kid: 'rsa' }, number);
      },
    ],
    ['HS256 by nothing', () => hmacToken(claimsWith(), { alg: 'HS256' }, '')],
    ['RS256 by the key as text', () => hmacToken(claimsWith(), { alg: 'RS256', kid: 'rsa' }, rsa.pem)],
    ['RS512', () => rsa.token(claimsWith(), { alg: 'RS512' }, 'RS512')],
    ['PS256', () => rsa.token(claimsWith(), { alg: 'PS256' }, 'PS256')],
    ['PS256 that says RS256', () => rsa.token(claimsWith(), {}, 'PS256')],
    ['RS256 that says ES256', () => rsa.token(claimsWith(), { alg: 'ES256' })],
    ['ES256 by the name of the RSA key', () => ec.token(claimsWith(), { kid: 'rsa' })],
    ['ES384', () => ec.token(claimsWith(), { alg: 'ES384' }, 'ES384')],
    ['a key by the same name', () => foreign.token(claimsWith(), { kid: 'rsa' })],
    ['a key that is not published', () => foreign.token()],
    ['a key without a name', () => foreign.token(claimsWith(), { kid: undefined })],
    ['a key that the token brings', () => foreign.token(claimsWith(), { jwk: foreign.jwk })],
    [
      'a key that the token brings, by the same name',
      () => foreign.token(claimsWith(), { jwk: foreign.jwk, kid: 'rsa' }),
    ],
  ])('do not verify %s', async (_, token) => {
    const authenticate = await withKeys(rsa.jwk, ec.jwk);
    expect(await outcomeOf(authenticate, bearing(token()))).toEqual(refusals.unverifiable);
  });

  it.each<readonly [string, Claims]>([
    ['crit', { crit: ['exp'] }],
    ['crit, which is empty', { crit: [] }],
    ['crit of b64', { crit: ['b64'], b64: true }],
    ['jwk', { jwk: {} }],
    ['jku', { jku: 'http://127.0.0.1:9/jwks' }],
    ['x5u', { x5u: 'http://127.0.0.1:9/certificate' }],
    ['x5c', { x5c: ['CANARY'] }],
  ])('do not verify a token whose header has %s, even with a valid signature', async (_, header) => {
    const authenticate = await withKeys(rsa.jwk);
    expect(await outcomeOf(authenticate, bearing(withHeader({ x5t: 'any' })))).toHaveProperty('id', 'alice');
    expect(await outcomeOf(authenticate, bearing(withHeader(header)))).toEqual(refusals.unverifiable);
  });

  it('are all tried for a token without kid', async () => {
    const authenticate = await withKeys(foreign.jwk, ec.jwk, rsa.jwk);
    for (const key of [rsa, ec]) {
      const token = key.token(claimsWith(), { kid: undefined });
      expect(await outcomeOf(authenticate, bearing(token))).toHaveProperty('id', 'alice');
    }
  });

  it('may have no kid and no alg', async () => {
    const { n, e } = rsa.jwk;
    const authenticate = await withKeys({ kty: 'RSA', n, e });
    for (const kid of [undefined, 'any']) {
      const token = rsa.token(claimsWith(), { kid });
      expect(await outcomeOf(authenticate, bearing(token))).toHaveProperty('id', 'alice');
    }
  });

  it('are not fetched from a URL in a token', async () => {
    const evil = await startIssuer(jwksOf(foreign.jwk));
    const authenticate = await withKeys(rsa.jwk);
    const token = foreign.token(claimsWith(), { jku: evil.jwksUrl, x5u: evil.jwksUrl });
    expect(await outcomeOf(authenticate, bearing(token))).toEqual(refusals.unverifiable);
    expect(evil.fetches()).toBe(0);
  });

  it('of RSA need 2048 bits or more', async () => {
    const short = rsaKey('short', 1024);
    const almost = rsaKey('almost', 2040);
    const authenticate = await withKeys(rsa.jwk, short.jwk, almost.jwk);
    for (const key of [short, almost]) {
      expect(await outcomeOf(authenticate, bearing(key.token()))).toEqual(refusals.unverifiable);
    }
  });

  it('of EC need the curve P-256', async () => {
    const other = ecKey('other', 'P-384');
    const authenticate = await withKeys(rsa.jwk, other.jwk, { ...other.jwk, alg: 'ES256' });
    expect(await outcomeOf(authenticate, bearing(other.token()))).toEqual(refusals.unverifiable);
  });

  it.each<readonly [string, (key: IssuerKey) => unknown]>([
    ['for encryption', ({ jwk }) => ({ ...jwk, use: 'enc' })],
    ['for another algorithm', ({ jwk }) => ({ ...jwk, alg: 'RS512' })],
    ['not for verifying', ({ jwk }) => ({ ...jwk, key_ops: ['encrypt'] })],
    ['published with their private part', ({ privateJwk }) => privateJwk],
    ['published with a factor', ({ jwk, privateJwk }) => ({ ...jwk, p: privateJwk['p'] })],
    ['broken', ({ jwk }) => ({ ...jwk, n: '!' })],
    ['of a kid that is no text', ({ jwk }) => ({ ...jwk, kid: 7 })],
  ])('%s are not used', async (_, published) => {
    const authenticate = await withKeys(rsa.jwk, published(foreign));
    expect(await outcomeOf(authenticate, bearing(rsa.token()))).toHaveProperty('id', 'alice');
    for (const header of [{}, { kid: undefined }]) {
      const token = foreign.token(claimsWith(), header);
      expect(await outcomeOf(authenticate, bearing(token))).toEqual(refusals.unverifiable);
    }
  });

  it('of type oct are not used: everybody could sign with them', async () => {
    const k = createHash('sha256').update('known to all').digest();
    const authenticate = await withKeys(rsa.jwk, {
      kty: 'oct',
      kid: 'oct',
      alg: 'HS256',
      k: k.toString('base64url'),
    });
    for (const alg of ['HS256', 'RS256']) {
      const token = hmacToken(claimsWith(), { alg, kid: 'oct' }, k);
      expect(await outcomeOf(authenticate, bearing(token))).toEqual(refusals.unverifiable);
    }
  });
});
