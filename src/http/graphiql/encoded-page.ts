import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib';
import type { Page } from './page.ts';

/** Content codings that the page is kept in, the preferred one first. */
export const encodings = ['br', 'gzip'] as const;

export type Encoding = (typeof encodings)[number] | 'identity';

/** A page that is kept compressed only: without compression it has nine megabytes. */
export interface EncodedPage {
  readonly policy: string;
  /** Returns the value of the header ETag, which differs between encodings. */
  readonly etagOf: (encoding: Encoding) => string;
  readonly bodyIn: (encoding: Encoding) => Promise<Buffer<ArrayBuffer>>;
}

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
const decompress = promisify(gunzip);

/** Compresses a page, outside the event loop. */
export const encodePage = async ({ html, policy }: Page): Promise<EncodedPage> => {
  const bytes = Buffer.from(html);
  const digest = hash('sha256', bytes, 'base64url').slice(0, 22);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const [br, compressed] = await Promise.all([compressBrotli(bytes, { params }), compressGzip(bytes)]);
  return {
    policy,
    etagOf: (encoding) => `"${digest}-${encoding}"`,
    bodyIn: async (encoding) => {
      if (encoding === 'br') return br;
      return encoding === 'gzip' ? compressed : decompress(compressed);
    },
  };
};
