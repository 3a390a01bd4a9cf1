import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { HttpAnswer } from '../server.ts';

const mebibytes = 128;

const emptyArray = function* () {
  const blanks = Buffer.alloc(1024 * 1024, ' ');
  yield '[';
  for (let count = 0; count < mebibytes; count += 1) yield blanks;
  yield ']';
};

// Made for the first who asks, and kept: it is small as long as nobody inflates it.
let made: Promise<Buffer> | undefined;

/** An answer of some 130 kB that inflates to an empty array of 128 MiB. */
export const gzipBomb = async (): Promise<HttpAnswer> => {
  made ??= buffer(Readable.from(emptyArray()).pipe(createGzip()));
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: await made,
  };
};
