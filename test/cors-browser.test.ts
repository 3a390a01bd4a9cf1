import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../src/http/server.ts';
import { hasBrowser, startBrowser } from './support/browser.ts';
import { startGateway } from './support/gateway.ts';

/** An empty page, at an origin of its own. */
const startSite = async (): Promise<string> => {
  const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<p>'));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void site.close());
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
};

/** What tracing and Apollo Client send, and a header of CORS_HEADERS. */
const headers = {
  'content-type': 'application/json',
  authorization: 'Bearer x',
  'x-request-id': 'a',
  'x-recollect-trace': '1',
  'x-recollect-cost': '1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'a=b',
  'apollographql-client-name': 'desk',
  'apollographql-client-version': '1',
  'apollo-require-preflight': 'true',
  'x-tenant': 't',
};

describe.runIf(hasBrowser('CORS in a browser'))('a page of an allowed origin', { timeout: 60_000 }, () => {
  it.each([
    ['sends all headers of browser tooling', headers, 200],
    ['does not send another header', { ...headers, 'x-other': '1' }, null],
  ])('%s', async (_, sent, expected) => {
    const site = await startSite();
    const { gateway } = await startGateway({ access: { corsOrigins: [site], corsHeaders: ['x-tenant'] } });
    const server = await serve(gateway.handle, { port: 0, host: '127.0.0.1' });
    onTestFinished(() => server.cut());
    const url = `http://127.0.0.1:${server.address.port}/graphql`;
    const page = await (await startBrowser()).newPage();
    await page.goto(site);
    const ask = async ({ url: to, sent: own }: { url: string; sent: Record<string, string> }) => {
      const body = JSON.stringify({ query: '{ __typename }' });
      const response = await fetch(to, { method: 'POST', headers: own, body }).catch(() => null);
      return response && { status: response.status, id: response.headers.get('x-request-id') };
    };
    const answer = await page.evaluate(ask, { url, sent });
    expect(answer?.status ?? null).toBe(expected);
    if (expected !== null) expect(answer?.id).toMatch(/^[\da-f-]{36}$/);
  });
});
