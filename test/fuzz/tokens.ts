import { createHmac } from 'node:crypto';
import { scopes } from '../../src/operation/caller.ts';
import type { Random } from '../../src/sandbox/random.ts';
import { jwtSecret } from '../support/token.ts';
import { byShare, oneOf, type Shares, times } from './chance.ts';
import { anyJson, jsonOf } from './values.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** Signs whatever it is given, which no library would. */
const signed = (header: unknown, claims: unknown, secret = jwtSecret): string => {
  const content = `${encoded(jsonOf(header))}.${encoded(jsonOf(claims))}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

/** Long after all tests. */
const exp = 4_102_444_800;

/** The URL of `/mcp`, and of who issues tokens for it. They are required where clients find the issuer by themselves. */
export const resource = 'https://recollect.example.com/mcp';
export const issuer = 'https://id.example.com';

const named = { iss: issuer, aud: resource };

const hs256 = { alg: 'HS256' };

export const goodToken = (sub: string, scope: string = scopes.join(' ')): string =>
  signed(hs256, { ...named, sub, scope, exp });

/** The callers that tokens are good for. Few, so that some meet their limits. */
const callers: Shares<(random: Random) => string> = [
  [8, (random) => goodToken(`caller-${random.integer(1, 5)}`)],
  [1, (random) => goodToken('reader', oneOf(random, scopes))],
  [1, () => goodToken('nobody', '')],
];

const claim = (random: Random, canary: string, name: string): object => ({
  ...named,
  sub: 'odd',
  scope: scopes.join(' '),
  exp,
  [name]: anyJson(random, canary),
});

type Make = (random: Random, canary: string) => string;

const badTokens: readonly Make[] = [
  () => '',
  (_, canary) => canary,
  (_, canary) => `${canary}.${canary}.${canary}`,
  (random) => goodToken('cut').slice(0, random.integer(0, 100)),
  (random) => `${goodToken('long')}${oneOf(random, ['=', '.', 'A', '\u00e9', ' x'])}`,
  (_, canary) => `${encoded('{"alg":"none"}')}.${encoded(`{"sub":"${canary}","exp":${exp}}`)}.`,
  (_, canary) => signed({ alg: 'none' }, { sub: canary, exp }),
  (_, canary) => signed({ alg: 'RS256', kid: canary }, { sub: canary, exp }),
  (_, canary) => signed({ alg: 'HS512' }, { sub: canary, exp }),
  (_, canary) => signed({ ...hs256, crit: ['b64', canary], b64: false }, { sub: canary, exp }),
  (_, canary) => signed({ ...hs256, jku: `http://127.0.0.1:1/${canary}`, zip: 'DEF' }, { sub: canary, exp }),
  (random, canary) => signed(anyJson(random, canary), { sub: canary, exp }),
  (random, canary) => signed(hs256, anyJson(random, canary)),
  (random, canary) =>
    signed(
      hs256,
      claim(random, canary, oneOf(random, ['sub', 'exp', 'nbf', 'iat', 'iss', 'aud', 'scope', 'tenant'])),
    ),
  (_, canary) => signed(hs256, { sub: canary, exp: 1 }),
  (_, canary) => signed(hs256, { sub: canary, exp }, 'another secret of thirty-two bytes or more'),
  (_, canary) => signed(hs256, { sub: canary, exp, more: times(700, () => canary).join('') }),
  (_, canary) => signed(hs256, { sub: canary.repeat(300), exp }),
  (_, canary) => `${encoded(`{"alg":"HS256","${canary}`)}.${encoded('{"sub":')}.${encoded('x')}`,
];

/** A value of the header Authorization that no caller of this gateway has. */
export const badAuthorization = (random: Random, canary: string): string => {
  const token = oneOf(random, badTokens)(random, canary);
  return byShare(random, [
    [8, `Bearer ${token}`],
    [1, `bearer\t${token}`],
    [1, `Basic ${encoded(canary)}`],
    [1, token],
    [1, 'Bearer'],
    [1, `Bearer ${token}, Bearer ${token}`],
    [1, `DPoP ${token}`],
  ]);
};

/** A value of the header Authorization that lets its caller in. */
export const goodAuthorization = (random: Random): string => `Bearer ${byShare(random, callers)(random)}`;
