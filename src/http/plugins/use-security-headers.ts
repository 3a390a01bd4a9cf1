import type { Plugin } from 'graphql-yoga';
import { isHttps } from '../../auth/client-address.ts';

export interface SecurityHeaders {
  /** How many proxies are trusted to tell whether the client came by HTTPS. */
  readonly trustedProxies: number;
  /** Whether pages of any other origin may read the answers. */
  readonly isCrossOrigin: boolean;
  /** What GraphiQL's page may do, as a content security policy. */
  readonly pagePolicy: () => string;
}

/** What every answer says, whoever made it: it is for who asked, to be read as what it is, and kept nowhere. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const yearInSeconds = 365 * 24 * 60 * 60;

const isPage = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/html') ?? false;

/** What an answer says beside what every one does. @param isSecure whether the client came by HTTPS. */
export const ownSecurityHeaders = (isSecure: boolean, isCrossOrigin: boolean): Record<string, string> => ({
  ...(!isCrossOrigin && { 'cross-origin-resource-policy': 'same-origin' }),
  ...(isSecure && { 'strict-transport-security': `max-age=${yearInSeconds}` }),
});

/** Puts on every answer what keeps browsers and caches from making more of it than it is. */
export const useSecurityHeaders = ({
  trustedProxies,
  isCrossOrigin,
  pagePolicy,
}: SecurityHeaders): Plugin => ({
  onResponse: ({ request, response }) => {
    const { headers } = response;
    const isSecure = isHttps(request, trustedProxies) === true;
    const all = { ...securityHeaders, ...ownSecurityHeaders(isSecure, isCrossOrigin) };
    for (const [name, value] of Object.entries(all)) headers.set(name, value);
    if (isPage(response)) headers.set('content-security-policy', pagePolicy());
    // Nobody needs to know what answers.
    headers.delete('x-yoga-id');
  },
});
