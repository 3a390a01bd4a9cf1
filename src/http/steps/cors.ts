import type { RequestHeaders } from '../../auth/client-address.ts';

/**
 * Headers that pages may send besides their own of `CORS_HEADERS`: those that the gateway reads, and those that clients
 * and tracing add by themselves. Callers are known by a token, which no browser adds by itself.
 */
const ownHeaders = [
  'content-type',
  'authorization',
  'cache-control',
  'x-recollect-trace',
  'x-recollect-cost',
  'x-request-id',
  'traceparent',
  'tracestate',
  'apollographql-client-name',
  'apollographql-client-version',
  'apollo-require-preflight',
];

/** Two hours, the most for which Chromium keeps the response to a preflight. */
const maxAgeSeconds = 7200;

/** What pages of allowed origins may send and read. */
export interface CorsRules {
  readonly origins: readonly string[];
  /** Headers of every response. */
  readonly always: readonly string[];
  /** Further headers of the response to a preflight. */
  readonly ofPreflight: readonly string[];
}

/** @param more names of further headers that pages may send. */
export const createCorsRules = (origins: readonly string[], more: readonly string[]): CorsRules => ({
  origins,
  always: [
    'access-control-allow-methods',
    'GET, POST',
    'access-control-allow-headers',
    [...new Set([...ownHeaders, ...more.map((name) => name.toLowerCase())])].join(', '),
    'access-control-expose-headers',
    'age, retry-after, www-authenticate, x-request-id',
  ],
  ofPreflight: ['access-control-max-age', String(maxAgeSeconds)],
});

const anyOrigin = ['access-control-allow-origin', '*'];

const anyPreflight = [
  ...anyOrigin,
  'access-control-allow-methods',
  'GET',
  'access-control-allow-headers',
  '*',
  'access-control-max-age',
  String(maxAgeSeconds),
];

/** Allows all pages to read a response that is the same for everybody, with or without a token. */
export const publicCorsHeaders = ({ method }: { readonly method: string }): readonly string[] =>
  method === 'OPTIONS' ? anyPreflight : anyOrigin;

const none: readonly string[] = [];

/**
 * Allows pages of these origins, compared letter by letter, to read the response. The browser keeps it from pages of
 * other origins.
 */
export const corsHeaders = (
  { method, headers }: { readonly method: string; readonly headers: RequestHeaders },
  { origins, always, ofPreflight }: CorsRules,
): readonly string[] => {
  const origin = origins.length > 0 ? headers.get('origin') : null;
  if (origin === null || !origins.includes(origin)) return none;
  const allowed = ['access-control-allow-origin', origin, ...always];
  return method === 'OPTIONS' ? allowed.concat(ofPreflight) : allowed;
};
