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

// Created on first use and cached: it is small while it is compressed.
let made: Promise<Buffer> | undefined;

/** A response of about 130 kB that decompresses to an empty array of 128 MiB. */
export const gzipBomb = async (): Promise<HttpAnswer> => {
  made ??= buffer(Readable.from(emptyArray()).pipe(createGzip()));
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: await made,
  };
};
