// Serves the built desk and passes /graphql on to the gateway, as a reverse proxy does in production: page and gateway
// have one origin, so that neither CORS nor a second host in the content security policy is needed.
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { Agent, createServer, request as sendRequest } from 'node:http';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';

const dist = new URL('dist/', import.meta.url);

const mediaTypes = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** No inline scripts or styles, nothing from other hosts, no frames, and no form that leads elsewhere. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const refuse = (response, status, message) => {
  response.writeHead(status, { ...headers, 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify({ errors: [{ message }] }));
};

const serveFile = (response, name) => {
  const isAsset = name.startsWith('assets/');
  response.writeHead(200, {
    ...headers,
    'content-type': mediaTypes[extname(name)] ?? 'application/octet-stream',
    // Names of assets contain a hash of their content; the page names the current ones.
    'cache-control': isAsset ? 'public, max-age=31536000, immutable' : 'no-cache',
  });
  pipeline(createReadStream(new URL(name, dist)), response, () => {});
};

/** Headers of the browser that the gateway gets. Cookies and the like stay here. */
const passedOn = ['accept', 'content-type', 'host', 'origin', 'sec-fetch-site'];

const forward = (request, response, { gateway, session, agent }) => {
  const outgoing = Object.fromEntries(
    passedOn.map((name) => [name, request.headers[name]]).filter(([, value]) => value),
  );
  outgoing['x-forwarded-for'] = request.socket.remoteAddress ?? '';
  if (session.token !== undefined) outgoing.authorization = `Bearer ${session.token}`;
  const upstream = sendRequest(new URL('/graphql', gateway), { method: 'POST', headers: outgoing, agent });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'keep-alive' });
    pipeline(answer, response, () => {});
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'The gateway does not respond.');
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
};

/**
 * The log-in of an agent. Here a single agent is logged in by loading the page. Where several agents log in, there is
 * one session for each of them, found by a cookie.
 *
 * @typedef {object} Session
 * @property {string} [token] the token that is sent with every request; the gateway answers 401 once it has expired.
 * @property {() => void} signIn renews the token. It is called before the page is served.
 */

/**
 * @param {{ gateway: string, session: Session, port: number }} options the address of the gateway, the session of the
 * agent, and the port on this machine; 0 picks a free one.
 */
export const serveDesk = async ({ gateway, session, port }) => {
  const files = new Set(await readdir(dist, { recursive: true }));
  // Shorter than the time after which the gateway closes an idle connection (docs/proxies.md).
  const agent = new Agent({ keepAlive: true, timeout: 60_000 });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://desk');
    if (pathname === '/graphql') {
      if (request.method === 'POST') return forward(request, response, { gateway, session, agent });
      return refuse(response, 405, 'Only POST.');
    }
    if (!['GET', 'HEAD'].includes(request.method ?? '')) return refuse(response, 405, 'Only GET.');
    const name = pathname.slice(1);
    if (files.has(name) && extname(name) !== '') return serveFile(response, name);
    // A missing file is missing; every other address is one of the page's own.
    if (name.startsWith('assets/')) return refuse(response, 404, 'There is no such file.');
    session.signIn();
    return serveFile(response, 'index.html');
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(undefined));
  });
  return { server, url: `http://127.0.0.1:${server.address().port}/` };
};
