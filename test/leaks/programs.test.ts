import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leaksIn } from '../support/canary-forms.ts';
import { run } from '../support/process.ts';
import { canaries, configured, tokens } from './canaries.ts';
import { newFolder } from './hunt.ts';
import { conducts, startIndiscreet } from './indiscreet.ts';

const timeout = 60_000;

const good = {
  PORT: '0',
  SCOLLECT_URL: 'https://scollect.example.com',
  SCOLLECT_API_KEY: configured['API key'],
  SCOLLECT_PIN: configured.PIN,
  RECOVERYCONNECT_URL: 'https://recoveryconnect.example.com',
  RECOVERYCONNECT_USERNAME: configured["upstream's user"],
  RECOVERYCONNECT_PASSWORD: configured["upstream's password"],
  AUTH_JWT_SECRET: configured['JWT secret'],
  STORE_KEY: configured['gateway key'],
};

const inUrl = `http://${configured["upstream's user"]}:${configured["upstream's password"]}@127.0.0.1`;

/** All faults of single settings are reported at once. */
const unusable: readonly Readonly<Record<string, string>>[] = [
  {
    SCOLLECT_URL: inUrl,
    RECOVERYCONNECT_URL: `https://x/?key=${configured['API key']}`,
    RECOVERYCONNECT_TOKEN: `${tokens['token of RecoveryConnect']} x`,
    STORE_KEY: configured['gateway key'].slice(1),
    STORE_URL: `postgres://${configured["upstream's user"]}@127.0.0.1/x`,
    AUTH_JWT_SECRET: configured.PIN,
    PORT: configured.PIN,
    HOST: configured['API key'],
    LOG_LEVEL: configured['API key'],
    CORS_ORIGINS: configured.PIN,
  },
  { RECOVERYCONNECT_TOKEN: tokens['token of RecoveryConnect'] },
  { HOST: `${configured['API key'].replaceAll('_', '-')}.invalid` },
  { STORE_URL: `file:/dev/null/${configured['API key']}/x.db` },
  { AUDIT_LOG: `/dev/null/${configured['API key']}/audit` },
  { PERSISTED_DOCUMENTS: `/dev/null/${configured['API key']}.json` },
];

const { SCOLLECT_URL: _, RECOVERYCONNECT_URL: __, ...access } = good;

const tenant = { scollect: { url: inUrl, apiKey: configured['API key'], pin: 7 } };
const credentials = [
  `{"tenants":{"acme":{"scollect":{"apiKey":"${configured['API key']}","pin":"${configured.PIN}"`,
  // A tenant is identified by its name: nothing else may be in its place.
  JSON.stringify({ tenants: { acme: { ...tenant, [configured['API key']]: configured.PIN } } }),
  JSON.stringify({ tenants: { [`${configured['API key']}!`]: tenant } }),
  JSON.stringify({ [configured['API key']]: configured.PIN }),
  JSON.stringify(configured['API key']),
];

const expectRefusal = async (env: Record<string, string>): Promise<void> => {
  const { code, stdout, stderr } = await run('main.js', env, newFolder()).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^Recollect does not start\.\n/);
  expect(leaksIn(stderr, canaries)).toEqual([]);
};

describe('settings that cannot be used', { timeout }, () => {
  it.each(unusable.map((env) => [Object.keys(env).join(', '), env] as const))(
    'stop the start without a word of what they are: %s',
    (_name, env) => expectRefusal({ ...good, ...env }),
  );

  it.each(credentials.map((content, index) => [index + 1, content]))(
    'in a file of credentials stop the start without a word of what they are: %s',
    (_name, content) => {
      const file = join(newFolder(), 'credentials.json');
      writeFileSync(file, String(content), { mode: 0o600 });
      const { AUTH_JWT_SECRET, STORE_KEY, PORT } = access;
      return expectRefusal({ AUTH_JWT_SECRET, STORE_KEY, PORT, CREDENTIALS_FILE: file });
    },
  );
});

describe('the doctor', { timeout }, () => {
  it('prints nothing of upstream responses, and writes nothing of them as shapes, however they behave', async () => {
    const scollect = await startIndiscreet('SCOLLECT');
    const recoveryConnect = await startIndiscreet('RECOVERY_CONNECT');
    const env = { ...good, SCOLLECT_URL: scollect.url, RECOVERYCONNECT_URL: recoveryConnect.url };
    for (const way of conducts.slice(0, 4)) {
      for (const upstream of [scollect, recoveryConnect]) upstream.become(way);
      const folder = newFolder();
      const words = ['--shapes', join(folder, 'shapes.json')];
      const { stdout, stderr } = await run('doctor/main.js', env, folder, [], words).ended;
      expect(stdout).not.toBe('');
      const shapes = readFileSync(join(folder, 'shapes.json'), 'utf8');
      expect({ way, leaks: leaksIn(`${stdout}\n${stderr}\n${shapes}`, canaries) }).toEqual({
        way,
        leaks: [],
      });
    }
  });
});
