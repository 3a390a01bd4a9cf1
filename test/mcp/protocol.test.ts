import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { protocolVersions } from '../../src/http/mcp/protocol.ts';
import { callerWith } from '../support/caller.ts';
import { noRateLimits } from '../support/gateway.ts';
import { connectClient, startMcp } from '../support/mcp.ts';

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const account = { name: 'AccountByNumber', arguments: { fileNumber: 'R1001' } };
const callOf = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: account });

describe('/mcp, to the client of the SDK', () => {
  it('initializes without a session, and lists and calls tools', async () => {
    const { url } = await startMcp();
    const { client, transport } = await connectClient(url);
    expect(transport.sessionId).toBeUndefined();
    expect(client.getServerVersion()?.name).toBe('recollect');
    expect(client.getServerCapabilities()).toEqual({ tools: {} });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'AccountByNumber',
      'OrderById',
      'ChargeAccount',
      'AddNote',
    ]);
    // The client compares the result with the schema.
    const result = await client.callTool(account);
    expect(result.isError).toBeUndefined();
    expect(result.structuredContent).toMatchObject({ data: { account: { fileNumber: 'R1001' } } });
    await client.ping();
  });

  it.each(protocolVersions)('speaks the version %s', async (protocolVersion) => {
    const { post } = await startMcp();
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const response = await post({ jsonrpc: '2.0', id: 'a', method: 'initialize', params });
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toMatchObject({ id: 'a', result: { protocolVersion } });
    expect((await post(ping, { 'mcp-protocol-version': protocolVersion })).status).toBe(200);
  });

  it('needs no request before another: any process can receive each of them', async () => {
    const [first, second] = [await startMcp(), await startMcp()];
    const { client } = await connectClient(first.url);
    expect((await client.listTools()).tools).toHaveLength(4);
    expect(await second.call(account.name, account.arguments)).toMatchObject({
      result: { structuredContent: { data: { account: { fileNumber: 'R1001' } } } },
    });
  });
});

