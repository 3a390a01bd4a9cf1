import { describe, expect, it } from 'vitest';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import { run } from './support/process.ts';
import { jwtSecret } from './support/token.ts';
import type { LocalUpstream } from './support/upstream.ts';

const examine = (scollect: LocalUpstream) =>
  run('doctor/main.js', {
    AUTH_DISABLED: 'true',
    SCOLLECT_URL: scollect.url,
    SCOLLECT_API_KEY: 'CANARY',
    SCOLLECT_PIN: 'CANARY',
  }).ended;

describe('the doctor', () => {
  it('finds nothing wrong with the sandbox', async () => {
    const { code, stdout, stderr } = await run('doctor/main.js').ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/^ok {6}/gm)).toHaveLength(24);
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
    expect(stdout).not.toMatch(/RecoveryConnect|CANARY/);
    expect(scollect.calls()).toEqual([
      '/getAlaccountdata',
      '/getAlpaymentdata',
      '/get_accounts_in_portfolio',
      '/get_lastpayinfo',
      '/getaccount/R1050',
      '/getattempts/R1050',
      '/getemails/R1050',
      '/getemailstats/R1050',
      '/getnotes/R1050',
      '/getpayments/R1050',
      '/getphones/R1050',
      '/getportfoliolist',
    ]);
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

  it('names what fails, and goes on', async () => {
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
});
