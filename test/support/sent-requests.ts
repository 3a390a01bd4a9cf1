import type { Route } from '../../src/http/routes.ts';
import { startGateway } from './gateway.ts';
import { openTestMcp } from './mcp.ts';
import { serveRaw } from './raw-http.ts';

export type Options = NonNullable<Parameters<typeof startGateway>[0]>;
export type Headers = Readonly<Record<string, string>>;

export const query = 'query Q($f: Boolean = false) { account(fileNumber: "R1001") { client @skip(if: $f) } }';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body?: string;
}

export const get = (parameters: Readonly<Record<string, string>>): string =>
  `/graphql?${new URLSearchParams(parameters)}`;

/** A request that all guards admit, for each route. */
export const admitted = {
  'POST of an operation': {
    route: 'graphql',
    sent: {
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    },
  },
  'GET of an operation': { route: 'graphql', sent: { method: 'GET', path: get({ query }), headers: {} } },
  'POST of a message': {
    route: 'mcp',
    sent: {
      method: 'POST',
      path: '/mcp',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
    },
  },
  'GET of metadata': {
    route: 'metadata',
    sent: { method: 'GET', path: '/.well-known/oauth-protected-resource/mcp', headers: {} },
  },
  "GraphiQL's page": {
    route: 'page',
    sent: { method: 'GET', path: '/graphql', headers: { accept: 'text/html' } },
  },
  'the redirect to it': {
    route: 'home',
    sent: { method: 'GET', path: '/', headers: { accept: 'text/html' } },
  },
  '/health': { route: 'operator', sent: { method: 'GET', path: '/health', headers: {} } },
  '/ready': { route: 'operator', sent: { method: 'GET', path: '/ready', headers: {} } },
  '/metrics': { route: 'operator', sent: { method: 'GET', path: '/metrics', headers: {} } },
  'a preflight': {
    route: 'options',
    sent: { method: 'OPTIONS', path: '/graphql', headers: { origin: 'https://app.example.com' } },
  },
  'another path': { route: 'other', sent: { method: 'GET', path: '/nothing', headers: {} } },
} as const satisfies Record<string, { route: Route; sent: Sent }>;

export type Case = keyof typeof admitted;

export const kinds = Object.keys(admitted) as Case[];

export type Transport = 'HTTP' | 'gateway.fetch';

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: string;
}

export const transports: readonly Transport[] = ['HTTP', 'gateway.fetch'];

/** Starts a gateway that is asked over HTTP, or by code that embeds it. */
export const startOver = async (transport: Transport, options: Options) => {
  const logIn = { resource: 'https://recollect.example.com/mcp', issuer: 'https://id.example.com' };
  const { mcp } = await openTestMcp({ logIn });
  const started = await startGateway({ mcp, ...options });
  const raw = await serveRaw(started);
  const overHttp = async ({ method, path, headers, body }: Sent): Promise<Reply> => {
    const host = headers['host'] ?? 'localhost';
    const response = await raw.send(body === undefined ? [] : [body], { host, ...headers }, { method, path });
    const lines = response.headers.map((line) => line.split(': ', 2));
    // The value of the id is removed by the reader.
    const header = (name: string): string | null => {
      // Several lines of one name count as one with a comma (RFC 9110, 5.3).
      const found = lines.filter(([given]) => given === name).map(([, value = '']) => value);
      return found.length > 0 ? found.join(', ') : null;
    };
    return { status: response.status, header, body: response.body };
  };
  const byFetch = async ({ method, path, headers, body }: Sent): Promise<Reply> => {
    const { host = 'localhost', ...others } = headers;
    const url = `http://${host}${path}`;
    const response = await started.gateway.fetch(url, { method, headers: others, ...(body && { body }) });
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: await response.text(),
    };
  };
  return { ...started, send: transport === 'HTTP' ? overHttp : byFetch };
};

/** The number of operations that were executed directly. */
export const executedDirectly = async ({
  metrics,
}: Awaited<ReturnType<typeof startGateway>>): Promise<number> =>
  Number(/^recollect_fast_path_queries_total (\d+)$/m.exec(await metrics.read())?.[1] ?? 0);
