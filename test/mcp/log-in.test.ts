import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createJwtAuthentication } from '../../src/auth/jwt.ts';
import { readSettings } from '../../src/config/settings.ts';
import { startReport } from '../../src/http/startup-banner.ts';
import { startAudited } from '../support/audited.ts';
import { startAuthorizationServer } from '../support/authorization-server.ts';
import { noRateLimits, silentLog, startGateway } from '../support/gateway.ts';
import { claimsWith } from '../support/issuer.ts';
import { type Headers, startMcpBy, toolEntries } from '../support/mcp.ts';
import { serveRaw } from '../support/raw-http.ts';

const origin = 'https://recollect.example.com';
const issuer = 'https://id.example.com';
const rootPath = '/.well-known/oauth-protected-resource';
const metadataUrl = (path = '/mcp'): string => `${origin}${rootPath}${path}`;

/** All scopes that tools of the tests require. */
const toolScopes = ['accounts:read', 'accounts:write', 'orders:read', 'payments:write'];

interface Options {
  readonly path?: string;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly gateway?: NonNullable<Parameters<typeof startGateway>[0]>;
}

/** A gateway that clients know by another address, and its issuer. */
const startWithIssuer = async ({ path = '/mcp', entries = toolEntries, gateway = {} }: Options = {}) => {
  const server = await startAuthorizationServer(issuer);
  const resource = `${origin}${path}`;
  const { jwksUrl } = server;
  const authenticate = createJwtAuthentication({ jwksUrl }, { issuer, audience: resource, log: silentLog });
  const started = await startMcpBy(
    startAudited,
    { authenticate, ...gateway, access: { requiresToken: true, ...gateway.access } },
    { entries, logIn: { resource, issuer } },
  );
  const tokenWith = (scope: string, claims: object = {}): string =>
    server.key.token(claimsWith({ iss: issuer, aud: resource, scope, ...claims }));
  const bearer = (scope: string): Headers => ({ authorization: `Bearer ${tokenWith(scope)}` });
  /** Sends what is for the public addresses to the servers of the test. */
  const fetchPublic = (input: string | URL, init?: RequestInit): Promise<Response> => {
    const { origin: to, pathname, search } = new URL(input);
    const base = { [origin]: started.url, [issuer]: server.url }[to];
    if (base === undefined) throw new Error(`Expected no request to ${to}.`);
    return fetch(`${base}${pathname}${search}`, init);
  };
  return { ...started, server, resource, tokenWith, bearer, fetchPublic };
};

type Started = Awaited<ReturnType<typeof startWithIssuer>>;

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const callOf = (name: string, input: object, id = 1) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: input },
});
const readOrder = callOf('OrderById', { orderId: '57062885' });

/** Part of a client, which keeps what it is given, and follows the redirect as the browser of a user would. */
const createProvider = ({ fetchPublic }: Started) => {
  const kept: { verifier?: string; code?: string; client?: object; tokens?: object; asked: URL[] } = {
    asked: [],
  };
  const provider: OAuthClientProvider = {
    redirectUrl: 'http://localhost:1/callback',
    clientMetadata: { redirect_uris: ['http://localhost:1/callback'], client_name: 'assistant' },
    clientInformation: () => kept.client as ReturnType<OAuthClientProvider['clientInformation']>,
    saveClientInformation: (client) => {
      kept.client = client;
    },
    tokens: () => kept.tokens as ReturnType<OAuthClientProvider['tokens']>,
    saveTokens: (tokens) => {
      kept.tokens = tokens;
    },
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? '',
    redirectToAuthorization: async (url) => {
      kept.asked.push(url);
      const { headers } = await fetchPublic(url, { redirect: 'manual' });
      kept.code = new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
    },
  };
  return { provider, kept };
};

