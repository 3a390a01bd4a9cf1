import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RequestHeaders } from '../../auth/client-address.ts';
import { isJson, isUnencoded } from '../media-types.ts';
import { hasLongNumber } from '../plugins/use-no-personal-get.ts';

/** A request that asks for nothing but the answer to an operation, told by its headers. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** What follows the `?`. Only the parameters of a GET have a meaning. */
  readonly search: string;
  readonly headers: RequestHeaders;
  readonly accept: string;
  /** Bytes of its body; 0 for a GET. */
  readonly length: number;
}

/** The endpoint, as clients write it: Apollo's `/graphql?op=Q` names the operation for logs. */
const endpoint = /^\/graphql\/?(?:\?([^#]*))?$/;

/** What asks for more than an answer, or brings something other than JSON as it is. */
const unusual = [
  'x-recollect-cost',
  'x-recollect-trace',
  'transfer-encoding',
  'x-http-method-override',
] as const;

const headersOf = (headers: IncomingHttpHeaders): RequestHeaders => ({
  get: (name) => {
    const value = headers[name];
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
  },
});

/** A GET with parameters; not one that may be answered with GraphiQL. */
const isPlainGet = ({ accept = '', 'content-length': length }: IncomingHttpHeaders, url: string): boolean =>
  length === undefined && !accept.includes('text/html') && URL.canParse(url) && !hasLongNumber(new URL(url));

const isPlainPost = (
  { 'content-type': type, 'content-length': length = '' }: IncomingHttpHeaders,
  maxBytes: number,
): boolean => isJson(type) && /^[1-9]\d{0,9}$/.test(length) && Number(length) <= maxBytes;

/** @returns `undefined` for a request that is not as plain as that. */
export const plainRequestOf = (
  { method, url: target = '', headers }: IncomingMessage,
  maxBytes: number,
): PlainRequest | undefined => {
  if (method !== 'POST' && method !== 'GET') return undefined;
  const { accept = '', host, 'content-length': length = '0' } = headers;
  const [isEndpoint, search = ''] = endpoint.exec(target) ?? [];
  if (isEndpoint === undefined || host === undefined) return undefined;
  if (unusual.some((name) => headers[name] !== undefined)) return undefined;
  if (!isUnencoded(headers['content-encoding'])) return undefined;
  const url = `http://${host}${target}`;
  if (!(method === 'POST' ? isPlainPost(headers, maxBytes) : isPlainGet(headers, url))) return undefined;
  return { method, url, search, headers: headersOf(headers), accept, length: Number(length) };
};
