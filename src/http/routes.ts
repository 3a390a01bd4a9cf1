import type { RequestHeaders } from '../auth/client-address.ts';

/**
 * What a request is for: an operation, tools (`/mcp`), the metadata of `/mcp`, GraphiQL's page, the redirect to it from `/`, an operator endpoint (`/health`, `/ready`,
 * `/metrics`), the methods of the server (a CORS preflight of an allowed origin, or `OPTIONS *`), or nothing that exists.
 */
export type Route = 'graphql' | 'mcp' | 'metadata' | 'page' | 'home' | 'operator' | 'options' | 'other';

export const routes: readonly Route[] = [
  'graphql',
  'mcp',
  'metadata',
  'page',
  'home',
  'operator',
  'options',
  'other',
];

/** Whether operations are executed at a path: at `/graphql`, also below a prefix that a proxy leaves. */
export const isGraphQLPath = (path: string): boolean => /\/graphql\/?$/.test(path);

/** Whether tools are called at a path: at `/mcp`, also below a prefix that a proxy leaves. */
const isMcpPath = (path: string): boolean => /^(?!\/\.well-known\/).*\/mcp\/?$/.test(path);

export const operatorPaths: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

export interface RouteOptions {
  /** Whether browsers get GraphiQL. */
  readonly graphiql: boolean;
  /** Whether there is `/mcp`. */
  readonly mcp?: boolean;
  /** The paths of the metadata of `/mcp`; none without it. */
  readonly metadataPaths?: ReadonlySet<string> | undefined;
  /** Origins whose pages may send requests. */
  readonly corsOrigins: readonly string[];
}

interface RoutedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: RequestHeaders;
}

const isAllowedOrigin = ({ headers }: RoutedRequest, { corsOrigins }: RouteOptions): boolean => {
  const origin = headers.get('origin');
  return origin !== null && corsOrigins.includes(origin);
};

const isBrowser = ({ method, headers }: RoutedRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && (headers.get('accept')?.includes('text/html') ?? false);

export const routeOf = (request: RoutedRequest, options: RouteOptions): Route => {
  const { method, path } = request;
  if (operatorPaths.has(path)) return 'operator';
  if (path === '*' && method === 'OPTIONS') return 'options';
  if (options.metadataPaths?.has(path)) return 'metadata';
  if (options.mcp && isMcpPath(path)) {
    return method === 'OPTIONS' && isAllowedOrigin(request, options) ? 'options' : 'mcp';
  }
  const isForPage = options.graphiql && isBrowser(request);
  if (path === '/' && isForPage) return 'home';
  if (!isGraphQLPath(path)) return 'other';
  if (method === 'OPTIONS' && isAllowedOrigin(request, options)) return 'options';
  return isForPage ? 'page' : 'graphql';
};
