import { hostOf, isHttps, type RequestHeaders } from '../../auth/client-address.ts';
import type { IncomingRequest } from '../incoming-request.ts';
import type { Rejection } from '../rejection.ts';
import type { RequestGuard, Site } from './guard.ts';

interface SentRequest {
  readonly headers: RequestHeaders;
  readonly url: string;
}

const isOwn = (origin: string, request: SentRequest, hops: number): boolean => {
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  const isSecure = isHttps(request, hops);
  if (isSecure !== undefined && protocol !== (isSecure ? 'https:' : 'http:')) return false;
  // Parsed as the origin is: a default port may be present or not.
  const own = `${protocol}//${hostOf(request, hops)}`;
  return URL.canParse(own) && new URL(own).host === host;
};

/** Whether a browser reports that a page of another site sent this. Requests of tools and servers have no such header. */
export const isFromAnotherSite = (request: SentRequest, { corsOrigins, trustedProxies }: Site): boolean => {
  const origin = request.headers.get('origin');
  if (origin !== null && corsOrigins.includes(origin)) return false;
  if (['cross-site', 'same-site'].includes(request.headers.get('sec-fetch-site') ?? '')) return true;
  return origin !== null && !isOwn(origin, request, trustedProxies);
};

const fromAnotherSite: Rejection = {
  status: 403,
  reason: 'forbidden',
  error: {
    code: 'FORBIDDEN',
    message: 'Origin: expected the gateway itself, or one of those that are allowed to ask it.',
  },
};

/** Whether a request opens GraphiQL's page, or leads there, without a query in its address. */
const opensPage = ({ route, searchParameters }: IncomingRequest): boolean =>
  (route === 'page' || route === 'home') && !searchParameters.has('query');

/**
 * Rejects what a page of another site makes a browser send.
 *
 * Such a page can send a form to any address: it cannot read the response, but a charge would be made. For JSON, the
 * only type that is accepted, the browser sends a preflight request, which is rejected. A link to GraphiQL is admitted,
 * but none with a query in it, which would be one click away from its execution.
 */
export const site: RequestGuard = {
  name: 'site',
  routes: ['graphql', 'mcp', 'page', 'home'],
  stage: 'head',
  check: (request, services) =>
    isFromAnotherSite(request, services) && !opensPage(request) ? fromAnotherSite : undefined,
};
