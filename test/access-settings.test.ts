import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scopes } from '../src/operation/caller.ts';
import type { Reply } from './support/gateway.ts';
import { claimsWith, jwksOf, rsaKey, startIssuer } from './support/issuer.ts';
import { type Running, run } from './support/process.ts';
import { openRaw } from './support/raw-connection.ts';
import { temporaryFolder } from './support/temporary-folder.ts';
import { jwtSecret, tokenFor } from './support/token.ts';

// Each setting of access, on the gateway as its user starts it. Each check has tests of its own.

const scope = scopes.join(' ');
const token = { AUTH_JWT_SECRET: jwtSecret };

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` for none. */
  readonly bearer?: string | null;
  readonly body?: object;
}

const startWith = async (env: Readonly<Record<string, string>>, cwd = temporaryFolder()) => {
  const gateway = run('main.js', { PORT: '0', LOG_LEVEL: 'warn', ...env }, cwd);
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  const post = async (query: string, { headers = {}, bearer, body = {} }: Sent = {}) => {
    const authorization = bearer === null ? undefined : `Bearer ${bearer ?? tokenFor({ scope })}`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }), ...headers },
      body: JSON.stringify({ query: query === '' ? undefined : query, ...body }),
    });
    return { response, reply: (await response.json()) as Omit<Reply, 'status'> };
  };
  const codesFor = async (query: string, sent?: Sent) => {
    const { response, reply } = await post(query, sent);
    return [response.status, ...(reply.errors ?? []).map(({ extensions }) => extensions?.['code'])];
  };
  return { gateway, url, post, codesFor };
};

const refusalOf = async (running: Running): Promise<string> => {
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return stderr;
};

const account = '{ account(fileNumber: "R1001") { fileNumber } }';

describe('the gateway with authentication', () => {
  it('admits by a shared secret, states it at start, and returns what the scopes of a token permit', async () => {
    const { post, codesFor, gateway } = await startWith({
      ...token,
      AUTH_ISSUER: 'me',
      AUTH_AUDIENCE: 'you',
    });
    const claims = { iss: 'me', aud: 'you' };
    const { reply } = await post(account, { bearer: tokenFor({ ...claims, scope: 'accounts:read' }) });
    expect(reply).toEqual({ data: { account: { fileNumber: 'R1001' } } });
    expect(await codesFor(account, { bearer: tokenFor({ ...claims, scope: 'orders:read' }) })).toEqual([
      200,
      'FORBIDDEN',
    ]);
    for (const bearer of [
      null,
      tokenFor({ scope }),
      tokenFor({ ...claims, iss: 'them', scope }),
      tokenFor({ ...claims, aud: 'them', scope }),
      tokenFor({ ...claims, scope }, `${jwtSecret}!`),
      tokenFor({ ...claims, scope, exp: Math.floor(Date.now() / 1000) - 60 }),
    ]) {
      expect(await codesFor(account, { bearer })).toEqual([401, 'UNAUTHENTICATED']);
    }
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).stdout).toContain('Callers: by JSON Web Tokens, HS256.');
  });

  it('does not look for a tenant where there are no tenants', async () => {
    const { codesFor } = await startWith(token);
    expect(await codesFor(account, { bearer: tokenFor({ scope, tenant: ['of another kind'] }) })).toEqual([
      200,
    ]);
  });

  it('admits by the keys of an issuer, and warns without an audience', async () => {
    const key = rsaKey('one');
    const issuer = await startIssuer(jwksOf(key.jwk));
    const { codesFor, gateway } = await startWith({ AUTH_JWKS_URL: issuer.jwksUrl });
    expect(await codesFor(account, { bearer: key.token(claimsWith({ scope })) })).toEqual([200]);
    expect(await codesFor(account, { bearer: rsaKey('one').token(claimsWith({ scope })) })).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
    expect(issuer.fetches()).toBe(1);
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).stdout).toContain('AUTH_AUDIENCE is not set');
  });

  it('tolerates the configured clock skew', async () => {
    const justEnded = { exp: Math.floor(Date.now() / 1000) - 20, scope };
    const { codesFor } = await startWith({ ...token, AUTH_CLOCK_SKEW_SECONDS: '60' });
    expect(await codesFor(account, { bearer: tokenFor(justEnded) })).toEqual([200]);
  });
});

describe('limits', () => {
  it('apply to each caller, with Retry-After in seconds', async () => {
    const { post, codesFor } = await startWith({ ...token, RATE_LIMIT_PER_CALLER: '3' });
    for (let n = 0; n < 3; n += 1) expect(await codesFor('{ __typename }')).toEqual([200]);
    const { response, reply } = await post('{ __typename }');
    expect(response.status).toBe(429);
    expect(reply.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    expect(Number(response.headers.get('retry-after'))).toBe(reply.errors?.[0]?.extensions?.['retryAfter']);
    const bob = tokenFor({ sub: 'bob', scope });
    expect(await codesFor('{ __typename }', { bearer: bob })).toEqual([200]);
  });

  it('apply to each address, which a trusted proxy states', async () => {
    const limits = { RATE_LIMIT_PER_ADDRESS: '1', RATE_LIMIT_FAILED_AUTH: '0' };
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const trusting = await startWith({ ...token, ...limits, TRUSTED_PROXIES: '1' });
    expect(await trusting.codesFor('{ __typename }', from('192.0.2.1'))).toEqual([200]);
    expect(await trusting.codesFor('{ __typename }', from('192.0.2.2'))).toEqual([200]);
    expect(await trusting.codesFor('{ __typename }', from('198.51.100.7, 192.0.2.1'))).toEqual([
      429,
      'RATE_LIMITED',
    ]);
    const plain = await startWith({ ...token, ...limits });
    expect(await plain.codesFor('{ __typename }', from('192.0.2.1'))).toEqual([200]);
    expect(await plain.codesFor('{ __typename }', from('192.0.2.2'))).toEqual([429, 'RATE_LIMITED']);
    for (const [{ gateway }, warnings] of [
      [trusting, 0],
      [plain, 1],
    ] as const) {
      gateway.process.kill('SIGTERM');
      const { stdout } = await gateway.ended;
      expect(stdout.match(/TRUSTED_PROXIES is 0/g) ?? []).toHaveLength(warnings);
    }
  });

  it('reject no caller with a valid token for requests without one behind a proxy', async () => {
    const { codesFor } = await startWith({
      ...token,
      RATE_LIMIT_PER_ADDRESS: '3',
      RATE_LIMIT_FAILED_AUTH: '2',
    });
    for (let n = 0; n < 10; n += 1) {
      expect(await codesFor('{ __typename }', { bearer: null })).toEqual([401, 'UNAUTHENTICATED']);
    }
    for (let n = 0; n < 2; n += 1) await codesFor('{ __typename }', { bearer: 'bad' });
    expect(await codesFor('{ __typename }', { bearer: 'bad' })).toEqual([429, 'RATE_LIMITED']);
    expect(await codesFor('{ __typename }')).toEqual([200]);
    expect(await codesFor('{ __typename }', { bearer: tokenFor({ sub: 'bob', scope }) })).toEqual([200]);
  });

  it('apply to invalid tokens, so that nobody can guess one', async () => {
    const { codesFor } = await startWith({ ...token, RATE_LIMIT_FAILED_AUTH: '2' });
    for (let n = 0; n < 2; n += 1) {
      expect(await codesFor('{ __typename }', { bearer: `bad${n}` })).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect(await codesFor('{ __typename }', { bearer: 'bad' })).toEqual([429, 'RATE_LIMITED']);
  });

  it('hold an operation to so many calls', async () => {
    const { post } = await startWith({ MAX_UPSTREAM_CALLS: '2' });
    const two = await post('{ account(fileNumber: "R1001") { status phones { number } } }');
    expect(two.reply.errors).toBeUndefined();
    const three = await post(
      '{ account(fileNumber: "R1001") { status phones { number } notes { totalCount } } }',
      {
        headers: { 'x-recollect-trace': '1' },
      },
    );
    expect(three.reply.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
    expect(three.reply.extensions?.['upstream'] ?? []).toEqual([]);
  });
});

describe('settings for browsers and proxies', () => {
  it('are open to the sites that are named, and to no others', async () => {
    const { url, codesFor } = await startWith({ CORS_ORIGINS: 'https://app.example.com' });
    const preflight = async (origin: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      });
    const allowed = (await preflight('https://app.example.com')).headers;
    expect(allowed.get('access-control-allow-origin')).toBe('https://app.example.com');
    const refused = (await preflight('https://evil.example.com')).headers;
    expect(refused.get('access-control-allow-origin')).not.toBe('https://evil.example.com');
    expect(await codesFor('{ __typename }', { headers: { origin: 'https://app.example.com' } })).toEqual([
      200,
    ]);
    expect(await codesFor('{ __typename }', { headers: { origin: 'https://evil.example.com' } })).toEqual([
      403,
      'FORBIDDEN',
    ]);
  });

  it('hide the schema and GraphiQL if configured', async () => {
    const { url, codesFor } = await startWith({ INTROSPECTION: 'false', GRAPHIQL: 'false' });
    const [status, code] = await codesFor('{ __schema { queryType { name } } }');
    expect({ status: Number(status) < 500, code }).toEqual({ status: true, code: expect.any(String) });
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-type') ?? '').not.toContain('text/html');
  });
});

describe('connections of clients', () => {
  it('are kept and limited as set, and counted', async () => {
    const { url } = await startWith({ KEEP_ALIVE_TIMEOUT_MS: '9000', MAX_CONNECTIONS: '2' });
    const open = () => openRaw(Number(new URL(url).port));
    const [one] = [await open(), await open()];
    const metrics = async (count: number): Promise<string> => {
      one.socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
      const response = (await one.responses(count)).at(-1);
      expect(response?.headers['keep-alive']).toBe('timeout=9');
      return response?.body ?? '';
    };
    expect(await metrics(1)).toMatch(/^recollect_connections 2$/m);
    const three = await open();
    await three.closed;
    const text = await metrics(2);
    expect(text).toMatch(/^recollect_connections 2$/m);
    expect(text).toMatch(/^recollect_connections_dropped_total 1$/m);
  });
});

describe('trusted documents', () => {
  const hash = createHash('sha256').update(account).digest('hex');
  const manifest = (path: string): string => {
    const file = join(path, 'documents.json');
    writeFileSync(file, JSON.stringify({ [hash]: account }));
    return file;
  };

  it('are executed by their hash, and nothing else is if configured', async () => {
    const path = temporaryFolder();
    const PERSISTED_DOCUMENTS = manifest(path);
    const only = await startWith({ PERSISTED_DOCUMENTS, PERSISTED_DOCUMENTS_ONLY: 'true' }, path);
    const byHash = await only.post('', { body: { documentId: `sha256:${hash}` } });
    expect(byHash.reply).toEqual({ data: { account: { fileNumber: 'R1001' } } });
    expect((await only.post(account)).reply).not.toHaveProperty('data');
    const both = await startWith({ PERSISTED_DOCUMENTS }, path);
    expect((await both.post('', { body: { documentId: hash } })).reply).toEqual(byHash.reply);
    expect((await both.post(account)).reply).toEqual(byHash.reply);
  });

  it('are read again on SIGHUP, which ends nothing', async () => {
    const path = temporaryFolder();
    const PERSISTED_DOCUMENTS = manifest(path);
    const env = { PERSISTED_DOCUMENTS, PERSISTED_DOCUMENTS_ONLY: 'true', LOG_LEVEL: 'info' };
    const { post, gateway } = await startWith(env, path);
    writeFileSync(PERSISTED_DOCUMENTS, '{ no JSON');
    gateway.process.kill('SIGHUP');
    await gateway.line(/(the trusted documents cannot be read: the present ones remain)/);
    expect((await post('', { body: { documentId: hash } })).reply).toHaveProperty('data.account');
    writeFileSync(PERSISTED_DOCUMENTS, JSON.stringify({ [hash]: account, more: '{ portfolios { name } }' }));
    gateway.process.kill('SIGHUP');
    await gateway.line(/(the trusted documents were read again)/);
    expect((await post('', { body: { documentId: 'more' } })).reply).toHaveProperty('data.portfolios');
  });

  it('that cannot be used stop the start', async () => {
    const path = temporaryFolder();
    const file = join(path, 'documents.json');
    for (const text of [
      undefined,
      'no JSON',
      JSON.stringify({ [hash]: '{ nothing }' }),
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }),
    ]) {
      if (text !== undefined) writeFileSync(file, text);
      const stderr = await refusalOf(run('main.js', { PORT: '0', PERSISTED_DOCUMENTS: file }, path));
      expect(stderr).toMatch(
        /^Recollect does not start\.\nPERSISTED_DOCUMENTS: path 1 of 1: (?:expected|version:|document 1 of 1)/,
      );
    }
  });
});

describe('the audit trail', () => {
  it('goes to a file of its owner, or is off, and stops the start where it cannot be written', async () => {
    const path = temporaryFolder();
    const AUDIT_LOG = join(path, 'audit', 'trail.jsonl');
    const { post, gateway } = await startWith({ ...token, AUDIT_LOG }, path);
    await post(account);
    const [line = ''] = readFileSync(AUDIT_LOG, 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({ audit: true, caller: 'alice', records: ['Account:R1001'] });
    expect(statSync(AUDIT_LOG).mode & 0o777).toBe(0o600);
    gateway.process.kill('SIGTERM');
    expect((await gateway.ended).stdout).not.toContain('"audit"');

    const off = await startWith({ AUDIT_LOG: 'off' });
    await off.post(account);
    off.gateway.process.kill('SIGTERM');
    expect((await off.gateway.ended).stdout).not.toContain('"audit"');

    const stderr = await refusalOf(run('main.js', { PORT: '0', AUDIT_LOG: path }, path));
    expect(stderr).toMatch(/^Recollect does not start\.\nAUDIT_LOG: expected [^\n]*EISDIR\.\n$/);
  });
});

describe('credentials of tenants', () => {
  it('that cannot be read stop the start, their values unsaid', async () => {
    const path = temporaryFolder();
    const file = join(path, 'credentials.json');
    writeFileSync(file, JSON.stringify({ tenants: { acme: { scollect: { apiKey: 'CANARY' } } } }), {
      mode: 0o600,
    });
    const stderr = await refusalOf(run('main.js', { PORT: '0', CREDENTIALS_FILE: file, ...token }, path));
    expect(stderr).toMatch(
      /^Recollect does not start\.\nCREDENTIALS_FILE: tenants\.acme\.scollect\.url: expected/,
    );
    expect(stderr).not.toContain('CANARY');
  });
});
