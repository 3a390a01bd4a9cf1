import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recoveryConnectOperations } from '../src/upstreams/recoveryconnect/operations.ts';
import { scollectOperations } from '../src/upstreams/scollect/operations.ts';
import { hasOpenssl, startTls } from './support/certificates.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { run } from './support/process.ts';
import { reads } from './support/reads.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { jwtSecret } from './support/token.ts';
import type { LocalUpstream } from './support/upstream.ts';

const settingsOf = (scollect: LocalUpstream) => ({
  AUTH_DISABLED: 'true',
  SCOLLECT_URL: scollect.url,
  SCOLLECT_API_KEY: 'CANARY',
  SCOLLECT_PIN: 'CANARY',
});

const examine = (scollect: LocalUpstream) => run('doctor/main.js', settingsOf(scollect)).ended;

/** The documented form of the output of `--json` (docs/doctor.md). */
const document = z.strictObject({
  version: z.literal(1),
  checks: z.array(
    z.strictObject({
      id: z.string().regex(/^[\w.-]+$/),
      status: z.enum(['ok', 'note', 'trouble', 'skipped']),
      subject: z.string().min(1),
      message: z.string().min(1),
      action: z.string().min(1).nullable(),
      tenant: z.string().nullable(),
    }),
  ),
  summary: z.strictObject({ ok: z.int(), note: z.int(), trouble: z.int(), skipped: z.int() }),
});

/** Runs the doctor with `--json` in an empty folder. */
const examineAsJson = async (env: Record<string, string> = {}, cwd = temporaryFolder()) => {
  const { code, stdout, stderr } = await run('doctor/main.js', env, cwd, [], ['--json']).ended;
  expect(stderr).toBe('');
  const { checks, summary } = document.parse(JSON.parse(stdout));
  const find = (id: string, tenant: string | null = null) =>
    checks.find((check) => check.id === id && check.tenant === tenant);
  return { code, stdout, checks, summary, find };
};

const operations = Object.values({ ...scollectOperations, ...recoveryConnectOperations }).map(
  ({ effect, system, operation }) => `${effect}.${system}.${operation}`,
);

const operationsIn = (checks: readonly { readonly id: string }[]): string[] =>
  checks.map(({ id }) => id).filter((id) => /^(?:read|write)\./.test(id));

