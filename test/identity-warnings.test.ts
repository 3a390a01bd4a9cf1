import { describe, expect, it } from 'vitest';
import { type Identity, identityOf, identityWarnings } from '../src/config/identity-warnings.ts';
import { readSettings } from '../src/config/settings.ts';
import { everybodyId } from '../src/operation/caller.ts';
import { hour, open, released, settled, unknown, write } from './support/ledger.ts';

const secret = 'x'.repeat(32);
const jwksUrl = 'https://id.example.com/keys';
const scollect = { SCOLLECT_URL: 'https://api.example.com', SCOLLECT_API_KEY: 'k', SCOLLECT_PIN: 'p' };

const identityBy = (variables: Record<string, string>): Identity => identityOf(readSettings(variables));

const identities = {
  sandbox: identityBy({}),
  disabled: identityBy({ ...scollect, AUTH_DISABLED: 'true' }),
  jwt: identityBy({ ...scollect, AUTH_JWT_SECRET: secret }),
  tenants: identityBy({ CREDENTIALS_FILE: 'c.json', AUTH_JWT_SECRET: secret }),
};

const served = (tenant: string): boolean => ['acme', 'bond'].includes(tenant);

const holders = {
  everybody: { caller: everybodyId, tenant: null },
  ann: { caller: 'ann', tenant: null },
  'ann of acme': { caller: 'ann', tenant: 'acme' },
  'everybody of acme': { caller: everybodyId, tenant: 'acme' },
  'ann of a former tenant': { caller: 'ann', tenant: 'former' },
};

const withoutAuthentication = 'AUTH_JWT_SECRET, AUTH_JWKS_URL';
const file = 'CREDENTIALS_FILE';

describe('keys of callers that the settings do not produce', () => {
  it.each<[keyof typeof holders, keyof typeof identities, string[]]>([
    ['everybody', 'sandbox', []],
    ['everybody', 'disabled', []],
    ['everybody', 'jwt', [withoutAuthentication]],
    ['everybody', 'tenants', [withoutAuthentication, file]],
    ['ann', 'sandbox', ['AUTH_DISABLED']],
    ['ann', 'disabled', ['AUTH_DISABLED']],
    ['ann', 'jwt', []],
    ['ann', 'tenants', [file]],
    ['ann of acme', 'disabled', ['AUTH_DISABLED', file]],
    ['ann of acme', 'jwt', [file]],
    ['ann of acme', 'tenants', []],
    ['everybody of acme', 'tenants', []],
    ['ann of a former tenant', 'tenants', [file]],
  ])('of %s with %s are warned of by setting: %j', async (holder, settings, expected) => {
    const ledger = await open();
    const { caller, tenant } = holders[holder];
    await ledger.of(tenant).once({ ...write, caller }, settled(''));
    const warnings = await identityWarnings(ledger, identities[settings], served);
    expect(warnings.map(({ setting }) => setting)).toEqual(expected);
    for (const { message } of warnings) {
      expect(message).toMatch(/are not recognized and would charge again, until they expire/);
      expect(message).not.toMatch(/acme|former|ann/);
    }
  });

  it.each([
    ['settled', settled(''), false],
    ['not executed', released, false],
    ['of unknown outcome', unknown, true],
  ])('are warned of until they expire: %s', async (_, execute, staysForEver) => {
    let now = 0;
    const ledger = await open({ elapsed: () => now });
    await ledger.once(write, execute);
    const count = async () => (await identityWarnings(ledger, identities.disabled, served)).length;
    expect(await count()).toBe(1);
    now = hour;
    expect(await count()).toBe(staysForEver ? 1 : 0);
  });
});

describe('a setting that gives names their meaning', () => {
  const jwt = { ...scollect, AUTH_JWKS_URL: jwksUrl, AUTH_ISSUER: 'https://one.example.com' };
  const tenants = { CREDENTIALS_FILE: 'c.json', AUTH_JWKS_URL: jwksUrl, AUTH_TENANT_CLAIM: 'office' };
  const { AUTH_JWKS_URL: _, ...withSecret } = { ...jwt, AUTH_JWT_SECRET: secret };

  it.each<[string, Record<string, string>, Record<string, string>, string | null]>([
    ['AUTH_ISSUER', jwt, { ...jwt, AUTH_ISSUER: 'https://two.example.com' }, null],
    ['AUTH_JWKS_URL', jwt, { ...jwt, AUTH_JWKS_URL: 'https://two.example.com/keys' }, null],
    ['AUTH_JWKS_URL', jwt, withSecret, null],
    ['AUTH_TENANT_CLAIM', tenants, { ...tenants, AUTH_TENANT_CLAIM: 'branch' }, 'acme'],
  ])('is warned of when it is changed while keys are kept: %s', async (setting, before, after, tenant) => {
    let now = 0;
    const ledger = await open({ elapsed: () => now });
    const warned = async (variables: Record<string, string>) =>
      (await identityWarnings(ledger, identityBy(variables), served)).map((warning) => warning.setting);
    expect(await warned(before)).toEqual([]);
    await ledger.of(tenant).once(write, settled(''));
    now += 1;
    expect(await warned(before)).toEqual([]);
    expect(await warned(after)).toEqual([setting]);
    now += 1;
    // At later starts too.
    expect(await warned(after)).toEqual([setting]);
    await ledger.of(tenant).once({ ...write, idempotencyKey: 'new' }, settled(''));
    expect(await warned(after)).toEqual([setting]);
    now = hour;
    expect(await warned(after)).toEqual([]);
  });

  it.each([
    ['AUTH_AUDIENCE', { ...jwt, AUTH_AUDIENCE: 'recollect' }],
    ['AUTH_CLOCK_SKEW_SECONDS', { ...jwt, AUTH_CLOCK_SKEW_SECONDS: '9' }],
    ['nothing', jwt],
  ])('is no other one: %s', async (_name, after) => {
    const ledger = await open();
    await identityWarnings(ledger, identityBy(jwt), served);
    await ledger.once(write, settled(''));
    expect(await identityWarnings(ledger, identityBy(after), served)).toEqual([]);
  });
});
