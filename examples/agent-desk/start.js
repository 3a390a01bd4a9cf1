// `npm run example`: starts the sandbox, a gateway and the desk.
import { execFileSync, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveDesk } from './server.js';

const desk = fileURLToPath(new URL('.', import.meta.url));
const programs = fileURLToPath(new URL('../../dist/', import.meta.url));
const port = Number(process.env['DESK_PORT'] ?? 4200);

/** What a collector may do. `pii:read` is missing: personal data is masked. */
const scopes =
  process.env['DESK_SCOPES'] ?? 'accounts:read accounts:write orders:read payments:read payments:write';

const say = (text) => process.stdout.write(`${text}\n`);

const npm = (...words) => execFileSync('npm', words, { cwd: desk, stdio: ['ignore', 'ignore', 'inherit'] });

const buildDesk = () => {
  if (!existsSync(join(desk, 'node_modules/vite'))) {
    say('Installing the packages of the desk …');
    npm('ci', '--no-audit', '--no-fund');
  }
  npm('exec', '--', 'vite', 'build', '--logLevel', 'warn');
};

const children = [];
const folder = mkdtempSync(join(tmpdir(), 'agent-desk-'));

const stop = () => {
  for (const child of children) child.kill('SIGTERM');
};

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** Starts a program of the gateway in a folder of its own, and waits for a line on its stdout. */
const start = (program, env, pattern) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(programs, program)], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
      const found = pattern.exec(printed);
      if (found) resolve(found);
    });
    child.on('exit', (code) => {
      reject(new Error(`dist/${program} ended with ${code}.`));
      stop();
      process.exitCode = code ?? 1;
    });
  });

const upstreamNames = [
  'SCOLLECT_URL',
  'SCOLLECT_API_KEY',
  'SCOLLECT_PIN',
  'RECOVERYCONNECT_URL',
  'RECOVERYCONNECT_USERNAME',
  'RECOVERYCONNECT_PASSWORD',
];

/** The settings of a sandbox that runs already, if the environment has them, or else of a new one. */
const upstreams = async () => {
  if (process.env['SCOLLECT_URL'] !== undefined) {
    return Object.fromEntries(upstreamNames.map((name) => [name, process.env[name] ?? '']));
  }
  const [printed] = await start(
    'sandbox/main.js',
    {},
    /^ {2}SCOLLECT_URL=[\s\S]*^ {2}RECOVERYCONNECT_PASSWORD=.*$/m,
  );
  return Object.fromEntries(printed.split('\n').map((line) => line.trim().split(/=(.*)/s).slice(0, 2)));
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const sessionHours = 12;

/** A token as an identity provider issues it for an agent. The desk's server sends it; no page ever has it. */
const tokenFor = (secret) => {
  const claims = { sub: 'agent', scope: scopes, exp: Math.floor(Date.now() / 1000) + sessionHours * 3600 };
  const content = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

/** The session of the only agent: it begins again whenever the page is loaded. */
const sessionWith = (secret) => ({
  token: tokenFor(secret),
  signIn() {
    this.token = tokenFor(secret);
  },
});

const startGateway = async (secret) => {
  const env = {
    ...(await upstreams()),
    PORT: '0',
    AUTH_JWT_SECRET: secret,
    TRUSTED_PROXIES: '1',
    // Only the documents of the desk are executed.
    PERSISTED_DOCUMENTS: join(desk, 'generated/persisted-documents.json'),
    PERSISTED_DOCUMENTS_ONLY: 'true',
    GRAPHIQL: 'false',
    INTROSPECTION: 'false',
    AUDIT_LOG: 'off',
    LOG_LEVEL: 'warn',
    ...(process.env['AGENCY_TIME_ZONE'] && { AGENCY_TIME_ZONE: process.env['AGENCY_TIME_ZONE'] }),
  };
  const [, url] = await start('main.js', env, /^Recollect is ready at (\S+)$/m);
  return { url, sandbox: env.SCOLLECT_URL };
};

const fault = (sandbox, operation, kind) =>
  `curl -X PUT ${sandbox}/_sandbox/faults -d '[{"operation":"${operation}","fault":"${kind}","times":1}]'`;

const introduction = (url, gateway, sandbox) => `
The gateway is at ${gateway}
The agent desk is ready at ${url}

  R3012   an account with everything: phones, notes, attempts, payments, an order with its collateral
  R1166   an account whose order has two people
  R1001   a bankruptcy
  #57062885   an order, by its number in RecoveryConnect

To see what a payment can come to, switch the outcome of the next one, then run a payment:

  ${fault(sandbox, 'run_payment_external', 'decline')}
  ${fault(sandbox, 'run_payment_external', 'lose-answer')}

To see one system down, and up again:

  curl -X PUT ${sandbox}/_sandbox/faults -d '[{"operation":"*","system":"RECOVERY_CONNECT","fault":"unavailable"}]'
  curl -X DELETE ${sandbox}/_sandbox/faults
`;

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    // The gateway closes its ledger first, which is in the folder.
    const ended = children.filter(({ exitCode }) => exitCode === null).map((child) => once(child, 'exit'));
    stop();
    await Promise.all(ended);
    process.exit(0);
  });
}

try {
  buildDesk();
  const secret = process.env['AUTH_JWT_SECRET'] ?? randomBytes(32).toString('base64');
  const { url: gateway, sandbox } = await startGateway(secret);
  const { url } = await serveDesk({ gateway, session: sessionWith(secret), port });
  say(introduction(url, gateway, sandbox));
} catch (error) {
  process.stderr.write(
    `The example does not start: ${error instanceof Error ? error.message : 'unknown error'}\n`,
  );
  stop();
  process.exitCode = 1;
}