describe('/mcp', () => {
  it('does not exist unless it is set', async () => {
    const { url } = await startMcp();
    expect((await fetch(`${url}/elsewhere/mcp`, { method: 'PUT' })).status).toBe(405);
    const { startGateway } = await import('../support/gateway.ts');
    const { gateway } = await startGateway();
    expect((await gateway.fetch('http://gateway/mcp', { method: 'POST' })).status).toBe(404);
  });

  it.each(['GET', 'DELETE', 'PUT', 'HEAD'])(
    'answers 405 to %s: it has no streams and no sessions',
    async (method) => {
      const { url } = await startMcp();
      const response = await fetch(`${url}/mcp`, { method, headers: { accept: 'text/event-stream' } });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    },
  );

  it('answers 202 without a body to notifications and responses', async () => {
    const { post } = await startMcp();
    for (const message of [
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
      { jsonrpc: '2.0', id: 1, result: {} },
    ]) {
      const response = await post(message);
      expect([response.status, await response.text()]).toEqual([202, '']);
    }
  });

  it.each<readonly [string, unknown, number]>([
    ['no JSON', '{"jsonrpc": 912554418', -32_700],
    ['nothing', '', -32_700],
    ['a number', '1', -32_600],
    ['null', 'null', -32_600],
    ['no version', { id: 1, method: 'ping' }, -32_600],
    ['another version', { ...ping, jsonrpc: '1.0' }, -32_600],
    ['no method', { jsonrpc: '2.0', id: 1 }, -32_600],
    ['a method that is no text', { ...ping, method: 1 }, -32_600],
    ['an id that is null', { ...ping, id: null }, -32_600],
    ['an id that is an object', { ...ping, id: { a: '912-55-4418' } }, -32_600],
    ['an id that is a fraction', { ...ping, id: 1.5 }, -32_600],
    ['a long id', { ...ping, id: 'x'.repeat(300) }, -32_600],
    ['no messages', [], -32_600],
    ['two requests with one id', [ping, ping], -32_600],
    ['too many messages', Array.from({ length: 21 }, (_, id) => ({ ...ping, id })), -32_600],
    ['lists in lists', '['.repeat(100_000) + ']'.repeat(100_000), -32_600],
  ])('rejects %s, without repeating it', async (_, body, code) => {
    const { post } = await startMcp();
    const response = await post(body);
    const text = await response.text();
    expect(response.status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } });
    expect(text).not.toMatch(/912|xxx/);
  });

  it.each<readonly [string, string, unknown, number]>([
    ['an unknown method', 'tools/912554418', {}, -32_601],
    ['resources, which it has none of', 'resources/list', {}, -32_601],
    ['an initialize without a version', 'initialize', { a: 912554418 }, -32_602],
    ['an unknown tool', 'tools/call', { name: '912554418' }, -32_602],
    ['a document that is no tool', 'tools/call', { name: 'Hidden' }, -32_602],
    ['a name of objects', 'tools/call', { name: '__proto__' }, -32_602],
    ['a call of nothing', 'tools/call', undefined, -32_602],
    ['a call of a number', 'tools/call', { name: 912554418 }, -32_602],
  ])('answers with an error to %s', async (_, method, params, code) => {
    const { post, calls } = await startMcp();
    const text = await (await post({ jsonrpc: '2.0', id: 7, method, params })).text();
    expect(JSON.parse(text)).toMatchObject({ id: 7, error: { code } });
    expect(text).not.toContain('912554418');
    expect(calls()).toEqual([]);
  });

  it('answers batches of versions that have them, in one list', async () => {
    const { post } = await startMcp();
    const batch = [
      ping,
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
      callOf('b'),
    ];
    const replies = (await (await post(batch)).json()) as readonly object[];
    expect(replies).toHaveLength(2);
    expect(replies).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 1, result: {} },
        expect.objectContaining({
          id: 'b',
          result: expect.objectContaining({ structuredContent: expect.anything() }),
        }),
      ]),
    );
    const older = { 'mcp-protocol-version': '2025-03-26' };
    expect(await (await post([ping], older)).json()).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
  });

  it.each(['2025-06-18', '2025-11-25'])('rejects batches of %s, which has none', async (version) => {
    const { post } = await startMcp();
    expect((await post([ping], { 'mcp-protocol-version': version })).status).toBe(400);
  });

  it('counts each call of a batch for the rate limit', async () => {
    const { post } = await startMcp({ access: { rateLimits: { ...noRateLimits, perCaller: 2 } } });
    const replies = await (await post([callOf(1), callOf(2), callOf(3)])).json();
    const limited = (replies as readonly { readonly error?: object }[]).filter(({ error }) => error);
    expect(limited).toEqual([
      expect.objectContaining({
        error: expect.objectContaining({ data: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }),
      }),
    ]);
    const next = await post(ping);
    expect([next.status, Number(next.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await next.json()).toMatchObject({ id: null, error: { data: { code: 'RATE_LIMITED' } } });
  });

  it('rejects a version that it does not speak, without repeating it', async () => {
    const { post } = await startMcp();
    const response = await post(ping, { 'mcp-protocol-version': '912-55-4418' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('4418');
  });

  it('answers 401 with a challenge to callers without a valid token, and to no other path of theirs', async () => {
    const { post } = await startMcp({
      authenticate: ({ headers }) => {
        if (headers.get('authorization') === 'Bearer good') return callerWith(['accounts:read']);
        throw new UnauthenticatedError('Authorization: expected a token.', 'Bearer error="invalid_token"');
      },
    });
    const response = await post(callOf(1), { authorization: 'Bearer bad' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token"',
    ]);
    expect(await response.json()).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_000, data: { code: 'UNAUTHENTICATED' } },
    });
    expect((await post(callOf(1), { authorization: 'Bearer good' })).status).toBe(200);
  });

  it('is protected from pages of other sites, also where their host name leads to this machine', async () => {
    const { post, gateway, calls } = await startMcp({ loopbackOnly: true });
    expect((await post(callOf(1), { origin: 'https://evil.example.com' })).status).toBe(403);
    expect((await post(callOf(1), { origin: 'null' })).status).toBe(403);
    const rebound = await gateway.fetch('http://rebound.example.com/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'http://rebound.example.com' },
      body: JSON.stringify(callOf(1)),
    });
    expect(rebound.status).toBe(403);
    expect(calls()).toEqual([]);
  });

  it('is for this machine by its own names only, unless callers have tokens', async () => {
    const body = JSON.stringify(ping);
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const open = await startMcp();
    expect((await open.gateway.fetch('http://rebound.example.com/mcp', request)).status).toBe(403);
    expect((await open.gateway.fetch('http://[::1]:4000/mcp', request)).status).toBe(200);
    const { gateway } = await startMcp({ access: { requiresToken: true } });
    expect((await gateway.fetch('http://gateway.example.com/mcp', request)).status).toBe(200);
  });

  it('admits pages of allowed origins, with the header of the protocol', async () => {
    const origin = 'https://app.example.com';
    const { url, post } = await startMcp({ access: { corsOrigins: [origin] } });
    const preflight = await fetch(`${url}/mcp`, { method: 'OPTIONS', headers: { origin } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version');
    expect((await post(ping, { origin })).headers.get('access-control-allow-origin')).toBe(origin);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, number]>([
    ['another media type', { 'content-type': 'text/plain' }, 415],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
    ['a client that accepts no JSON', { accept: 'text/event-stream' }, 406],
    ['a client that accepts JSON alone', { accept: 'application/json' }, 200],
    ['a session of another server', { 'mcp-session-id': 'x' }, 200],
  ])('answers %s: %s with %i', async (_, headers, status) => {
    const { post } = await startMcp();
    expect((await post(ping, headers)).status).toBe(status);
  });
});
