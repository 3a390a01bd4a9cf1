import { readFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { UnauthenticatedError } from '../../src/auth/authentication.ts';
import { serve } from '../../src/http/server.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { Polls } from '../../src/updates/polls.ts';
import { callerWith } from '../support/caller.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { nginxFiles, type RunningNginx, startNginx } from '../support/deploy/nginx.ts';
import { programAt } from '../support/deploy/programs.ts';
import { startGateway } from '../support/gateway.ts';
import { openTestMcp } from '../support/mcp.ts';
import { root } from '../support/root.ts';
import { type Answer, type LocalUpstream, startUpstream } from '../support/upstream.ts';

type Options = NonNullable<Parameters<typeof startGateway>[0]>;

const nginx = programAt('nginx', 'the tests of deploy/nginx');

const host = 'recollect.example.com';

const portOf = ({ url }: LocalUpstream): number => Number(new URL(url).port);

/** Starts nginx before two stand-ins for gateways. */
const startBefore = async (
  answers: readonly [Answer, Answer],
  file: (typeof nginxFiles)[number] = 'recollect.conf',
) => {
  const gateways = await Promise.all(answers.map((answer) => startUpstream(() => answer)));
  const proxy = await startNginx(nginx ?? '', gateways.map(portOf), file);
  return { proxy, received: () => gateways.flatMap((gateway) => gateway.received) };
};

const openClient = ({ url, ca }: RunningNginx): Client => {
  const client = new Client(url, { connect: { ca, servername: host } });
  onTestFinished(() => client.destroy());
  return client;
};

const send = async (
  proxy: RunningNginx,
  path: string,
  body: string | null = null,
  headers: Record<string, string> = {},
) => {
  const client = openClient(proxy);
  const method = body === null ? 'GET' : 'POST';
  const response = await client.request({
    method,
    path,
    body,
    headers: { host, 'content-type': 'application/json', ...headers },
  });
  return { status: response.statusCode, text: await response.body.text() };
};

const ok: Answer = { json: { data: {} } };

/** Waits until nginx has written so many lines: it does so after the response. */
const linesOf = async ({ log }: RunningNginx, count: number): Promise<string[]> => {
  for (;;) {
    const lines = log('recollect.log').split('\n').slice(0, -1);
    if (lines.length >= count) return lines;
    await new Promise(setImmediate);
  }
};

describe.skipIf(nginx === undefined)('deploy/nginx/recollect.conf', () => {
  it.each(['/', '/metrics', '/ready', '/health', '/metrics/', '//metrics', '/graphql/..%2fmetrics'])(
    'closes %s',
    async (path) => {
      const { proxy, received } = await startBefore([ok, ok]);
      expect((await send(proxy, path)).status).toBe(404);
      expect(received()).toEqual([]);
    },
  );

  it('sends the address of the client, whatever the client says', async () => {
    const { proxy, received } = await startBefore([ok, ok]);
    const forged = {
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'forged.example.com',
      'x-forwarded-proto': 'http',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-request-id': 'forged',
    };
    await send(proxy, '/graphql', '{}', forged);
    const { headers } = received()[0] ?? { headers: {} };
    expect(headers).toMatchObject({
      host,
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': host,
      'x-forwarded-proto': 'https',
      'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(headers).not.toHaveProperty('x-real-ip');
    expect(headers).not.toHaveProperty('forwarded');
  });

  it('admits bodies of the size that the gateway admits', async () => {
    const { proxy, received } = await startBefore([ok, ok]);
    const bodyOf = (bytes: number) => JSON.stringify('x'.repeat(bytes - 2));
    expect((await send(proxy, '/graphql', bodyOf(1_000_000))).status).toBe(200);
    expect(received()).toHaveLength(1);
    expect((await send(proxy, '/graphql', bodyOf(1_000_001))).status).toBe(413);
    expect(received()).toHaveLength(1);
  });

  it('serves HTTP/2', async () => {
    const { proxy } = await startBefore([ok, ok]);
    const session = connectHttp2(`https://127.0.0.1:${proxy.port}`, { ca: proxy.ca, servername: host });
    onTestFinished(() => session.close());
    const stream = session.request({ ':method': 'POST', ':path': '/graphql', ':authority': host });
    stream.end('{}');
    expect(await text(stream)).toBe('{"data":{}}');
    expect(session.alpnProtocol).toBe('h2');
  });

  it('never repeats a POST that was sent: it may have charged', async () => {
    const { proxy, received } = await startBefore(['reset', 'reset']);
    expect((await send(proxy, '/graphql', '{}')).status).toBe(502);
    expect(received()).toHaveLength(1);
  });

  it('sends a POST to the other gateway if the first refuses the connection', async () => {
    const gateway = await startUpstream(() => ok);
    const proxy = await startNginx(nginx ?? '', [1, portOf(gateway)]);
    for (let sent = 0; sent < 4; sent += 1) {
      expect((await send(proxy, '/graphql', '{}')).status).toBe(200);
    }
    expect(gateway.received).toHaveLength(4);
  });

  it('logs neither address, query, body nor token, also for failures', async () => {
    const { proxy } = await startBefore(['reset', 'reset']);
    const canary = 'canary-4111111111111111';
    const token = {
      authorization: `Bearer ${canary}`,
      cookie: canary,
      referer: canary,
      'user-agent': canary,
    };
    await send(proxy, `/graphql?query=${canary}`, null, token);
    await send(proxy, `/${canary}`, null, token);
    await send(proxy, '/graphql', JSON.stringify(canary), token);
    await send(proxy, '/graphql', JSON.stringify(canary.repeat(100_000)), token);
    const lines = await linesOf(proxy, 4);
    expect(lines).toHaveLength(4);
    expect(lines[2]).toMatch(/^\S+ 127\.0\.0\.1 POST HTTP\/1\.1 502 \d+ [\d.]+ 127\.0\.0\.1:\d+ 502 /);
    expect(lines.join('\n') + proxy.log('recollect-error.log')).not.toContain('canary');
  });
});

const metadata = '/.well-known/oauth-protected-resource';

/** Starts nginx before a gateway, and returns what sends requests through it. */
const startBeforeGateway = async (file: (typeof nginxFiles)[number], options: Options) => {
  const { gateway } = await startGateway(options);
  const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
  onTestFinished(() => server.cut());
  const { port } = server.address;
  const proxy = await startNginx(nginx ?? '', [port, port], file);
  // Each over a connection of its own, which an open response does not hold up.
  const ask = (path: string, message: object | null, headers: Record<string, string> = {}) =>
    openClient(proxy).request({
      method: message ? 'POST' : 'GET',
      path,
      headers: { host, 'content-type': 'application/json', ...headers },
      body: message && JSON.stringify(message),
    });
  return { ask };
};

describe.skipIf(nginx === undefined).each(nginxFiles)('deploy/nginx/%s', (file) => {
  it('passes on operations, tools and their metadata, and nothing else', async () => {
    const gateway = await startUpstream(() => ok);
    const proxy = await startNginx(nginx ?? '', [portOf(gateway), portOf(gateway)], file);
    const open = ['/graphql', '/mcp', `${metadata}/mcp`, metadata];
    for (const path of open) expect((await send(proxy, path)).status).toBe(200);
    const closed = [
      '/mcp/',
      '/mcp/metrics',
      '/x/mcp',
      '/metrics',
      '/.well-known/',
      `${metadata}/`,
      `${metadata}/x`,
    ];
    for (const path of closed) expect((await send(proxy, path)).status).toBe(404);
    expect(gateway.received.map(({ path }) => path)).toEqual(open);
  });

  it('never repeats the call of a tool that was sent: it may have charged', async () => {
    const { proxy, received } = await startBefore(['reset', 'reset'], file);
    expect((await send(proxy, '/mcp', '{}')).status).toBe(502);
    expect(received()).toHaveLength(1);
  });

  it('leads clients of tools to the issuer, and passes on their calls', async () => {
    const logIn = { resource: `https://${host}/mcp`, issuer: 'https://id.example.com' };
    const { mcp } = await openTestMcp({ logIn });
    const { ask } = await startBeforeGateway(file, {
      mcp,
      authenticate: ({ headers }) => {
        if (headers.get('authorization') === 'Bearer good') return callerWith(['accounts:read']);
        throw new UnauthenticatedError('Authorization: expected a token.');
      },
      access: { requiresToken: true, trustedProxies: 1 },
    });
    const params = { name: 'AccountByNumber', arguments: { fileNumber: 'R1' } };
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params };
    const accept = 'application/json, text/event-stream';
    const { statusCode, headers, body } = await ask('/mcp', call, { accept });
    await body.dump();
    const [, url = ''] = /resource_metadata="([^"]*)"/.exec(String(headers['www-authenticate'])) ?? [];
    expect([statusCode, new URL(url).origin]).toEqual([401, `https://${host}`]);
    const found = await ask(new URL(url).pathname, null);
    expect(found.headers).toMatchObject({ 'access-control-allow-origin': '*' });
    expect(await found.body.json()).toMatchObject({
      resource: logIn.resource,
      authorization_servers: [logIn.issuer],
    });
    const called = await ask('/mcp', call, { accept, authorization: 'Bearer good' });
    expect(await called.body.json()).toMatchObject({
      id: 1,
      result: { structuredContent: { data: { account: { fileNumber: 'R1' } } } },
    });
  });

  it.each(['multipart/mixed;deferSpec=20220824', 'text/event-stream'])(
    'passes on each part of a response at once: %s',
    async (accept) => {
      let letGo = (): void => {};
      const released = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const scollect = await startCorpusUpstream('scollect', {
        getnotes: async () => {
          await released;
          return { json: { result: [], state: 'SUCCESS' } };
        },
      });
      const { ask } = await startBeforeGateway(file, { scollect });
      const query = '{ account(fileNumber: "R1") { fileNumber ... @defer { notes { totalCount } } } }';
      const { body } = await ask('/graphql', { query }, { accept });
      let received = '';
      for await (const chunk of body) {
        received += String(chunk);
        // Nothing more comes before that.
        if (received.includes('"hasNext":true')) letGo();
      }
      expect(received).toContain('"notes":{"totalCount":0}');
    },
  );

  it('passes on each event of a subscription at once, and that its client has left', async () => {
    const polls = new Polls({ intervalMs: 60 * 60 * 1000, maxObjects: 10 });
    onTestFinished(() => polls.end());
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    const { ask } = await startBeforeGateway(file, { sandbox, polls });
    const note = async (text: string): Promise<void> => {
      const query = `mutation { addNote(input: { fileNumber: "R1001", body: "${text}", collectorName: "A" }) { __typename } }`;
      await (await ask('/graphql', { query })).body.dump();
    };
    const query =
      'subscription { accountUpdates(fileNumber: "R1001") { account { notes(first: 1, order: NEWEST_FIRST) { edges { node { body } } } } } }';
    const { statusCode, body } = await ask('/graphql', { query }, { accept: 'text/event-stream' });
    expect(statusCode).toBe(200);
    await vi.waitFor(() => expect(polls.size).toBe(1), { timeout: 10_000 });
    await note('first');
    let received = '';
    for await (const chunk of body) {
      received += String(chunk);
      // The second note is written when the event of the first has come.
      if (received.includes('"body":"first"') && !received.includes('second')) await note('second');
      // That ends the connection.
      if (received.includes('"body":"second"')) break;
    }
    await vi.waitFor(() => expect(polls.size).toBe(0), { timeout: 10_000 });
  });

  it('waits for event streams longer than the time between two of their lines', () => {
    const read = (path: string): string => readFileSync(join(root, path), 'utf8');
    const [, seconds] = /proxy_read_timeout (\d+)s;/.exec(read(`deploy/nginx/${file}`)) ?? [];
    const [, interval] = /const intervalMs = ([\d_]+);/.exec(read('src/http/parts/pings.ts')) ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(Number(interval?.replace('_', '')));
  });
});

