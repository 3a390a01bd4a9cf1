import { createServer } from 'node:http';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import type { Log } from '../../src/telemetry/log.ts';
import {
  claimsWith,
  ecKey,
  hmacToken,
  type IssuerKey,
  jwksOf,
  rsaKey,
  secondsFromNow,
  startIssuer,
} from '../support/issuer.ts';
import { listenAnywhere } from '../support/listen.ts';
import type { Answer } from '../support/upstream.ts';
import { bearing, outcomeOf, refusals } from './asking.ts';

let first: IssuerKey;
let second: IssuerKey;

beforeAll(() => {
  first = rsaKey('first');
  second = ecKey('second');
});

afterEach(() => {
  vi.useRealTimers();
});

interface Line {
  readonly level: keyof Log;
  readonly details: object;
}

const logInto = (lines: Line[]): Log => {
  const at = (level: keyof Log) => (details: object) => lines.push({ level, details });
  return { info: at('info'), warn: at('warn'), error: at('error') };
};

/** An issuer, and a gateway's way to it, whose clock stands still but for what passes on purpose. */
const start = async (answer: Answer | Promise<Answer>) => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  const issuer = await startIssuer(answer);
  const log: Line[] = [];
  const jwksUrl = issuer.jwksUrl.replace('//', '//user:CANARY@');
  const authenticate = createJwtAuthentication({ jwksUrl: `${jwksUrl}?key=CANARY` }, { log: logInto(log) });
  const days = { exp: secondsFromNow(30 * 24 * 3600) };
  return {
    ...issuer,
    log,
    ask: (key: IssuerKey, claims = {}) =>
      outcomeOf(authenticate, bearing(key.token(claimsWith({ ...days, ...claims })))),
    askWith: (token: string) => outcomeOf(authenticate, bearing(token)),
    pass: (seconds: number) => vi.advanceTimersByTime(seconds * 1000),
  };
};

const alice = { id: 'alice', tenant: null, scopes: new Set() };
const down: Answer = { status: 503, json: { keys: [] } };
const minutes = 60;
const hours = 3600;

describe('JWKS: keys of an issuer', () => {
  it('are fetched for the first token, and then cached', async () => {
    const { ask, askWith, fetches, pass, received } = await start(jwksOf(first.jwk, second.jwk));
    expect(fetches()).toBe(0);
    expect(await askWith('x.y.z')).toEqual(refusals.unverifiable);
    expect(await askWith(hmacToken())).toEqual(refusals.unverifiable);
    expect(fetches()).toBe(0);
    expect(await ask(first)).toEqual(alice);
    pass(9 * minutes);
    expect(await ask(second)).toEqual(alice);
    expect(fetches()).toBe(1);
    expect(received[0]).toMatchObject({ method: 'GET', path: '/jwks', query: { key: 'CANARY' } });
    expect(received[0]?.headers).not.toHaveProperty('cookie');
  });

  it('are fetched once for concurrent requests', async () => {
    const { ask, fetches } = await start(jwksOf(first.jwk));
    const asked = Array.from({ length: 20 }, (_, n) => ask(first, { sub: `caller-${n}` }));
    expect((await Promise.all(asked)).every((outcome) => 'id' in outcome)).toBe(true);
    expect(fetches()).toBe(1);
  });

  it('are fetched again in the background after ten minutes', async () => {
    const { ask, become, fetches, pass } = await start(jwksOf(first.jwk));
    await ask(first);
    let letGo: (answer: Answer) => void = () => {};
    become(
      new Promise<Answer>((resolve) => {
        letGo = resolve;
      }),
    );
    pass(10 * minutes);
    // Answered although the new keys are not there.
    expect(await ask(first)).toEqual(alice);
    expect(await ask(first)).toEqual(alice);
    await expect.poll(fetches).toBe(2);
    letGo(jwksOf(second.jwk));
    await expect.poll(() => ask(second)).toEqual(alice);
    // A key that the issuer has taken back verifies nothing, not even a token that was verified before.
    pass(30);
    expect(await ask(first)).toEqual(refusals.unverifiable);
  });

  it('are fetched at once for a token with an unknown kid, at most every 30 seconds', async () => {
    const { ask, become, fetches, pass } = await start(jwksOf(first.jwk));
    expect(await ask(first)).toEqual(alice);
    become(jwksOf(first.jwk, second.jwk));
    pass(29);
    expect(await ask(second)).toEqual(refusals.unverifiable);
    expect(fetches()).toBe(1);
    pass(1);
    expect(await Promise.all([ask(second), ask(second), ask(first)])).toEqual([alice, alice, alice]);
    expect(fetches()).toBe(2);
    const forged = rsaKey('forged');
    for (let time = 0; time < 10; time += 1) expect(await ask(forged)).toEqual(refusals.unverifiable);
    expect(fetches()).toBe(2);
    pass(30);
    for (let time = 0; time < 10; time += 1) expect(await ask(forged)).toEqual(refusals.unverifiable);
    expect(fetches()).toBe(3);
  });

  it('are not fetched for an invalid signature with a known kid', async () => {
    const { ask, fetches, pass } = await start(jwksOf(first.jwk));
    await ask(first);
    pass(60);
    expect(await ask({ ...first, token: () => `${first.token().slice(0, -8)}AAAAAAAA` })).toEqual(
      refusals.unverifiable,
    );
    expect(fetches()).toBe(1);
  });

  it('are fetched for a token without kid that no known key signed', async () => {
    const { askWith, become, pass } = await start(jwksOf(first.jwk));
    const nameless = (key: IssuerKey) =>
      askWith(key.token(claimsWith({ exp: secondsFromNow(hours) }), { kid: undefined }));
    expect(await nameless(first)).toEqual(alice);
    become(jwksOf(second.jwk));
    pass(30);
    expect(await nameless(second)).toEqual(alice);
  });
});

