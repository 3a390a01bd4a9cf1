import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readyQueries } from '../../src/http/graphiql/ready-queries.ts';
import { startGateway } from '../support/gateway.ts';

type Access = NonNullable<NonNullable<Parameters<typeof startGateway>[0]>['access']>;

const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const start = async (access: Access = {}) => {
  const { gateway } = await startGateway({ access });
  return (headers: Readonly<Record<string, string>> = {}, path = '/graphql', method = 'GET') =>
    gateway.fetch(`http://gateway${path}`, { method, headers: { ...html, ...headers }, redirect: 'manual' });
};

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

const decode: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  br: (bytes) => brotliDecompressSync(bytes),
  gzip: (bytes) => gunzipSync(bytes),
  identity: (bytes) => bytes,
};

describe("GraphiQL's page", () => {
  it('has nothing to load from elsewhere, the name and logo of Recollect, and all tabs', async () => {
    const get = await start();
    const page = await get();
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const text = await page.text();
    expect(text).toContain('<title>Recollect</title>');
    expect(text.match(/<(?:script|link|img)[^>]+(?:src|href)="(?:https?:)?\/\/[^"]*"/g)).toBeNull();
    expect(text).toMatch(/<link rel="icon" href="data:image\/svg\+xml,/);
    for (const query of readyQueries) {
      expect(text).toContain(JSON.stringify(query).replaceAll('<', '\\u003c').slice(1, -1));
    }
  });

  it('is for those who accept HTML', async () => {
    const get = await start();
    const reply = await get({ accept: 'application/json' });
    expect(reply.headers.get('content-type')).not.toMatch('text/html');
  });

  it('is the same in each encoding, a quarter of its size compressed, with an ETag of its own', async () => {
    const get = await start();
    const pages = await Promise.all(
      ['br', 'gzip', 'identity'].map(async (encoding) => {
        const response = await get({ 'accept-encoding': encoding });
        const { headers } = response;
        expect(headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
        expect(headers.get('vary')).toBe('Accept, Accept-Encoding');
        expect(headers.get('cache-control')).toBe('no-cache');
        const bytes = await bytesOf(response);
        expect(headers.get('content-length')).toBe(String(bytes.length));
        return { etag: headers.get('etag'), size: bytes.length, text: decode[encoding]?.(bytes).toString() };
      }),
    );
    const [br, gzip, identity] = pages;
    expect(new Set(pages.map(({ text }) => text)).size).toBe(1);
    expect(new Set(pages.map(({ etag }) => etag)).size).toBe(3);
    expect(br?.size).toBeLessThan((identity?.size ?? 0) / 4);
    expect(gzip?.size).toBeLessThan((identity?.size ?? 0) / 3);
  });

  it('has the encoding that Accept-Encoding prefers', async () => {
    const get = await start();
    const expected: Readonly<Record<string, string | null>> = {
      'gzip, deflate, br, zstd': 'br',
      'gzip, deflate': 'gzip',
      'br;q=0.5, gzip;q=0.9': 'gzip',
      'br;q=0, gzip;q=0, *;q=0': null,
      '*': 'br',
      'gzip;q=0, *': 'br',
      GZIP: 'gzip',
      'identity, gzip;q=0.2': null,
      zstd: null,
      'br;q=0': null,
      '': null,
    };
    for (const [accepted, encoding] of Object.entries(expected)) {
      const { headers } = await get({ 'accept-encoding': accepted }, '/graphql', 'HEAD');
      expect([accepted, headers.get('content-encoding')]).toEqual([accepted, encoding]);
    }
  });

  it('is not sent again to a browser that has it', async () => {
    const get = await start();
    const { headers } = await get({ 'accept-encoding': 'br' });
    const etag = headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get({ 'accept-encoding': 'br', 'if-none-match': known });
      expect(again.status).toBe(304);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('no-cache');
      expect(again.headers.get('vary')).toBe('Accept, Accept-Encoding');
      expect(again.headers.get('content-length')).toBeNull();
      expect(await again.text()).toBe('');
      expect(again.headers.get('content-security-policy')).toBe(headers.get('content-security-policy'));
    }
    const others: readonly Readonly<Record<string, string>>[] = [
      { 'accept-encoding': 'br', 'if-none-match': '"other"' },
      // It has another encoding of it.
      { 'accept-encoding': 'gzip', 'if-none-match': etag },
    ];
    for (const given of others) expect((await get(given)).status).toBe(200);
  });

  it('is the same for HEAD, without a body', async () => {
    const get = await start();
    const accepted = { 'accept-encoding': 'gzip' };
    const [page, head] = [await get(accepted), await get(accepted, '/graphql', 'HEAD')];
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe(page.headers.get('etag'));
    expect(head.headers.get('content-length')).toBe(page.headers.get('content-length'));
    expect(await head.text()).toBe('');
  });

  it.each([
    [true, 2],
    [false, 0],
  ])(
    'names an account in its mutations only if the upstreams are the sandbox: %s',
    async (usesSandbox, count) => {
      const get = await start({ usesSandbox });
      const text = await (await get()).text();
      const inputs = text.match(/\\"input\\": \{.*?\}/g) ?? [];
      expect(inputs).toHaveLength(2);
      expect(inputs.filter((input) => /fileNumber\\": \\"R\d+/.test(input))).toHaveLength(count);
      expect(inputs.filter((input) => input.includes('fileNumber\\": \\"\\"'))).toHaveLength(2 - count);
    },
  );

  it.each([
    [true, 1],
    [false, 0],
  ])('explains tokens if they are required: %s', async (requiresToken, count) => {
    const get = await start({ requiresToken });
    const text = await (await get()).text();
    expect(text).toContain(`const requiresToken = ${requiresToken};`);
    expect(text.match(/This gateway requires a token\. Paste it/g) ?? []).toHaveLength(count);
    // In each tab, and in new ones.
    const headers = text.match(/\\"Authorization\\": \\"Bearer \\"/g) ?? [];
    expect(headers).toHaveLength(count * (readyQueries.length + 1));
  });
});

describe('GET /', () => {
  it.each(['GET', 'HEAD'])('leads a browser to GraphiQL, relative to a prefix: %s', async (method) => {
    const get = await start();
    const response = await get({}, '/?x=1', method);
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('graphql');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(new URL('graphql', 'http://gateway/prefix/').pathname).toBe('/prefix/graphql');
  });

  it.each([
    ['another client', { accept: 'application/json' }, 'GET', true],
    ['a client without Accept', { accept: '*/*' }, 'GET', true],
    ['a POST', {}, 'POST', true],
    ['a browser, if GraphiQL is off', {}, 'GET', false],
  ] as const)('is nothing for %s', async (_, headers, method, graphiql) => {
    const get = await start({ graphiql });
    const response = await get(headers, '/', method);
    expect(response.status).toBe(404);
    expect(response.headers.get('location')).toBeNull();
  });

  it('is admitted from a link of another site, but not with a query or a number of a person', async () => {
    const get = await start();
    const site = { 'sec-fetch-site': 'cross-site' };
    expect((await get(site, '/')).status).toBe(302);
    expect((await get(site, '/?query=%7Ba%7D')).status).toBe(403);
    expect((await get({}, '/?x=912-55-4418')).status).toBe(400);
  });
});
