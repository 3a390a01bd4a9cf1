const endOfHead = Buffer.from('\r\n\r\n');
const endOfLine = Buffer.from('\r\n');

/** An answer of a server: status and body. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** The body of an answer in chunks and where it ends; `undefined` while it is not all there. */
const readChunks = (bytes: Buffer, start: number): { body: Buffer; end: number } | undefined => {
  const parts: Buffer[] = [];
  for (let place = start; ; ) {
    const lineEnd = bytes.indexOf(endOfLine, place);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', place, lineEnd), 16);
    const begin = lineEnd + endOfLine.length;
    const end = begin + size + endOfLine.length;
    if (bytes.length < end) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), end };
    parts.push(bytes.subarray(begin, begin + size));
    place = end;
  }
};

const readWhole = (bytes: Buffer): { answer: Answer; end: number } | undefined => {
  const headEnd = bytes.indexOf(endOfHead);
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const start = headEnd + endOfHead.length;
  const length = /\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) {
    const chunked = readChunks(bytes, start);
    return chunked && { answer: { status, body: chunked.body }, end: chunked.end };
  }
  const end = start + Number(length);
  return bytes.length < end ? undefined : { answer: { status, body: bytes.subarray(start, end) }, end };
};

/** Reads answers out of what comes in over one connection that has one request under way at a time. */
export const createAnswerReader = (): ((chunk: Buffer) => Answer | undefined) => {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    const read = readWhole(bytes);
    rest = read ? undefined : bytes;
    return read?.answer;
  };
};