describe('JWKS: an unavailable issuer', () => {
  it('before its keys are known: 503 for every token, and never 401', async () => {
    const { ask, become, fetches, log, pass, jwksUrl } = await start('reset');
    expect(await Promise.all([ask(first), ask(first), ask(second)])).toEqual(
      Array(3).fill({ retryAfter: 5 }),
    );
    pass(2);
    expect(await ask(first)).toEqual({ retryAfter: 3 });
    expect(fetches()).toBe(1);
    expect(log).toEqual([
      { level: 'error', details: { jwks: jwksUrl, failure: expect.any(String), isServing: false } },
    ]);
    become(jwksOf(first.jwk));
    pass(3);
    expect(await ask(first)).toEqual(alice);
    expect(log.slice(1)).toEqual([{ level: 'info', details: { jwks: jwksUrl } }]);
    expect(JSON.stringify(log)).not.toContain('CANARY');
  });

  it('its last keys are used for a day, and no longer', async () => {
    const { ask, become, fetches, log, pass } = await start(jwksOf(first.jwk));
    expect(await ask(first)).toEqual(alice);
    become(down);
    pass(10 * minutes);
    expect(await ask(first)).toEqual(alice);
    await expect.poll(() => log.length).toBe(1);
    expect(log).toMatchObject([{ level: 'error', details: { isServing: true } }]);
    // Not tried with every request.
    pass(29);
    for (let time = 0; time < 5; time += 1) expect(await ask(first)).toEqual(alice);
    expect(fetches()).toBe(2);
    pass(24 * hours - 10 * minutes - 30);
    expect(await ask(first)).toEqual(alice);
    await expect.poll(() => log.length).toBe(2);
    // A token that was verified before is not admitted either.
    pass(30);
    expect(await ask(first)).toEqual({ retryAfter: 5 });
    become(jwksOf(first.jwk));
    pass(5);
    expect(await ask(first)).toEqual(alice);
  });

  it('fetches keys that are a day old again although the clock was set back', async () => {
    const { ask, become, fetches, pass } = await start(jwksOf(first.jwk));
    expect(await ask(first)).toEqual(alice);
    become(jwksOf(second.jwk));
    vi.setSystemTime(Date.now() - 48 * hours * 1000);
    pass(24 * hours);
    expect(await ask(second)).toEqual(alice);
    expect(fetches()).toBe(2);
  });

  it('a token whose key may be new: 503, not 401', async () => {
    const { ask, become, pass } = await start(jwksOf(first.jwk));
    expect(await ask(first)).toEqual(alice);
    become(down);
    pass(30);
    expect(await ask(second)).toEqual({ retryAfter: 30 });
    pass(20);
    expect(await ask(second)).toEqual({ retryAfter: 10 });
    expect(await ask(first)).toEqual(alice);
    become(jwksOf(first.jwk, second.jwk));
    pass(10);
    expect(await ask(second)).toEqual(alice);
  });

  it('a fetch without a response, or without its end, times out after five seconds', {
    timeout: 20_000,
  }, async () => {
    const silent = await startIssuer('silence');
    const endless = createServer((_, response) => {
      response.writeHead(200).write('{"keys":[');
    });
    const port = await listenAnywhere(
      (at) =>
        new Promise((resolve, reject) => {
          endless.once('error', reject).listen(at, '127.0.0.1', resolve);
        }),
    );
    onTestFinished(() => {
      endless.closeAllConnections();
      endless.close();
    });
    const asked = [silent.jwksUrl, `http://127.0.0.1:${port}/jwks`].map(async (jwksUrl) => {
      const log: Line[] = [];
      const authenticate = createJwtAuthentication({ jwksUrl }, { log: logInto(log) });
      expect(await outcomeOf(authenticate, bearing(first.token()))).toEqual({ retryAfter: 5 });
      expect(log).toMatchObject([{ details: { failure: 'request timed out' } }]);
    });
    await Promise.all(asked);
  });
});

