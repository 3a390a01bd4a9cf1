import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeRelease } from '../src/config/node-releases.ts';
import { readyTabs } from '../src/http/graphiql/ready-queries.ts';
import { securityHeaders } from '../src/http/steps/security-headers.ts';
import { createAgencyCalendar } from '../src/values/agency-calendar.ts';
import { startCorpusUpstream } from './support/corpus-upstream.ts';
import type { Reply } from './support/gateway.ts';
import { type Running, run } from './support/process.ts';
import { root } from './support/root.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { jwtSecret } from './support/token.ts';

const urlOf = (running: Running): Promise<string> => running.line(/^Recollect is ready at (\S+)$/m);

const ask = async (url: string, query: string): Promise<Omit<Reply, 'status'>> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Reply;
};

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const stop = async (running: Running, signal: NodeJS.Signals = 'SIGTERM') => {
  running.process.kill(signal);
  return running.ended;
};

describe('the gateway without settings', () => {
  it('starts the sandbox, says so, and answers as README shows', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const examples = [...readme.matchAll(/```graphql\n(.*?)```\s+```json\n(.*?)```/gs)];
    const gateway = run('main.js', { PORT: '0' });
    const url = await urlOf(gateway);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/graphql$/);
    expect(examples).toHaveLength(2);
    for (const [, query = '', answer = ''] of examples) {
      expect(await ask(url, query)).toEqual(JSON.parse(answer));
    }
    const { code, stdout, stderr } = await stop(gateway);
    expect(stdout).toContain('the embedded sandbox stands in for both systems');
    expect(stdout).toContain(readyTabs[0].query);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    // There is no moment at which these two have the same day.
    [
      { TZ: 'Pacific/Kiritimati', AGENCY_TIME_ZONE: 'Pacific/Pago_Pago' },
      'Pacific/Pago_Pago (AGENCY_TIME_ZONE).',
    ],
    [
      { TZ: 'Pacific/Pago_Pago', AGENCY_TIME_ZONE: 'Pacific/Kiritimati' },
      'Pacific/Kiritimati (AGENCY_TIME_ZONE).',
    ],
    [{ TZ: 'Pacific/Kiritimati' }, "Pacific/Kiritimati, the machine's (AGENCY_TIME_ZONE is not set)."],
  ])("%j: reports the time zone, and answers by the agency's day", async (env, reported) => {
    const gateway = run('main.js', { PORT: '0', ...env });
    const url = await urlOf(gateway);
    const timeZone = reported.split(/[ ,]/)[0] ?? '';
    const dayIn = () => createAgencyCalendar(timeZone).today();
    const before = dayIn();
    const { data } = await ask(
      url,
      '{ account(fileNumber: "R1001") { contactSummary { timeZone windowEnd callFrequency { windowEnd } } } }',
    );
    const { windowEnd } = data.account.contactSummary;
    expect(data.account.contactSummary).toEqual({ timeZone, windowEnd, callFrequency: { windowEnd } });
    expect([before, dayIn()]).toContain(windowEnd);
    const { stdout } = await stop(gateway);
    expect(stdout).toContain(`Time zone: ${reported}\n`);
  });

  it('does not start with an unknown time zone', async () => {
    const { code, stderr } = await run('main.js', { PORT: '0', AGENCY_TIME_ZONE: 'CANARY' }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(
      'AGENCY_TIME_ZONE: expected the IANA name of a time zone, as in America/New_York.',
    );
    expect(stderr).not.toContain('CANARY');
  });

  it('masks SSNs, unless its user asks for all scopes', async () => {
    const query = '{ account(fileNumber: "R1050") { borrower { ssn } } }';
    const masking = await urlOf(run('main.js', { PORT: '0' }));
    expect((await ask(masking, query)).data.account.borrower.ssn).toBe('***-**-3333');
    const showing = await urlOf(run('main.js', { PORT: '0', AUTH_DISABLED: 'true' }));
    expect((await ask(showing, query)).data.account.borrower.ssn).toBe('111-22-3333');
  });
});

