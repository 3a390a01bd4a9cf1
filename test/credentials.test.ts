import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCredentials } from '../src/config/credentials.ts';
import { SettingsError } from '../src/config/settings.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const fileIn = (): string => {
  const folder = temporaryFolder();
  return join(folder, 'credentials.json');
};

const fileOf = (text: string, mode = 0o600): string => {
  const file = fileIn();
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};

const fileWith = (content: unknown): string => fileOf(JSON.stringify(content));

const problemsOf = (file: string): string[] => {
  try {
    readCredentials(file);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  throw new Error('This file should not be usable');
};

const scollect = { url: 'https://s.example.com', apiKey: 'CANARY', pin: 'CANARY' };
const url = 'https://r.example.com/api';
const byToken = { url, token: 'CANARY' };
const byLogIn = { url, username: 'CANARY', password: 'CANARY' };

describe('readCredentials', () => {
  it('gives each tenant its own, for one system or both', () => {
    const tenants = {
      acme: { scollect, recoveryConnect: byToken },
      'B-2_x.y': { recoveryConnect: byLogIn },
      __proto__x: { scollect },
      ['c'.repeat(64)]: { scollect: { ...scollect, url: 'http://127.0.0.1:9' } },
    };
    expect(readCredentials(fileWith({ tenants }))).toEqual(new Map(Object.entries(tenants)));
  });

  it('gives what is written, whatever the name means to the language', () => {
    const file = fileOf(`{"tenants":{"__proto__":{"scollect":${JSON.stringify(scollect)}}}}`);
    expect([...readCredentials(file)]).toEqual([['__proto__', { scollect }]]);
  });

  it.each([0o600, 0o640, 0o660, 0o400])('takes a file of the mode %o', (mode) => {
    const file = fileOf(JSON.stringify({ tenants: { acme: { scollect } } }), mode);
    expect(readCredentials(file).size).toBe(1);
  });

  it.each([0o644, 0o604, 0o602, 0o601, 0o666, 0o777])(
    'takes none that is open to everybody: mode %o',
    (mode) => {
      const file = fileOf(JSON.stringify({ tenants: { acme: { scollect } } }), mode);
      expect(problemsOf(file)).toEqual([
        'CREDENTIALS_FILE: expected a file that is closed to all others (mode 0600 or 0640).',
      ]);
    },
  );

  it('takes none that is not there, or no file', () => {
    const missing = fileIn();
    expect(problemsOf(missing)).toEqual([
      'CREDENTIALS_FILE: expected a file that can be read; the system says ENOENT.',
    ]);
    const folder = join(missing, '..');
    chmodSync(folder, 0o700);
    expect(problemsOf(folder)).toEqual([
      'CREDENTIALS_FILE: expected a file that can be read; the system says EISDIR.',
    ]);
  });

  it.each(['', 'CANARY', '{"tenants":{"acme":{"scollect":{"apiKey":"CANARY"', "{'CANARY':1}"])(
    'takes no other form than JSON: %j',
    (text) => {
      expect(problemsOf(fileOf(text))).toEqual(['CREDENTIALS_FILE: expected a file of JSON.']);
    },
  );

  const at = (key: string, expected: string): string => `CREDENTIALS_FILE: ${key}: expected ${expected}.`;
  const wholeScollect = 'an object with the keys url, apiKey and pin, and no others';
  const wholeRecoveryConnect =
    'an object with the key url and either token, or username and password, and no others';
  const credential = 'either a token, or a username and its password';
  const wholeTenant = 'an object with the keys scollect, recoveryConnect or both, and no others';

  it.each<readonly [string, unknown, string]>([
    ['a text', 'CANARY', wholeTenant],
    ['null', null, wholeTenant],
    ['a list', [], wholeTenant],
    ['no system', {}, 'scollect, recoveryConnect or both'],
    ['another key', { scollect, CANARY: 'CANARY' }, wholeTenant],
  ])('takes no tenant that is %s', (_, acme, expected) => {
    expect(problemsOf(fileWith({ tenants: { acme } }))).toEqual([at('tenants.acme', expected)]);
  });

  it.each<readonly [string, unknown, string, string]>([
    ['null', null, '', wholeScollect],
    ['another key', { ...scollect, apikey: 'CANARY' }, '', wholeScollect],
    ['no address', { apiKey: 'CANARY', pin: 'CANARY' }, '.url', 'a text'],
    ['no address', { ...scollect, url: 'CANARY' }, '.url', 'an address, as in https://api.example.com'],
    [
      'an address with a password',
      { ...scollect, url: 'https://u:CANARY@s.example.com' },
      '.url',
      'an address, as in https://api.example.com',
    ],
    [
      'an address in the clear',
      { ...scollect, url: 'http://s.example.com/CANARY' },
      '.url',
      'https:// for any address that is not loopback',
    ],
    ['no key', { url: scollect.url, pin: 'CANARY' }, '.apiKey', 'a text'],
    ['a blank key', { ...scollect, apiKey: ' ' }, '.apiKey', 'a text that is not empty'],
    ['a number for a PIN', { ...scollect, pin: 4711 }, '.pin', 'a text'],
  ])('takes no Scollect of %s', (_, given, key, expected) => {
    const problems = problemsOf(fileWith({ tenants: { acme: { scollect: given } } }));
    expect(problems).toEqual([at(`tenants.acme.scollect${key}`, expected)]);
  });

  it.each<readonly [string, unknown, string, string]>([
    ['null', null, '', wholeRecoveryConnect],
    ['another key', { ...byToken, pin: 'CANARY' }, '', wholeRecoveryConnect],
    ['an address alone', { url }, '', credential],
    ['a name alone', { url, username: 'CANARY' }, '', credential],
    ['a password alone', { url, password: 'CANARY' }, '', credential],
    ['both kinds of credentials', { ...byToken, ...byLogIn }, '', credential],
    ['a token and half a log-in', { ...byToken, password: 'CANARY' }, '', credential],
    ['a token with blanks', { url, token: 'CANARY CANARY' }, '.token', 'a token without blanks'],
    [
      'an address in the clear',
      { ...byToken, url: 'http://r' },
      '.url',
      'https:// for any address that is not loopback',
    ],
  ])('takes no RecoveryConnect of %s', (_, given, key, expected) => {
    const problems = problemsOf(fileWith({ tenants: { acme: { recoveryConnect: given } } }));
    expect(problems).toEqual([at(`tenants.acme.recoveryConnect${key}`, expected)]);
  });

  it.each(['', 'CANARY CANARY', 'CANARY/CANARY', 'CANÄRY', `CANARY${'x'.repeat(59)}`])(
    'takes no tenant by the name %j, and does not repeat it',
    (name) => {
      expect(problemsOf(fileWith({ tenants: { [name]: { scollect } } }))).toEqual([
        at(
          'tenants.(a name)',
          'the name of a tenant: 1 to 64 letters, digits, dots, underscores and hyphens',
        ),
      ]);
    },
  );

  it.each<readonly [unknown, string]>([
    [{ tenants: {} }, 'tenants: expected at least one tenant'],
    [{ tenants: [{ scollect }] }, 'tenants: expected an object with a key for each tenant'],
    [{ tenants: null }, 'tenants: expected an object with a key for each tenant'],
    [{}, 'tenants: expected an object with a key for each tenant'],
    [[], 'expected an object with the key tenants, and no others'],
    ['CANARY', 'expected an object with the key tenants, and no others'],
    [
      { tenants: { acme: { scollect } }, CANARY: 1 },
      'expected an object with the key tenants, and no others',
    ],
  ])('takes no file without tenants: %j', (content, problem) => {
    expect(problemsOf(fileWith(content))).toEqual([`CREDENTIALS_FILE: ${problem}.`]);
  });

  it('reports all faults at once, without values', () => {
    const problems = problemsOf(
      fileWith({
        tenants: {
          acme: { scollect: { ...scollect, pin: '' } },
          beta: { recoveryConnect: { ...byToken, url: 'CANARY' } },
        },
      }),
    );
    expect(problems).toEqual([
      at('tenants.acme.scollect.pin', 'a text that is not empty'),
      at('tenants.beta.recoveryConnect.url', 'an address, as in https://api.example.com'),
    ]);
    expect(problems.join()).not.toContain('CANARY');
  });
});