describe('JWKS: the response of an issuer', () => {
  const oct = { kty: 'oct', kid: 'first', alg: 'RS256', k: 'CANARY' };

  it.each<readonly [string, () => Answer, string]>([
    [
      'no JSON',
      () => ({ html: '<p>CANARY</p>' }),
      'Failed to parse the JSON Web Key Set HTTP response as JSON',
    ],
    ['nothing', () => ({ html: '' }), 'Failed to parse the JSON Web Key Set HTTP response as JSON'],
    ['null', () => ({ json: null }), 'JSON Web Key Set malformed'],
    ['a text', () => ({ json: 'CANARY' }), 'JSON Web Key Set malformed'],
    ['no list', () => ({ json: { keys: { 0: first.jwk } } }), 'JSON Web Key Set malformed'],
    ['keys that are texts', () => jwksOf('CANARY', first.jwk), 'JSON Web Key Set malformed'],
    ['hundreds of keys', () => jwksOf(...Array(101).fill(first.jwk)), 'more than 100 keys'],
    ['no keys', () => jwksOf(), 'no key of the set can be used for RS256 or ES256'],
    ['secrets alone', () => jwksOf(oct), 'no key of the set can be used for RS256 or ES256'],
    [
      'private keys alone',
      () => jwksOf(first.privateJwk),
      'no key of the set can be used for RS256 or ES256',
    ],
    ['one key', () => ({ json: first.jwk }), 'JSON Web Key Set malformed'],
    [
      'another status',
      () => ({ status: 404, json: { keys: [first.jwk] } }),
      'Expected 200 OK from the JSON Web Key Set HTTP response',
    ],
    [
      'a status of success',
      () => ({ status: 203, json: { keys: [first.jwk] } }),
      'Expected 200 OK from the JSON Web Key Set HTTP response',
    ],
    [
      'more than a megabyte',
      () => ({ json: { keys: [first.jwk], padding: 'x'.repeat(1_000_000) } }),
      'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    ],
  ])('is not used if it is %s: 503 for every token', async (_, answer, failure) => {
    const { ask, askWith, become, log, pass } = await start(answer());
    expect(await ask(first)).toEqual({ retryAfter: 5 });
    expect(log).toMatchObject([{ level: 'error', details: { failure } }]);
    expect(JSON.stringify(log)).not.toContain('CANARY');
    for (const by of ['', 'CANARY'])
      expect(await askWith(hmacToken(claimsWith(), { alg: 'HS256' }, by))).toEqual(refusals.unverifiable);
    become(jwksOf(first.jwk));
    pass(5);
    expect(await ask(first)).toEqual(alice);
  });

  it.each([301, 302, 303, 307, 308])('with status %d: the redirect is not followed', async (status) => {
    const other = await startIssuer(jwksOf(first.jwk));
    const { ask } = await start({ status, json: {}, headers: { location: other.jwksUrl } });
    expect(await ask(first)).toEqual({ retryAfter: 5 });
    expect(other.fetches()).toBe(0);
  });

  it('does not replace usable keys if it is not usable', async () => {
    const { ask, become, log, pass } = await start(jwksOf(first.jwk));
    await ask(first);
    for (const [at, answer] of [jwksOf(), jwksOf(first.privateJwk), { html: '' }].entries()) {
      become(answer);
      pass(10 * minutes);
      expect(await ask(first)).toEqual(alice);
      await expect.poll(() => log.length).toBe(at + 1);
    }
    expect(await ask(first)).toEqual(alice);
  });

  it('with a secret key is used without it, and logged', async () => {
    const { ask, log, jwksUrl } = await start(jwksOf(first.jwk, oct));
    expect(await ask(first)).toEqual(alice);
    expect(log).toEqual([{ level: 'warn', details: { jwks: jwksUrl } }]);
  });
});
