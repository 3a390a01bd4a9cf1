import { badRequest, type Rejection } from '../rejection.ts';
import type { Route } from '../routes.ts';
import type { RequestGuard } from './guard.ts';

const notFound: Rejection = { status: 404, reason: 'not_found', error: null };

/** Rejects paths that do not exist. */
export const path: RequestGuard = { name: 'path', routes: ['other'], stage: 'head', check: () => notFound };

const notAllowed = (message: string, allow: string): Rejection =>
  badRequest(message, { status: 405, reason: 'method_not_allowed', headers: { allow } });

const operations = ['GET', 'POST'];
const operationsOnly = notAllowed('GraphQL only supports GET and POST requests.', 'GET, POST');

const reads = ['GET', 'HEAD'];
const readsOnly = notAllowed('Expected GET or HEAD.', 'GET, HEAD');

const readsOfPages = ['GET', 'HEAD', 'OPTIONS'];
const readsOfPagesOnly = notAllowed('Expected GET or HEAD.', 'GET, HEAD, OPTIONS');

/** Every client of MCP tries to open a stream by GET first: without an error, that leaves no line in the audit trail. */
const callsOnly: Rejection = {
  status: 405,
  reason: 'method_not_allowed',
  error: null,
  headers: { allow: 'POST' },
};

/** Rejects methods that a route does not have. */
export const checkMethod = ({
  method,
  route,
}: {
  readonly method: string;
  readonly route: Route;
}): Rejection | undefined => {
  if (route === 'operator') return reads.includes(method) ? undefined : readsOnly;
  if (route === 'metadata') return readsOfPages.includes(method) ? undefined : readsOfPagesOnly;
  if (route === 'mcp') return method === 'POST' ? undefined : callsOnly;
  return operations.includes(method) ? undefined : operationsOnly;
};

export const method: RequestGuard = {
  name: 'method',
  // GraphiQL's page and the route of OPTIONS are determined by their methods.
  routes: ['graphql', 'mcp', 'metadata', 'operator'],
  stage: 'head',
  check: checkMethod,
};
