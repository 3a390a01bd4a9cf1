import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import { silentLog } from '../support/gateway.ts';
import { claimsWith, encode, hmacToken, secret } from '../support/issuer.ts';
import { bearing, outcomeOf, refusals, requestWith } from './asking.ts';

const authenticate = createJwtAuthentication({ secret }, { log: silentLog });

const outcome = (request: Request) => outcomeOf(authenticate, request);

const alice = { id: 'alice', tenant: null, scopes: new Set() };

describe('AUTH_JWT_SECRET', () => {
  it('of fewer than 32 bytes is rejected', () => {
    const withSecret = (text: string) => () => createJwtAuthentication({ secret: text }, { log: silentLog });
    expect(withSecret('x'.repeat(31))).toThrow('Expected a secret of at least 32 bytes.');
    expect(withSecret('x'.repeat(32))).not.toThrow();
    expect(withSecret('ä'.repeat(16))).not.toThrow();
  });
});

describe('the header Authorization', () => {
  it.each(['Bearer', 'bearer', 'BEARER', 'bEaReR'])('contains a token after %s', async (scheme) => {
    expect(await outcome(requestWith({ authorization: `${scheme} ${hmacToken()}` }))).toEqual(alice);
  });

  it('contains a token after any number of blanks', async () => {
    expect(await outcome(requestWith({ authorization: `Bearer   ${hmacToken()}` }))).toEqual(alice);
  });

  it.each<readonly [string, Record<string, string>]>([
    ['is not there', {}],
    ['is empty', { authorization: '' }],
    ['is of another scheme', { authorization: `Basic ${hmacToken()}` }],
    ['names no scheme', { authorization: hmacToken() }],
    ['has a scheme that only begins so', { authorization: `Bearers ${hmacToken()}` }],
    ['is a cookie', { cookie: `authorization=Bearer ${hmacToken()}; token=${hmacToken()}` }],
    ['has another name', { 'x-authorization': `Bearer ${hmacToken()}`, 'x-access-token': hmacToken() }],
  ])('contains no token if it %s', async (_, headers) => {
    expect(await outcome(requestWith(headers))).toEqual(refusals.missing);
  });

  it('is the only source of a token; the URL is none', async () => {
    const url = `http://gateway/graphql?access_token=${hmacToken()}&authorization=Bearer%20${hmacToken()}`;
    expect(await outcome(new Request(url))).toEqual(refusals.missing);
  });

  it('contains one token', async () => {
    const twice = new Headers();
    twice.append('authorization', `Bearer ${hmacToken()}`);
    twice.append('authorization', `Bearer ${hmacToken()}`);
    expect(await outcome(requestWith(twice))).toEqual(refusals.unverifiable);
    const both = `${hmacToken()} ${hmacToken()}`;
    expect(await outcome(bearing(both))).toEqual(refusals.unverifiable);
  });

  it('contains a token of at most 8192 characters', async () => {
    const padded = (length: number) => hmacToken(claimsWith({ padding: 'x'.repeat(length) }));
    // Three bytes make four characters.
    const room = Math.floor(((8192 - padded(0).length) * 3) / 4);
    expect(padded(room).length).toBeLessThanOrEqual(8192);
    expect(await outcome(bearing(padded(room)))).toEqual(alice);
    expect(await outcome(bearing(padded(room + 3)))).toEqual(refusals.tooLong);
    expect(await outcome(bearing('x'.repeat(8193)))).toEqual(refusals.tooLong);
  });
});

describe('a token', () => {
  it.each<readonly [string, string]>([
    ['nothing', ''],
    ['two parts', hmacToken().split('.').slice(0, 2).join('.')],
    ['four parts', `${hmacToken()}.x`],
    ['five parts, as an encrypted one', `${hmacToken()}.x.x`],
    ['no signature', hmacToken().replace(/[^.]+$/, '')],
    ['padding', `${hmacToken()}=`],
    ['a header that is no JSON', `e30x.${hmacToken().split('.').slice(1).join('.')}`],
    ['a header that is a list', `${encode([])}.${hmacToken().split('.').slice(1).join('.')}`],
    ['claims that are no object', hmacToken('CANARY')],
    ['claims that are a list', hmacToken([])],
    ['a key name that is no text', hmacToken(claimsWith(), { alg: 'HS256', kid: 1 })],
    ['another secret', hmacToken(claimsWith(), { alg: 'HS256' }, 'x'.repeat(32))],
  ])('of %s is rejected with the same message', async (_, token) => {
    expect(await outcome(bearing(token))).toEqual(refusals.unverifiable);
  });

  it('can be used repeatedly', async () => {
    const token = hmacToken();
    for (let time = 0; time < 3; time += 1) expect(await outcome(bearing(token))).toEqual(alice);
  });

  it('with one character changed, omitted or added is rejected', async () => {
    const token = hmacToken(claimsWith({ scope: 'accounts:read' }));
    // The token itself is known by now.
    expect(await outcome(bearing(token))).toMatchObject({ id: 'alice' });
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', '.', ''];
    const changed = [...token].flatMap((character, at) =>
      [...alphabet, `${character}A`]
        .filter((other) => other !== character)
        .map((other) => token.slice(0, at) + other + token.slice(at + 1)),
    );
    expect(changed).toHaveLength(token.length * alphabet.length);
    const outcomes = await Promise.all(changed.map((text) => outcome(bearing(text))));
    expect(outcomes.filter((one) => !('problem' in one))).toEqual([]);
  });

  it('of any other text is rejected, and not repeated', async () => {
    const part = fc.oneof(fc.base64String(), fc.json().map(encode), fc.object().map(encode));
    const texts = fc.oneof(
      fc.stringMatching(/^[\x21-\x7e]{1,200}$/),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      fc.tuple(fc.constant(encode({ alg: 'HS256' })), part, part).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await outcome(bearing(text))).toEqual(refusals.unverifiable);
      }),
      { numRuns: 500 },
    );
  });
});
