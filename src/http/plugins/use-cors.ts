import type { CORSOptions, Plugin } from 'graphql-yoga';
import type { RequestHeaders } from '../../auth/client-address.ts';

type CorsOf = (request: { readonly headers: RequestHeaders }) => CORSOptions;

/** What pages that are let in may do. */
const allowed = {
  methods: ['GET', 'POST'],
  allowedHeaders: ['content-type', 'authorization', 'x-recollect-trace', 'x-recollect-cost'],
  exposedHeaders: ['retry-after', 'x-request-id'],
};

/**
 * Lets pages of these origins, compared letter by letter, ask and read the answers. Pages of others get no header,
 * so that their browser keeps the answer from them.
 *
 * @returns Yoga's option: `false` where there are none.
 */
export const corsFor = (origins: readonly string[]): CorsOf | false =>
  origins.length > 0 &&
  (({ headers }) => {
    const origin = headers.get('origin');
    if (origin === null || !origins.includes(origin)) return false;
    return {
      origin,
      // Callers are known by their token, which no browser adds by itself.
      credentials: false,
      ...allowed,
    };
  });

/** The headers with which Yoga tells so, of an answer to a page of one of these origins. */
export const corsHeaders = (
  { headers }: { readonly headers: RequestHeaders },
  origins: readonly string[],
): Readonly<Record<string, string>> => {
  const origin = headers.get('origin');
  if (origin === null || !origins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': allowed.methods.join(', '),
    'access-control-allow-headers': allowed.allowedHeaders.join(', '),
    'access-control-expose-headers': allowed.exposedHeaders.join(', '),
  };
};

/** Tells caches that answers differ by who asks. Yoga does not where one origin is allowed, or none is told. */
export const useVaryByOrigin = (): Plugin => ({
  onResponse: ({ response }) => response.headers.set('vary', 'Origin'),
});
