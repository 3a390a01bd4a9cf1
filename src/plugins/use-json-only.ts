import type { Plugin } from 'graphql-yoga';

const isJson = (contentType: string | null): boolean =>
  /^application\/(?:graphql\+)?json\s*(?:;|$)/i.test(contentType ?? '');

/**
 * Takes what is posted as JSON only.
 *
 * A page on the web can have a browser send a form anywhere, unasked: it could not read the answer, but a charge
 * would be made. For JSON the browser asks first, and is told no.
 */
export const useJsonOnly = (): Plugin => ({
  onRequest: ({ request, fetchAPI, endResponse }) => {
    if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return;
    const message = 'Content-Type: expected application/json.';
    endResponse(
      fetchAPI.Response.json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] }, { status: 415 }),
    );
  },
});
