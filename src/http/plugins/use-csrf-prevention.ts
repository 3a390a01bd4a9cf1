import type { Plugin } from 'graphql-yoga';
import { hostOf, isHttps, type RequestHeaders } from '../../auth/client-address.ts';
import { refusal } from './refusal.ts';

export interface Site {
  /** Origins whose pages may ask. */
  readonly corsOrigins: readonly string[];
  /** How many proxies are trusted to tell by what name the gateway was asked. */
  readonly trustedProxies: number;
}

/** What was asked for, and how. */
interface Asked {
  readonly headers: RequestHeaders;
  readonly url: string;
}

const isOwn = (origin: string, request: Asked, hops: number): boolean => {
  if (!URL.canParse(origin)) return false;
  const { host, protocol } = new URL(origin);
  const isSecure = isHttps(request, hops);
  if (isSecure !== undefined && protocol !== (isSecure ? 'https:' : 'http:')) return false;
  // Read as the origin is: a port that goes without saying may be said.
  const own = `${protocol}//${hostOf(request, hops)}`;
  return URL.canParse(own) && new URL(own).host === host;
};

/** Whether a browser says that a page of another site sent this. Tools and servers say nothing, and pass. */
export const isFromAnotherSite = (request: Asked, { corsOrigins, trustedProxies }: Site): boolean => {
  const origin = request.headers.get('origin');
  if (origin !== null && corsOrigins.includes(origin)) return false;
  if (['cross-site', 'same-site'].includes(request.headers.get('sec-fetch-site') ?? '')) return true;
  return origin !== null && !isOwn(origin, request, trustedProxies);
};

/**
 * Takes nothing that a page of another site has a browser send.
 *
 * Such a page can have a form sent anywhere, unasked: it could not read the answer, but a charge would be made. For
 * JSON, the only type that is accepted (`useMediaTypes`), the browser sends a preflight request, which is rejected.
 */
export const useCsrfPrevention = (site: Site): Plugin => ({
  onRequest: ({ request, fetchAPI, endResponse }) => {
    if (!isFromAnotherSite(request, site)) return;
    const message = 'Origin: expected the gateway itself, or one of those that are allowed to ask it.';
    endResponse(refusal(fetchAPI, { status: 403, code: 'FORBIDDEN', message }));
  },
});
