import { describe, expect, it } from 'vitest';
import { resultsOf, statusesOf } from '../../../test/support/check.ts';
import { readSettings } from '../../config/settings.ts';
import { accessCheck } from './access.ts';
import { proxiesCheck } from './proxies.ts';
import { timeZoneCheck } from './time-zone.ts';

const secret = 'CANARY-0123456789-abcdefghijklmnopqrstuv';
const upstream = { SCOLLECT_URL: 'https://s.example.com', SCOLLECT_API_KEY: 'k', SCOLLECT_PIN: 'p' };
const sound = {
  ...upstream,
  AUTH_JWT_SECRET: secret,
  AUTH_ISSUER: 'https://id.example.com',
  AUTH_AUDIENCE: 'recollect',
  NODE_ENV: 'production',
};

const access = (env: Record<string, string>) =>
  resultsOf(accessCheck, { settings: readSettings(env), isProduction: env['NODE_ENV'] === 'production' });

describe('the check of access, limits and privacy', () => {
  it.each([
    ['of production', sound],
    ['of the sandbox', {}],
  ])('finds nothing in settings %s', async (_, env) => {
    expect(statusesOf(await access(env))).toEqual({ access: 'ok' });
  });

  it.each<readonly [string, Record<string, string | undefined>]>([
    ['access.issuer', { AUTH_ISSUER: undefined }],
    ['access.audience', { AUTH_AUDIENCE: undefined }],
    ['access.secret', { AUTH_JWT_SECRET: 'abcabcab'.repeat(4) }],
    ['access.clock-skew', { AUTH_CLOCK_SKEW_SECONDS: '300' }],
    ['access.introspection', { INTROSPECTION: 'true' }],
    ['access.graphiql', { GRAPHIQL: 'true' }],
    ['access.production', { NODE_ENV: undefined }],
    ['access.origins', { CORS_ORIGINS: 'http://desk.example.com' }],
    ['limits.caller', { RATE_LIMIT_PER_CALLER: '0' }],
    ['limits.address', { RATE_LIMIT_PER_ADDRESS: '100' }],
    ['limits.failed-authentication', { RATE_LIMIT_FAILED_AUTH: '0' }],
    ['privacy.audit', { AUDIT_LOG: 'off' }],
    [
      'access.authentication',
      { AUTH_DISABLED: 'true', AUTH_JWT_SECRET: undefined, AUTH_ISSUER: undefined, AUTH_AUDIENCE: undefined },
    ],
  ])('%s: one note for %j', async (id, change) => {
    const env = Object.fromEntries(
      Object.entries({ ...sound, ...change }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ) as Record<string, string>;
    const results = await access(env);
    expect(statusesOf(results)).toEqual({ [id]: 'note' });
    expect(JSON.stringify(results)).not.toMatch(/CANARY|abcabc|desk\.example/);
  });

  it('accepts an http: origin of this machine', async () => {
    expect(statusesOf(await access({ ...sound, CORS_ORIGINS: 'http://localhost:5173' }))).toEqual({
      access: 'ok',
    });
  });
});

describe('the check of proxies', () => {
  it.each([
    [sound, 'note'],
    [{ ...sound, TRUSTED_PROXIES: '1' }, 'ok'],
    [{}, 'ok'],
  ])('%#: %s', async (env, status) => {
    expect(statusesOf(await resultsOf(proxiesCheck, { settings: readSettings(env) }))).toEqual({
      proxies: status,
    });
  });
});

describe('the check of the time zone', () => {
  const now = new Date('2026-03-05T03:00:00Z');

  it.each([
    [
      { ...sound, AGENCY_TIME_ZONE: 'America/Los_Angeles' },
      undefined,
      'ok',
      "The agency's day is 2026-03-04, in America/Los_Angeles.",
    ],
    [{ ...sound, AGENCY_TIME_ZONE: 'UTC' }, undefined, 'ok', "The agency's day is 2026-03-05, in UTC."],
    [sound, undefined, 'note', "Not set: the machine's zone is used. The agency's day is"],
    [{}, undefined, 'ok', "Not set: the machine's zone is used. The agency's day is"],
    [{}, 'No/Zone', 'note', 'TZ names no time zone; Node uses another one.'],
  ])('%#: %s %s', async (env, machineZone, status, message) => {
    const [result] = await resultsOf(timeZoneCheck, { settings: readSettings(env), machineZone, now });
    expect(result).toMatchObject({ status, message: expect.stringContaining(message) });
  });
});
