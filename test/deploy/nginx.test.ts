import { connect as connectHttp2 } from 'node:http2';
import { text } from 'node:stream/consumers';
import { Client } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../src/http/server.ts';
import { startCorpusUpstream } from '../support/corpus-upstream.ts';
import { type RunningNginx, startNginx } from '../support/deploy/nginx.ts';
import { programAt } from '../support/deploy/programs.ts';
import { startGateway } from '../support/gateway.ts';
import { type Answer, type LocalUpstream, startUpstream } from '../support/upstream.ts';

const nginx = programAt('nginx', 'the tests of deploy/nginx');

const host = 'recollect.example.com';

const portOf = ({ url }: LocalUpstream): number => Number(new URL(url).port);

/** Starts nginx before two stand-ins for gateways. */
const startBefore = async (answers: readonly [Answer, Answer]) => {
  const gateways = await Promise.all(answers.map((answer) => startUpstream(() => answer)));
  const proxy = await startNginx(nginx ?? '', gateways.map(portOf));
  return { proxy, received: () => gateways.flatMap((gateway) => gateway.received) };
};

const openClient = ({ port, ca }: RunningNginx): Client => {
  const client = new Client(`https://127.0.0.1:${port}`, { connect: { ca, servername: host } });
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
      const { gateway } = await startGateway({ scollect });
      const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
      onTestFinished(() => server.cut());
      const proxy = await startNginx(nginx ?? '', [server.address.port, server.address.port]);
      const query = '{ account(fileNumber: "R1") { fileNumber ... @defer { notes { totalCount } } } }';
      const { body } = await openClient(proxy).request({
        method: 'POST',
        path: '/graphql',
        headers: { host, 'content-type': 'application/json', accept },
        body: JSON.stringify({ query }),
      });
      let received = '';
      for await (const chunk of body) {
        received += String(chunk);
        // Nothing more comes before that.
        if (received.includes('"hasNext":true')) letGo();
      }
      expect(received).toContain('"notes":{"totalCount":0}');
    },
  );
});