const connect = async (started: Started, { provider, kept }: ReturnType<typeof createProvider>) => {
  const open = () =>
    new StreamableHTTPClientTransport(new URL(started.resource), {
      authProvider: provider,
      fetch: started.fetchPublic,
    });
  const client = new Client({ name: 'assistant', version: '1.0.0' });
  const first = open();
  type Transport = Parameters<typeof client.connect>[0];
  await expect(client.connect(first as Transport)).rejects.toThrow('Unauthorized');
  await first.finishAuth(kept.code ?? '');
  const transport = open();
  await client.connect(transport as Transport);
  onTestFinished(() => client.close());
  return { client, transport };
};

describe.each(['/mcp', '/api/recollect/mcp'])('the client of the SDK, with the address %s', (path) => {
  it('finds the issuer, gets a token for the gateway by a code with PKCE, and uses tools', async () => {
    const started = await startWithIssuer({ path });
    const assistant = createProvider(started);
    const { client } = await connect(started, assistant);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(Object.keys(toolEntries));
    const [asked] = assistant.kept.asked;
    expect(asked?.searchParams.get('resource')).toBe(`${origin}${path}`);
    expect(started.server.issued).toEqual([toolScopes.join(' ')]);
  });
});

it('A client that lacks a scope of a tool gets a token with it, and keeps its others', async () => {
  const started = await startWithIssuer();
  const assistant = createProvider(started);
  const { client, transport } = await connect(started, assistant);
  const access = started.tokenWith('accounts:read');
  assistant.kept.tokens = { access_token: access, token_type: 'Bearer', issuer };
  const call = () => client.callTool({ name: 'OrderById', arguments: { orderId: '57062885' } });
  await expect(call()).rejects.toThrow('Unauthorized');
  await transport.finishAuth(assistant.kept.code ?? '');
  expect((await call()).structuredContent).toMatchObject({ data: { order: { orderId: '57062885' } } });
  expect(started.server.issued.at(-1)).toBe('accounts:read orders:read');
});

