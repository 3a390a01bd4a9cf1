import { type FetchAPI, type Plugin, processRegularResult } from 'graphql-yoga';
import { isGraphQLPath } from '../graphql-path.ts';
import { isAcceptable, isJson, isUnencoded, jsonResponseTypeFor, jsonResponseTypes } from '../media-types.ts';
import { withStatus } from '../response-status.ts';
import { type Refusal, refusal } from './refusal.ts';

const notJson: Refusal = {
  status: 415,
  code: 'BAD_REQUEST',
  message: 'Content-Type: expected application/json, in UTF-8.',
  headers: { accept: 'application/json' },
};

const encoded: Refusal = {
  status: 415,
  code: 'BAD_REQUEST',
  message: 'Content-Encoding: expected none: request bodies are not decompressed.',
  headers: { 'accept-encoding': 'identity' },
};

const notAcceptable: Refusal = {
  status: 406,
  code: 'BAD_REQUEST',
  message: `Accept: expected ${jsonResponseTypes.join(' or ')}.`,
};

const refusalFor = ({ method, headers }: Request, isOperation: boolean): Refusal | undefined => {
  if (method === 'POST' && !isJson(headers.get('content-type'))) return notJson;
  if (method === 'POST' && !isUnencoded(headers.get('content-encoding'))) return encoded;
  return isOperation && !isAcceptable(headers.get('accept')) ? notAcceptable : undefined;
};

/**
 * Rejects requests in a form that cannot be read, and those whose response they would not accept, before anything of
 * them is executed: Yoga looks for a response format after the execution. The format is the accepted one with the
 * highest weight (RFC 9110, 12.5.1), which Yoga ignores.
 */
export const useMediaTypes = (): Plugin => ({
  onRequest: ({ request, url, fetchAPI, endResponse }) => {
    const rejected = refusalFor(request, isGraphQLPath(url.pathname));
    if (rejected) return endResponse(refusal(fetchAPI, rejected));
    // Yoga compares media types letter by letter.
    if (request.method === 'POST') request.headers.set('content-type', 'application/json');
  },
  onResultProcess: ({ request, setResultProcessor }) => {
    const type = jsonResponseTypeFor(request.headers.get('accept'));
    if (type === undefined) return;
    setResultProcessor(
      (result, fetchAPI: FetchAPI) =>
        processRegularResult(
          Array.isArray(result) || Symbol.asyncIterator in result ? result : withStatus(result, type),
          fetchAPI,
          type,
        ),
      type,
    );
  },
  // Yoga's streams demand that the connection is kept, also if the gateway is about to stop.
  onResponse: ({ response }) => response.headers.delete('connection'),
});
