import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Headers } from '../client-address.ts';
import { isJson, isUnencoded } from '../http/media-types.ts';

/** A request that asks for nothing but the answer to an operation, told by its headers. */
export interface PlainRequest {
  readonly url: string;
  readonly headers: Headers;
  readonly accept: string;
  /** Bytes of its body. */
  readonly length: number;
}

/** What asks for more than an answer, or brings something other than JSON as it is. */
const unusual = [
  'x-recollect-cost',
  'x-recollect-trace',
  'transfer-encoding',
  'x-http-method-override',
] as const;

const headersOf = (headers: IncomingHttpHeaders): Headers => ({
  get: (name) => {
    const value = headers[name];
    return value === undefined ? null : typeof value === 'string' ? value : value.join(', ');
  },
});

/** @returns `undefined` for a request that is not as plain as that. */
export const plainRequestOf = (
  { method, url, headers }: IncomingMessage,
  maxBytes: number,
): PlainRequest | undefined => {
  if (method !== 'POST' || url !== '/graphql' || !isJson(headers['content-type'])) return undefined;
  if (unusual.some((name) => headers[name] !== undefined)) return undefined;
  if (!isUnencoded(headers['content-encoding'])) return undefined;
  const { accept = '', host, 'content-length': length = '' } = headers;
  if (host === undefined || !/^[1-9]\d{0,9}$/.test(length) || Number(length) > maxBytes) return undefined;
  return {
    url: `http://${host}${url}`,
    headers: headersOf(headers),
    accept,
    length: Number(length),
  };
};