describe('what the gateway writes to stdout', () => {
  it('has a line of the audit trail for each operation, among those of the log', async () => {
    const gateway = run('main.js', { PORT: '0', LOG_LEVEL: 'info' });
    const url = await urlOf(gateway);
    await ask(url, 'query Desk { account(fileNumber: "R1001") { status } }');
    const { stdout } = await stop(gateway);
    const lines = stdout
      .split('\n')
      .filter((line) => line.startsWith('{"'))
      .map((line) => JSON.parse(line));
    const time = expect.stringMatching(isoTime);
    expect(lines).toMatchObject([
      { audit: true, time, operation: 'Desk', records: ['Account:R1001'] },
      { level: 30, time, msg: 'stopping', requests: 0, milliseconds: 10_000 },
      { level: 30, time, msg: 'stopped', milliseconds: expect.any(Number) },
    ]);
  });

  it('does not repeat what an error says that ends it', async () => {
    const throwing = 'process.on("SIGUSR2",()=>{throw new RangeError("of 4242424242424242, swordfish")})';
    const gateway = run('main.js', {
      PORT: '0',
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwing)}`,
    });
    await urlOf(gateway);
    gateway.process.kill('SIGUSR2');
    const { code, stdout, stderr } = await gateway.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/"error":\{"name":"RangeError",.*"msg":"ended by an unexpected error"/);
    expect(stdout).not.toMatch(/42424242|swordfish/);
  });
});

describe('the gateway in production', () => {
  const production = { NODE_ENV: 'production', PORT: '0', AUTH_JWT_SECRET: jwtSecret };
  const linesOf = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

  const startProduction = async (env: Record<string, string> = {}) => {
    const { url: SCOLLECT_URL } = await startCorpusUpstream('scollect');
    const upstream = { SCOLLECT_URL, SCOLLECT_API_KEY: 'the key', SCOLLECT_PIN: 'the pin' };
    const STORE_URL = `file:${join(temporaryFolder(), 'gateway.db')}`;
    const gateway = run('main.js', { ...production, ...upstream, STORE_URL, ...env });
    const url = await urlOf(gateway);
    return { gateway, url, SCOLLECT_URL };
  };

  it.each(['info', 'silent'])(
    'writes nothing but lines of JSON, from the first one on (%s)',
    async (LOG_LEVEL) => {
      const warning = 'process.on("SIGUSR2",()=>process.emitWarning("of 4242424242424242, swordfish"))';
      const { gateway, url, SCOLLECT_URL } = await startProduction({
        LOG_LEVEL,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(warning)}`,
      });
      expect(await ask(url, '{ __typename }')).toMatchObject({ errors: [{}] });
      gateway.process.kill('SIGUSR2');
      if (LOG_LEVEL === 'info') await gateway.line(/^(a warning of Node)$/m);
      const { code, stdout, stderr } = await stop(gateway);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = linesOf(stdout);
      const messages = lines.filter(({ audit }) => !audit).map(({ msg }) => msg);
      expect(messages).toEqual(
        expect.arrayContaining([`Scollect: ${SCOLLECT_URL}`, `Recollect is ready at ${url}`]),
      );
      const ofLog = ['a warning of Node', 'stopping', 'stopped'];
      expect(messages.filter((message) => ofLog.includes(String(message)))).toEqual(
        LOG_LEVEL === 'info' ? ofLog : [],
      );
      for (const { time } of lines) expect(time).toMatch(isoTime);
      expect(stdout).not.toMatch(/42424242|swordfish|the key|the pin/);
    },
  );

  it('warns of a release of Node without security fixes, once', async () => {
    const { gateway } = await startProduction();
    const { stdout } = await stop(gateway);
    const warnings = linesOf(stdout).filter(({ level }) => level === 40);
    const { major: node, end: since, hasEnded } = nodeRelease(process.versions.node, new Date());
    expect(warnings).toEqual(
      hasEnded
        ? [expect.objectContaining({ node, since, msg: expect.stringMatching(/^this release of Node/) })]
        : [],
    );
  });

  it('reports a failed start as a line of JSON', async () => {
    const { code, stdout, stderr } = await run('main.js', { ...production, PORT: 'x' }).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(linesOf(stderr)).toEqual([
      {
        level: 60,
        time: expect.stringMatching(isoTime),
        problems: ['PORT: expected a whole number from 0 to 65535.'],
        msg: 'Recollect does not start.',
      },
    ]);
  });

  it('logs what ends it, without what it says', async () => {
    const throwing = 'process.on("SIGUSR2",()=>{throw new RangeError("of 4242424242424242, swordfish")})';
    const { gateway } = await startProduction({
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(throwing)}`,
    });
    gateway.process.kill('SIGUSR2');
    const { code, stdout, stderr } = await gateway.ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(linesOf(stdout).at(-1)).toMatchObject({ level: 50, msg: 'ended by an unexpected error' });
    expect(stdout).not.toMatch(/42424242|swordfish/);
  });

  it('writes for people if LOG_FORMAT says so', async () => {
    const { gateway, url } = await startProduction({ LOG_FORMAT: 'pretty', AUDIT_LOG: 'off' });
    const { stdout } = await stop(gateway);
    expect(stdout).toContain(`\nRecollect is ready at ${url}\n`);
    expect(stdout).toMatch(/^\d{4}-\S+Z INFO {2}stopping requests=0 milliseconds=10000$/m);
    expect(stdout).not.toContain('{"');
  });
});

describe('the ids of a gateway', () => {
  it('are the same after a restart', async () => {
    const STORE_URL = `file:${join(temporaryFolder(), 'gateway.db')}`;
    const idsOfOneRun = async (): Promise<unknown> => {
      const gateway = run('main.js', { PORT: '0', STORE_URL });
      const { data } = await ask(await urlOf(gateway), '{ account(fileNumber: "R1001") { phones { id } } }');
      await stop(gateway);
      return data.account.phones;
    };
    const ids = await idsOfOneRun();
    expect(ids).toContainEqual({ id: expect.any(String) });
    expect(await idsOfOneRun()).toEqual(ids);
  });
});

describe('the gateway with upstreams set', () => {
  const document = '{ account(fileNumber: "R1001") { status } order(orderId: "20") { caseNumber } }';

  it('talks to those and to nothing else', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const recoveryConnect = await startCorpusUpstream('recoveryconnect');
    const gateway = run('main.js', {
      PORT: '0',
      AUTH_DISABLED: 'true',
      SCOLLECT_URL: scollect.url,
      SCOLLECT_API_KEY: 'the key',
      SCOLLECT_PIN: 'the pin',
      RECOVERYCONNECT_URL: recoveryConnect.url,
      RECOVERYCONNECT_TOKEN: 'the-token',
    });
    const url = await urlOf(gateway);
    expect(await ask(url, document)).toEqual({
      data: { account: { status: 'Bankruptcy' }, order: { caseNumber: '1081-1' } },
    });
    expect(scollect.received.map(({ path, body }) => [path, body])).toEqual([
      ['/login', { apikey: 'the key', pin: 'the pin' }],
      ['/getaccount/R1001', undefined],
    ]);
    expect(recoveryConnect.received.map(({ path, headers }) => [path, headers['authorization']])).toEqual([
      ['/api/v150/recon/orders', 'Bearer the-token'],
    ]);
    const { code, stdout } = await stop(gateway, 'SIGINT');
    expect(code).toBe(0);
    expect(stdout).toContain(`Scollect: ${scollect.url}\nRecoveryConnect: ${recoveryConnect.url}\n`);
    expect(stdout).toMatch(/^AUTH_DISABLED: every caller on this machine sees everything\.$/m);
    expect(stdout).not.toMatch(/sandbox|the key|the pin|the-token/);
  });

  it('answers only requests that name this machine, since every caller sees everything', async () => {
    const url = new URL(await urlOf(run('main.js', { PORT: '0', AUTH_DISABLED: 'true' })));
    const statusFor = async (host: string) => {
      const [response] = (await once(get(url, { headers: { host } }), 'response')) as [IncomingMessage];
      response.resume();
      expect(response.headers).toMatchObject(securityHeaders);
      return response.statusCode;
    };
    expect(await statusFor(`localhost:${url.port}`)).not.toBe(403);
    expect(await statusFor('rebound.example.com')).toBe(403);
    expect(await statusFor('no host')).toBe(400);
  });

  it('serves one of them alone', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const credentials = { SCOLLECT_URL: scollect.url, SCOLLECT_API_KEY: 'k', SCOLLECT_PIN: 'p' };
    const url = await urlOf(run('main.js', { PORT: '0', AUTH_DISABLED: 'true', ...credentials }));
    expect(await ask(url, document)).toMatchObject({
      data: { account: { status: 'Bankruptcy' }, order: null },
      errors: [{ path: ['order'], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }],
    });
  });
});

describe('settings', () => {
  it('that cannot be used stop the start at once, named, their values unsaid', async () => {
    const env = { PORT: '0', AUTH_DISABLED: 'true', SCOLLECT_URL: 'https://CANARY', SCOLLECT_PIN: 'CANARY' };
    expect(await run('main.js', env).ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Recollect does not start.\nSCOLLECT_API_KEY: missing, although SCOLLECT_URL is set.\n',
    });
  });

  it('are read from a file .env too, which the environment overrides', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.env'), 'PORT=x\nLOG_LEVEL=x\n');
    const { code, stderr } = await run('main.js', { PORT: '0' }, folder).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^Recollect does not start\.\nLOG_LEVEL: expected one of [^\n]*\n$/),
    });
  });

  it('in a .env that cannot be read say so', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, '.env'));
    const { code, stderr } = await run('main.js', { PORT: '0' }, folder).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('\n.env: expected a file') });
  });

  it('that name a taken port say so', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void taken.close());
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await run('main.js', { PORT: String(port) }).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'Recollect does not start.\nPORT: taken by another process; expected a free one, or 0 to pick one.\n',
    });
  });
});
