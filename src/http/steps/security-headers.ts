import { isHttps, type RequestHeaders } from '../../auth/client-address.ts';

/** Headers of every response: it is for its client only, is not interpreted as anything else, and is stored nowhere. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const yearInSeconds = 365 * 24 * 60 * 60;

const pinsHttps = ['strict-transport-security', `max-age=${yearInSeconds}`] as const;

const none: readonly string[] = [];

/** Makes browsers use HTTPS only, if the client used it. */
export const transportSecurity = (
  request: { readonly headers: RequestHeaders },
  trustedProxies: number,
): readonly string[] => (isHttps(request, trustedProxies) ? pinsHttps : none);