describe('the Ingress of docs/deploying.md', () => {
  it('routes what nginx passes on to the service of the files', () => {
    const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
    const [, block = ''] = /```yaml\n(apiVersion: networking[^`]*)```/.exec(page) ?? [];
    const ingress = parseDocument(block);
    expect([ingress.errors, ingress.warnings]).toEqual([[], []]);
    const { spec } = ingress.toJS() as {
      readonly spec: { readonly rules: readonly { readonly http: { readonly paths: readonly object[] } }[] };
    };
    const nginxFile = readFileSync(join(root, 'deploy/nginx/recollect.conf'), 'utf8');
    const paths = [...nginxFile.matchAll(/location = (\S+) /g)].map(([, path]) => path);
    expect(paths).toContain('/mcp');
    const backend = { service: { name: 'recollect', port: { name: 'http' } } };
    const expected = paths.map((path) => ({ path, pathType: 'Exact', backend }));
    expect(spec.rules.flatMap(({ http }) => http.paths)).toEqual(expected);
    for (const folder of ['kubernetes', 'kubernetes-scale']) {
      const [service] = parseAllDocuments(readFileSync(join(root, 'deploy', folder, 'service.yaml'), 'utf8'));
      expect(service?.toJS()).toMatchObject({
        kind: 'Service',
        metadata: { name: 'recollect' },
        spec: { ports: [{ name: 'http' }] },
      });
    }
  });
});