describe('the doctor', () => {
  it('finds nothing wrong with the sandbox', async () => {
    const { code, stdout, stderr } = await run('doctor/main.js').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^All is well\.$/m);
  });

  it.each([
    [{ TZ: 'UTC', AGENCY_TIME_ZONE: 'America/Los_Angeles' }, 'America/Los_Angeles (AGENCY_TIME_ZONE).'],
    [{ TZ: 'America/Los_Angeles', AGENCY_TIME_ZONE: 'UTC' }, 'UTC (AGENCY_TIME_ZONE).'],
    [{ TZ: 'America/Los_Angeles' }, "America/Los_Angeles, the machine's (AGENCY_TIME_ZONE is not set)."],
    [{ TZ: 'No/Zone' }, "UTC, the machine's (AGENCY_TIME_ZONE is not set)."],
  ])('%j: reports the time zone %s', async (env, zone) => {
    const { code, stdout } = await run('doctor/main.js', env).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok {6}Settings .*Time zone: /m);
    expect(stdout).toContain(`Time zone: ${zone}\n`);
  });

  it.each([
    [{ AUTH_JWT_SECRET: jwtSecret }, true],
    [{ AUTH_JWT_SECRET: jwtSecret, TRUSTED_PROXIES: '1' }, false],
    [{}, false],
  ])('notes that no proxy is trusted where callers are authenticated (%#)', async (env, isNoted) => {
    const { code, stdout } = await run('doctor/main.js', env).ended;
    expect(code).toBe(0);
    expect(/^note {4}TRUSTED_PROXIES +0: right only if no proxy is in front\./m.test(stdout)).toBe(isNoted);
  });

  it('examines only what is set, by reads', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { code, stdout } = await examine(scollect);
    expect(code).toBe(0);
    expect(stdout).not.toContain('CANARY');
    const tried = stdout.split('\n').filter((line) => !line.startsWith('skipped '));
    expect(tried.filter((line) => line.includes('RecoveryConnect'))).toEqual([]);
    expect(stdout).toMatch(/^skipped RecoveryConnect listOrders +not configured\.$/m);
    const paths = reads.map(({ path }) => path.replace('{filenumber}', 'R1050'));
    expect(scollect.calls()).toContain('/getphones/R1050');
    expect(scollect.calls().filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('counts the rows that lack what identifies them', async () => {
    const row = { id: 1, portfolio: 'P', client: 'C', dateplaced: '1/2/2024' };
    const scollect = await startCorpusUpstream('scollect', {
      getportfoliolist: { json: { result: [row, { client: 'CANARY' }, {}] } },
    });
    const { code, stdout } = await examine(scollect);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^TROUBLE Scollect getportfoliolist +1 row, 2 more without what identifies them$/m,
    );
    expect(stdout).not.toContain('CANARY');
  });

  it('names the keys that a row has lost', async () => {
    const row = { id: 1, portfolio: 'P' };
    const scollect = await startCorpusUpstream('scollect', { getportfoliolist: { json: { result: [row] } } });
    const { code, stdout } = await examine(scollect);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^TROUBLE Scollect getportfoliolist +1 row, without client, dateplaced$/m);
    expect(stdout).toMatch(/^1 in trouble\.$/m);
  });

  it('names what fails, and continues', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      getnotes: 'reset',
      getphones: { json: { result: 'CANARY' } },
    });
    const { code, stdout } = await examine(scollect);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^TROUBLE Scollect getnotes +Scollect is unavailable \(GET \/getnotes\/\{filenumber\}\)\.$/m,
    );
    expect(stdout).toMatch(
      /^TROUBLE Scollect getphones +Scollect returned a response that cannot be understood /m,
    );
    expect(stdout).toMatch(/^ok {6}Scollect getAlpaymentdata/m);
    expect(stdout).not.toContain('CANARY');
  });

  it('names refused credentials', async () => {
    const json = { result: [{ error: 'Invalid API Credentials.' }, 401], state: 'SUCCESS' };
    const scollect = await startCorpusUpstream('scollect', { login: { json } });
    const { code, stdout } = await examine(scollect);
    expect(code).toBe(1);
    expect(stdout).toContain("Scollect refused the gateway's credentials (POST /login).");
  });

  it('names settings that cannot be used', async () => {
    const { code, stdout, stderr } = await run('doctor/main.js', { PORT: 'x' }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^TROUBLE Settings +PORT: expected a whole number/);
  });

  it('lists each of the 47 operations once, and why it was skipped', async () => {
    const { code, checks, find } = await examineAsJson();
    expect(code).toBe(0);
    expect(operations).toHaveLength(47);
    expect(operationsIn(checks).sort()).toEqual(operations.sort());
    const skips = checks.filter(({ id, status }) => status === 'skipped' && operations.includes(id));
    expect(skips.filter(({ id }) => id.startsWith('read.')).map(({ id }) => id)).toEqual([
      'read.SCOLLECT.getaccountbysocial',
      'read.SCOLLECT.searchbyphone',
    ]);
    const writes = skips.filter(({ id }) => id.startsWith('write.'));
    expect(new Set(writes.map(({ message }) => message))).toEqual(
      new Set(['a write: the doctor never executes one.']),
    );
    expect(find('read.SCOLLECT.login')).toMatchObject({ status: 'ok' });
    expect(find('read.RECOVERY_CONNECT.authenticate')).toMatchObject({ status: 'ok' });
  });

  it('states what was missing for the reads that were not tried', async () => {
    const scollect = await startCorpusUpstream('scollect', {
      get_accounts_in_portfolio: { json: { result: { result: [] }, state: 'SUCCESS' } },
    });
    const { checks, find } = await examineAsJson(settingsOf(scollect));
    expect(find('read.SCOLLECT.getphones')).toMatchObject({
      status: 'skipped',
      message: 'no account to read by.',
    });
    expect(find('read.RECOVERY_CONNECT.getOrder')).toMatchObject({
      status: 'skipped',
      message: 'not configured.',
    });
    expect(operationsIn(checks).sort()).toEqual(operations.sort());
  });

  it('skips the reads of a system whose log-in fails', async () => {
    const scollect = await startCorpusUpstream('scollect', { login: { status: 500, json: {} } });
    const { code, checks, find } = await examineAsJson(settingsOf(scollect));
    expect(code).toBe(1);
    expect(checks.filter(({ status }) => status === 'trouble').map(({ id }) => id)).toEqual([
      'read.SCOLLECT.login',
    ]);
    expect(find('read.SCOLLECT.getportfoliolist')).toMatchObject({
      status: 'skipped',
      message: 'the log-in failed.',
    });
    expect(operationsIn(checks).sort()).toEqual(operations.sort());
  });

  it('--json: counts the results, and agrees with the lines for people', async () => {
    const { checks, summary } = await examineAsJson();
    const { stdout } = await run('doctor/main.js', {}, temporaryFolder()).ended;
    const lines = stdout.trimEnd().split('\n').slice(0, -1);
    expect(lines).toHaveLength(checks.length);
    for (const [mark, status] of [
      ['ok', 'ok'],
      ['note', 'note'],
      ['TROUBLE', 'trouble'],
      ['skipped', 'skipped'],
    ] as const) {
      const count = lines.filter((line) => line.startsWith(`${mark} `)).length;
      expect([mark, summary[status]]).toEqual([mark, count]);
    }
  });

  it('examines the ledger although other settings cannot be used', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'gateway.db'), 'no database, CANARY '.repeat(100), { mode: 0o600 });
    const { code, stdout, checks, find } = await examineAsJson(
      { PORT: 'CANARY', STORE_URL: 'file:./gateway.db' },
      folder,
    );
    expect(code).toBe(1);
    expect(find('settings')).toMatchObject({ status: 'trouble', message: expect.stringContaining('PORT') });
    expect(find('store')).toMatchObject({ status: 'trouble', message: 'the file is no database.' });
    expect(operationsIn(checks).sort()).toEqual(operations.sort());
    expect(stdout).not.toContain('CANARY');
  });

  it('examines everything else if the credentials cannot be read', async () => {
    const env = { AUTH_JWT_SECRET: jwtSecret, CREDENTIALS_FILE: '/nonexistent/CANARY' };
    const { code, stdout, checks, find } = await examineAsJson(env);
    expect(code).toBe(1);
    expect(find('settings')).toMatchObject({ status: 'trouble' });
    expect(find('store')).toMatchObject({ status: 'ok' });
    expect(find('access.audience')).toMatchObject({ status: 'note' });
    expect(operationsIn(checks).sort()).toEqual(operations.sort());
    expect(stdout).not.toMatch(/CANARY|canary/);
  });

  it('examines each tenant', async () => {
    const scollect = await startCorpusUpstream('scollect', { getnotes: { status: 500, json: {} } });
    const other = await startCorpusUpstream('recoveryconnect');
    const folder = temporaryFolder();
    const tenants = {
      acme: { scollect: { url: scollect.url, apiKey: 'CANARY', pin: 'CANARY' } },
      bond: { recoveryConnect: { url: other.url, token: 'CANARY' } },
    };
    writeFileSync(join(folder, 'credentials.json'), JSON.stringify({ tenants }), { mode: 0o600 });
    const env = { AUTH_JWT_SECRET: jwtSecret, CREDENTIALS_FILE: 'credentials.json' };
    const { code, stdout, find } = await examineAsJson(env, folder);
    expect(code).toBe(1);
    expect(find('read.SCOLLECT.getnotes', 'acme')).toMatchObject({ status: 'trouble' });
    expect(find('read.SCOLLECT.getnotes', 'bond')).toMatchObject({
      status: 'skipped',
      message: 'not configured.',
    });
    expect(find('read.RECOVERY_CONNECT.authenticate', 'bond')).toMatchObject({
      status: 'skipped',
      message: 'not needed: a fixed token is set.',
    });
    expect(find('write.SCOLLECT.insertphone')).toMatchObject({ status: 'skipped' });
    expect(stdout).not.toMatch(/CANARY|canary|127\.0\.0\.1/);
  });

  it('compares the clock of an upstream', async () => {
    const ahead = (json: unknown) => () => ({
      json,
      headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
    });
    const scollect = await startCorpusUpstream('scollect', {
      login: ahead({ result: { access_token: 'a.b.c' }, state: 'SUCCESS' }),
      getportfoliolist: ahead({ result: { result: [] }, state: 'SUCCESS' }),
    });
    const { find } = await examineAsJson(settingsOf(scollect));
    expect(find('clock.SCOLLECT')).toMatchObject({
      status: 'note',
      message: expect.stringMatching(/^3(?:59\d|60\d) s ahead of the clock of this machine\.$/),
    });
    expect(find('clock.RECOVERY_CONNECT')).toMatchObject({ status: 'skipped' });
  });

  it.runIf(hasOpenssl('the days of a trusted certificate'))(
    'reports the days of the certificate of an upstream',
    async () => {
      const { port, certFile } = await startTls(10);
      const { code, stdout, find } = await examineAsJson({
        AUTH_DISABLED: 'true',
        SCOLLECT_URL: `https://127.0.0.1:${port}`,
        SCOLLECT_API_KEY: 'CANARY',
        SCOLLECT_PIN: 'CANARY',
        NODE_EXTRA_CA_CERTS: certFile,
      });
      // The server answers no log-in.
      expect(code).toBe(1);
      expect(find('certificate.SCOLLECT')).toMatchObject({
        status: 'note',
        message: 'valid for 9 more days.',
      });
      expect(find('certificate.RECOVERY_CONNECT')).toMatchObject({ status: 'skipped' });
      expect(stdout).not.toMatch(/CANARY|127\.0\.0\.1/);
    },
  );

  it('creates no file', async () => {
    const folder = temporaryFolder();
    await examineAsJson({ STORE_URL: 'file:./data/gateway.db' }, folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('--help: describes the options', async () => {
    const { code, stdout, stderr } = await run('doctor/main.js', {}, undefined, [], ['--help']).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const option of ['--json', '--shapes', '--help']) expect(stdout).toContain(option);
  });

  it('rejects unknown options with another exit code, and examines nothing', async () => {
    const { code, stdout, stderr } = await run('doctor/main.js', {}, undefined, [], ['--jsn=CANARY']).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      'Option 1 is unknown; expected --json, --shapes, --help.\nnpm run doctor -- --help lists the options.\n',
    );
  });
});
