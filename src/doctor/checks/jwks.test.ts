import { describe, expect, it } from 'vitest';
import { resultsOf, statusesOf } from '../../../test/support/check.ts';
import { ecKey, jwksOf, rsaKey, startIssuer } from '../../../test/support/issuer.ts';
import type { Answer } from '../../../test/support/upstream.ts';
import { readSettings } from '../../config/settings.ts';
import { jwksCheck } from './jwks.ts';

const examine = async (answer: Answer) => {
  const { jwksUrl, fetches } = await startIssuer(answer);
  const settings = readSettings({ AUTH_JWKS_URL: `${jwksUrl}/CANARY` });
  const results = await resultsOf(jwksCheck, { settings });
  expect(fetches()).toBe(1);
  expect(JSON.stringify(results)).not.toMatch(/CANARY|127\.0\.0\.1/);
  return results;
};

const [rsa, ec] = [rsaKey('one'), ecKey('two')];

describe('the check of published keys', () => {
  it('counts the keys that can be used, with their algorithms', async () => {
    const results = await examine(jwksOf(rsa.jwk, ec.jwk, rsaKey('three', 1024).jwk, { kty: 'CANARY' }));
    expect(results[0]).toMatchObject({ status: 'ok', message: '2 of 4 keys can be used (ES256, RS256).' });
    expect(statusesOf(results)).toEqual({ jwks: 'ok', 'clock.issuer': 'ok' });
  });

  it('is in trouble if a private key is published', async () => {
    expect((await examine(jwksOf(rsa.jwk, ec.privateJwk)))[0]).toMatchObject({ status: 'trouble' });
  });

  it('notes several keys of which one has no id', async () => {
    const { kid: _, ...nameless } = ec.jwk;
    expect(statusesOf(await examine(jwksOf(rsa.jwk, nameless)))).toMatchObject({ 'jwks.key-ids': 'note' });
  });

  it.each<readonly [string, Answer]>([
    ['no usable key', jwksOf({ kty: 'CANARY' })],
    ['no JSON', { html: '<p>CANARY</p>' }],
    ['an error', { status: 500, json: { error: 'CANARY' } }],
    ['a redirect', { status: 302, html: '', headers: { location: 'https://CANARY.example' } }],
    ['no response', 'reset'],
  ])('is in trouble for %s', async (_, answer) => {
    const [result] = await examine(answer);
    expect(result).toMatchObject({ id: 'jwks', status: 'trouble' });
    expect(result?.message).toMatch(/^the keys cannot be used: .+\. No caller would be admitted\.$/);
  });

  it.each([
    [-3600, 'trouble'],
    [3, 'ok'],
  ])('compares the clock of the issuer: %i s, %s', async (seconds, status) => {
    const date = new Date(Date.now() + seconds * 1000).toUTCString();
    const results = await examine({ json: { keys: [rsa.jwk] }, headers: { date } });
    expect(statusesOf(results)).toEqual({ jwks: 'ok', 'clock.issuer': status });
  });

  it('is skipped without AUTH_JWKS_URL', async () => {
    const results = await resultsOf(jwksCheck, { settings: readSettings({}) });
    expect(statusesOf(results)).toEqual({ jwks: 'skipped', 'clock.issuer': 'skipped' });
  });
});
