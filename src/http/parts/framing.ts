import type { PartsFormat } from '../media-types.ts';

/** How parts of one body are separated. */
export interface Framing {
  readonly headers: readonly string[];
  /** What the body begins with. */
  readonly begin: string;
  /** A part, as far as a client needs to see that it is complete. */
  readonly part: (json: string) => string;
  readonly end: string;
  /** Keeps connections of proxies open while no part is ready; `undefined` if there is no such thing. */
  readonly ping: string | undefined;
}

/** nginx would collect parts until its buffer is full. */
const unbuffered = ['x-accel-buffering', 'no'] as const;

const partHeaders = (json: string): string =>
  `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(json)}`;

/** As Apollo's clients and servers send it: each part is followed by the delimiter at once (RFC 2046, 5.1). */
const multipart = (spec: PartsFormat['spec']): Framing => ({
  headers: [
    'content-type',
    `multipart/mixed; boundary="-"${spec === null ? '' : `; ${spec}`}`,
    ...unbuffered,
  ],
  begin: '\r\n---',
  part: (json) => `\r\n${partHeaders(json)}\r\n\r\n${json}\r\n---`,
  end: '--\r\n',
  ping: undefined,
});

/** The protocol graphql-sse, one connection for each operation. JSON has no line breaks. */
const events: Framing = {
  headers: ['content-type', 'text/event-stream; charset=utf-8', ...unbuffered],
  // Some browsers wait for the first byte of the body before they report the headers.
  begin: ':\n\n',
  part: (json) => `event: next\ndata: ${json}\n\n`,
  end: 'event: complete\ndata:\n\n',
  ping: ':\n\n',
};

const multiparts = {
  none: multipart(null),
  'deferSpec=20220824': multipart('deferSpec=20220824'),
  'incrementalSpec=v0.2': multipart('incrementalSpec=v0.2'),
};

export const framingOf = ({ type, spec }: PartsFormat): Framing =>
  type === 'text/event-stream' ? events : multiparts[spec ?? 'none'];

/** A body of one part. */
export const wholeBody = ({ begin, part, end }: Framing, json: string): string =>
  `${begin}${part(json)}${end}`;