describe('the challenge of /mcp', () => {
  const challengeOf = (response: Response) => [response.status, response.headers.get('www-authenticate')];
  const parameters = `scope="${toolScopes.join(' ')}", resource_metadata="${metadataUrl()}"`;

  it('names the metadata and the scopes, and an error only for a token that was refused', async () => {
    const { post, tokenWith } = await startWithIssuer();
    expect(challengeOf(await post(ping))).toEqual([401, `Bearer ${parameters}`]);
    const invalid = `Bearer error="invalid_token", ${parameters}`;
    for (const token of ['x.y.z', tokenWith('', { aud: origin }), tokenWith('', { exp: 1 })]) {
      expect(challengeOf(await post(ping, { authorization: `Bearer ${token}` }))).toEqual([401, invalid]);
    }
  });

  it('is that of /graphql without metadata', async () => {
    const { gateway } = await startWithIssuer();
    const response = await gateway.fetch('http://gateway/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(challengeOf(response)).toEqual([401, 'Bearer']);
  });

  it('names the scopes that a call lacks, and those that the caller has', async () => {
    const { post, bearer, calls, lines, metrics } = await startWithIssuer();
    const response = await post(readOrder, bearer('accounts:read outcomes:resolve unknown'));
    const scope = 'scope="accounts:read orders:read"';
    expect(challengeOf(response)).toEqual([
      403,
      `Bearer error="insufficient_scope", ${scope}, resource_metadata="${metadataUrl()}"`,
    ]);
    expect(await response.json()).toMatchObject({ id: null, error: { data: { code: 'FORBIDDEN' } } });
    expect(calls()).toEqual([]);
    expect(lines()).toMatchObject([{ caller: 'alice', via: 'mcp', refused: 'FORBIDDEN' }]);
    expect(await metrics.read()).toContain('recollect_refusals_total{reason="forbidden"} 1');
  });

  it('is not that of a call with other faults, nor of a batch, which has one status', async () => {
    const { post, bearer } = await startWithIssuer();
    const reader = bearer('accounts:read');
    expect((await post(callOf('Unknown', {}), reader)).status).toBe(200);
    expect((await post(callOf('__proto__', {}), reader)).status).toBe(200);
    expect((await post({ ...readOrder, params: 1 }, reader)).status).toBe(200);
    expect((await post({ ...ping, method: 'tools/list' }, reader)).status).toBe(200);
    const batch = await post([readOrder, { ...ping, id: 2 }], reader);
    expect(batch.status).toBe(200);
    expect(await batch.json()).toContainEqual(
      expect.objectContaining({ result: expect.objectContaining({ isError: true }) }),
    );
  });

  it('asks for personal data only if a tool returns it, and no call fails without', async () => {
    const entries = { AccountByNumber: { personalData: true } };
    const { post, bearer } = await startWithIssuer({ entries });
    expect((await post(ping)).headers.get('www-authenticate')).toContain('scope="accounts:read pii:read"');
    const call = callOf('AccountByNumber', { fileNumber: 'R1001' });
    expect((await post(call, bearer('accounts:read'))).status).toBe(200);
  });
});

describe('the metadata of /mcp', () => {
  const document = {
    resource: `${origin}/mcp`,
    authorization_servers: [issuer],
    scopes_supported: toolScopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Recollect',
  };

  it.each([`${rootPath}/mcp`, rootPath])('is at %s, for everybody, and may be kept', async (path) => {
    const { url } = await startWithIssuer();
    const response = await fetch(`${url}${path}`);
    expect(await response.json()).toEqual(document);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    });
    const head = await fetch(`${url}${path}`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('is at the path of an address below a prefix', async () => {
    const { url } = await startWithIssuer({ path: '/api/mcp' });
    const statusOf = async (path: string) => (await fetch(`${url}${path}`)).status;
    expect(await statusOf(`${rootPath}/api/mcp`)).toBe(200);
    expect(await statusOf(`${rootPath}/mcp`)).toBe(404);
  });

  it.each([[[]], [['https://app.example.com']]])(
    'may be read by pages of any site, with pages of %j allowed elsewhere',
    async (corsOrigins) => {
      const access = { corsOrigins };
      const { url } = await startWithIssuer({ gateway: { access } });
      for (const from of ['https://any.example.org', 'https://app.example.com']) {
        const preflight = await fetch(`${url}${rootPath}/mcp`, {
          method: 'OPTIONS',
          headers: {
            origin: from,
            'access-control-request-method': 'GET',
            'access-control-request-headers': 'mcp-protocol-version',
          },
        });
        expect(preflight.status).toBe(204);
        expect(Object.fromEntries(preflight.headers)).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET',
          'access-control-allow-headers': '*',
        });
        const headers = {
          origin: from,
          'sec-fetch-site': 'cross-site',
          'mcp-protocol-version': '2025-11-25',
        };
        const response = await fetch(`${url}${rootPath}/mcp`, { headers });
        expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
      }
    },
  );

  it.each(['POST', 'DELETE'])('is not changed by %s', async (method) => {
    const { url } = await startWithIssuer();
    const response = await fetch(`${url}${rootPath}/mcp`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('follows the tools', async () => {
    const { url, persisted } = await startWithIssuer();
    persisted.documents = new Map();
    const read = await (await fetch(`${url}${rootPath}`)).json();
    const { scopes_supported: _, ...others } = document;
    expect(read).toEqual(others);
  });

  it('has a limit of requests', async () => {
    const access = { rateLimits: { ...noRateLimits, perAddress: 1 } };
    const { url } = await startWithIssuer({ gateway: { access } });
    expect((await fetch(`${url}${rootPath}`)).status).toBe(200);
    expect((await fetch(`${url}${rootPath}`)).status).toBe(429);
  });

  it('does not exist for callers without tokens, or with tokens of an issuer that is not known', async () => {
    const started = await startMcpBy(startGateway);
    for (const path of [rootPath, `${rootPath}/mcp`, '/.well-known/oauth-authorization-server/mcp']) {
      expect((await fetch(`${started.url}${path}`)).status).toBe(404);
    }
    const { url } = await startWithIssuer();
    expect((await fetch(`${url}/.well-known/oauth-authorization-server/mcp`)).status).toBe(404);
  });
});

describe('a request that lies about its host', () => {
  const evil = 'evil.example.org';

  it.each<readonly [string, Headers, string]>([
    ['Host', { host: evil }, ''],
    ['the target', { host: 'localhost' }, `http://${evil}`],
    ['X-Forwarded-Host', { host: 'localhost', 'x-forwarded-host': evil, 'x-forwarded-for': '1.2.3.4' }, ''],
    ['Forwarded', { host: 'localhost', forwarded: `host=${evil};proto=http` }, ''],
  ])('by %s changes no address', async (_, headers, before) => {
    const started = await startWithIssuer({ gateway: { access: { trustedProxies: 1 } } });
    const raw = await serveRaw(started);
    const found = await raw.send([], headers, { method: 'GET', path: `${before}${rootPath}/mcp` });
    expect(found.status).toBe(200);
    expect(JSON.parse(found.body)).toMatchObject({
      resource: `${origin}/mcp`,
      authorization_servers: [issuer],
    });
    const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const refused = await raw.send(
      [JSON.stringify(ping)],
      { ...headers, ...json },
      { method: 'POST', path: `${before}/mcp` },
    );
    expect(refused.status).toBe(401);
    expect(refused.headers.join('\n')).toContain(`resource_metadata="${metadataUrl()}"`);
    expect(JSON.stringify([found, refused])).not.toContain(evil);
  });
});

describe('the settings', () => {
  const all = {
    MCP: 'true',
    PERSISTED_DOCUMENTS: 'documents',
    MCP_TOOLS: 'tools.json',
    AUTH_JWKS_URL: 'https://id.example.com/jwks',
  };
  const read = (AUTH_AUDIENCE: string, AUTH_ISSUER: string | undefined = issuer) =>
    readSettings({ ...all, AUTH_AUDIENCE, AUTH_ISSUER }).mcp?.logIn;

  it('make the audience the address of /mcp, if it is one', () => {
    expect(read(`${origin}/mcp`)).toEqual({ resource: `${origin}/mcp`, issuer });
    expect(read('http://localhost:4000/mcp')).not.toBeNull();
    expect(read(`${origin}/api/mcp`, 'https://id.example.com/realms/a')).not.toBeNull();
  });

  it('are reported at the start', () => {
    const reportFor = (AUTH_AUDIENCE: string) =>
      startReport(readSettings({ ...all, AUTH_AUDIENCE, AUTH_ISSUER: issuer }));
    expect(reportFor(`${origin}/mcp`)).toContain(`MCP: tools at ${origin}/mcp; clients log in at the issuer`);
    expect(reportFor('recollect')).toContain('MCP: tools at /mcp');
  });

  // It may be a mere name, as some issuers have them.
  it.each(['recollect', origin, `${origin}/`, `${origin}/mcp-gateway`, 'api://recollect/mcp'])(
    'do not take %s for it',
    (audience) => expect(read(audience, undefined)).toBeNull(),
  );

  it.each([
    'http://recollect.example.com/mcp',
    `${origin}/mcp/`,
    `${origin}/mcp?a=CANARY`,
    `${origin}/mcp#CANARY`,
    'https://CANARY:secret@recollect.example.com/mcp',
    'https://CANARY.example.com/mcp',
    `${origin}:443/mcp`,
    `${origin}/a/../mcp`,
    `${origin}/a"b/mcp`,
    `${origin}/a b/mcp`,
  ])('stop the start with %s', (audience) => {
    expect(() => read(audience)).toThrow(/^AUTH_AUDIENCE: expected the URL of \/mcp as clients know it/);
    expect(() => read(audience)).not.toThrow('CANARY');
  });

  it.each([undefined, 'CANARY', 'http://id.example.com', `${issuer}/?a=CANARY`, `${issuer}/#CANARY`])(
    'stop the start with the issuer %s',
    (named) => {
      const start = () => readSettings({ ...all, AUTH_AUDIENCE: `${origin}/mcp`, AUTH_ISSUER: named });
      expect(start).toThrow(/^AUTH_ISSUER: expected the URL of the issuer/);
      expect(start).not.toThrow('CANARY');
    },
  );
});
