import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { admitTenants } from '../../src/auth/admit-tenants.ts';
import type { Authenticate } from '../../src/auth/authentication.ts';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import { serve } from '../../src/http/server.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { silentLog, startGateway } from '../support/gateway.ts';
import { claimsWith, hmacToken, rsaKey, secondsFromNow, secret, startIssuer } from '../support/issuer.ts';

const mutation =
  'mutation { addNote(input: { fileNumber: "R1000", collectorName: "mall", body: "Test" }) { __typename } }';

const bySecret = createJwtAuthentication({ secret }, { log: silentLog });

/** A log, and all that is written to it. */
const logged = () => {
  const lines: unknown[] = [];
  const write = (...line: unknown[]) => lines.push(line);
  const log: Log = { info: write, warn: write, error: write };
  return { log, lines };
};

const start = async (authenticate: Authenticate = bySecret) => {
  const { log, lines } = logged();
  const scollect = await startCorpusUpstream('scollect');
  const recoveryConnect = await startCorpusUpstream('recoveryconnect');
  const started = await startGateway({ scollect, recoveryConnect, authenticate, log });
  return {
    ...started,
    lines,
    /** All that either system has received, log-ins too. */
    received: () => [...scollect.received, ...recoveryConnect.received],
    send: (token: string | undefined, body = JSON.stringify({ query: mutation })) =>
      started.gateway.fetch('http://gateway/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        body,
      }),
    get: (path: string, accept: string) =>
      started.gateway.fetch(`http://gateway${path}`, { headers: { accept } }),
  };
};

/** Sends a text over a connection of its own, and reads until the other side says no more. */
const exchange = async (port: number, sent: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  socket.write(sent);
  return text(socket);
};

const portOf = async ({ gateway }: Awaited<ReturnType<typeof start>>): Promise<number> => {
  const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.cut());
  return server.address.port;
};

const head = (...headers: readonly string[]): string =>
  ['POST /graphql HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers, '', ''].join(
    '\r\n',
  );

const expired = () => hmacToken(claimsWith({ sub: 'CANARY', exp: secondsFromNow(-60) }));
const forged = () => hmacToken(claimsWith({ sub: 'CANARY' }), { alg: 'HS256' }, 'x'.repeat(32));

describe('a request without a valid token', () => {
  it.each<readonly [string, () => string | undefined, string, string]>([
    ['none', () => undefined, 'Bearer', 'Authorization: expected Bearer and a token.'],
    [
      'an expired one',
      expired,
      'Bearer error="invalid_token"',
      'Authorization: expected a token that has not expired.',
    ],
    [
      'a forged one',
      forged,
      'Bearer error="invalid_token"',
      'Authorization: expected a token that this gateway can verify.',
    ],
  ])('is rejected, and nothing is sent: %s', async (_, token, challenge, message) => {
    const { send, received, lines } = await start();
    const response = await send(token());
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(received()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it.each<readonly [string, string, string]>([
    ['is no JSON', '{"query":', 'BAD_REQUEST'],
    ['is no GraphQL', '{"query":"{"}', 'GRAPHQL_PARSE_FAILED'],
    ['asks for nothing that there is', '{"query":"{ canary }"}', 'GRAPHQL_VALIDATION_FAILED'],
  ])('is rejected without a statement that its body %s', async (_, body, code) => {
    const { send } = await start();
    const errorsFor = async (token?: string) => {
      const { errors } = (await (await send(token, body)).json()) as { errors: { extensions: object }[] };
      return errors.map(({ extensions }) => extensions);
    };
    expect(await errorsFor(hmacToken())).toEqual([expect.objectContaining({ code })]);
    expect(await errorsFor()).toEqual([{ code: 'UNAUTHENTICATED' }]);
  });

  it('is answered before its body has arrived', async () => {
    const started = await start();
    const port = await portOf(started);
    const answer = await exchange(port, head('Content-Length: 1000', 'Connection: close'));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(started.received()).toEqual([]);
  });

  it('is also one with two Authorization headers', async () => {
    const started = await start();
    const port = await portOf(started);
    const body = JSON.stringify({ query: mutation });
    const good = `Authorization: Bearer ${hmacToken()}`;
    const rest = [`Content-Length: ${body.length}`, 'Connection: close'];
    expect(await exchange(port, head(good, ...rest) + body)).toMatch(/^HTTP\/1\.1 200 /);
    const sent = started.received().length;
    for (const other of [good, `Authorization: Bearer ${forged()}`, 'Authorization: Basic x']) {
      expect(await exchange(port, head(good, other, ...rest) + body)).toMatch(/^HTTP\/1\.1 401 /);
      expect(await exchange(port, head(other, good, ...rest) + body)).toMatch(/^HTTP\/1\.1 401 /);
    }
    expect(started.received()).toHaveLength(sent);
  });

  it('is rejected by GET too, except for the page of GraphiQL', async () => {
    const { get, received } = await start();
    const query = '/graphql?query={account(fileNumber:"R1000"){client}}';
    expect((await get(query, 'application/json')).status).toBe(401);
    const page = await get(query, 'text/html');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    // The page is large: shown whole if it were compared.
    expect((await page.text()).includes('<title>Recollect</title>')).toBe(true);
    expect(received()).toEqual([]);
  });

  it.each(['/health', '/ready'])('is admitted at %s', async (path) => {
    const { get } = await start();
    expect((await get(path, '*/*')).status).toBe(200);
  });
});

describe('a request with a valid token', () => {
  it('is executed with the upstreams of its tenant', async () => {
    const scollect = await startCorpusUpstream('scollect');
    const { query } = await startGateway({
      scollect,
      authenticate: bySecret,
      apiKeys: { alice: 'key-of-alice' },
    });
    const authorization = `Bearer ${hmacToken(claimsWith({ scope: 'accounts:read' }))}`;
    const { status } = await query('{ account(fileNumber: "R1000") { client } }', {}, { authorization });
    expect(status).toBe(200);
    expect(scollect.received[0]?.body).toMatchObject({ apikey: 'key-of-alice' });
  });

  it('does not reveal the token in responses, logs or calls', async () => {
    const scollect = await startCorpusUpstream('scollect', { getaccount: 'reset' });
    const { log, lines } = logged();
    const { query } = await startGateway({ scollect, authenticate: bySecret, log });
    const token = hmacToken(claimsWith({ scope: 'accounts:read', iat: 4711 }));
    const headers = { authorization: `Bearer ${token}`, 'x-recollect-trace': '1' };
    const reply = await query('{ account(fileNumber: "R1000") { client } }', {}, headers);
    expect(reply.errors).toHaveLength(1);
    const written = JSON.stringify([reply, lines, scollect.received]);
    for (const part of token.split('.').slice(1)) expect(written).not.toContain(part);
  });
});

describe('unavailable keys of the issuer', () => {
  it('are no fault of the caller: 503 with Retry-After', async () => {
    const { jwksUrl } = await startIssuer({ status: 500, json: {} });
    const { log, lines } = logged();
    const { send, received } = await start(createJwtAuthentication({ jwksUrl }, { log }));
    const token = rsaKey('one').token();
    const response = await send(token);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'The keys for verifying tokens are not available at the moment.',
          extensions: { code: 'AUTHENTICATION_UNAVAILABLE', retryAfter: 5 },
        },
      ],
    });
    expect(received()).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain(token.split('.')[1]);
  });
});

describe('an error in authentication', () => {
  it('admits nobody, and is only logged', async () => {
    const started = await start(() => {
      throw new Error('CANARY');
    });
    const port = await portOf(started);
    const body = JSON.stringify({ query: mutation });
    const answer = await exchange(port, head(`Content-Length: ${body.length}`, 'Connection: close') + body);
    expect(answer).toMatch(/^HTTP\/1\.1 500 .*"code":"INTERNAL_SERVER_ERROR","errorId":"/s);
    expect(answer).not.toMatch(/CANARY|node_modules/);
    expect(started.received()).toEqual([]);
    expect(started.lines).toEqual([[expect.objectContaining({ name: 'Error' }), 'unexpected error']]);
    expect(JSON.stringify(started.lines)).not.toContain('CANARY');
  });
});

describe('admitTenants', () => {
  const only = admitTenants(bySecret, (tenant) => tenant === 'acme');

  it.each<readonly [string, object, string]>([
    ['names none', {}, 'The token names no tenant.'],
    ['names another', { tenant: 'CANARY' }, 'The tenant that the token names is not served by this gateway.'],
    [
      'names one like it',
      { tenant: 'ACME' },
      'The tenant that the token names is not served by this gateway.',
    ],
  ])('rejects a caller whose token %s', async (_, claims, message) => {
    const { send, received } = await start(only);
    const response = await send(hmacToken(claimsWith({ ...claims })));
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code: 'FORBIDDEN' } }] });
    expect(received()).toEqual([]);
  });

  it('admits the configured tenants, and nobody without a token', async () => {
    const { send } = await start(only);
    expect((await send(hmacToken(claimsWith({ tenant: 'acme' })))).status).toBe(200);
    expect((await send(undefined)).status).toBe(401);
  });
});
