import type { Random } from '../../src/sandbox/random.ts';
import { brokenBytes, randomBytes } from './broken-text.ts';
import { oneOf, times } from './chance.ts';
import { inUrl } from './targets.ts';
import { goodAuthorization } from './tokens.ts';

interface Raw {
  readonly pieces: readonly (Buffer | number)[];
  /** Whether it certainly, or possibly, ends too early to be answered. */
  readonly isUnfinished?: boolean | 'maybe';
}

type Make = (random: Random, canary: string) => Raw;

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

const whole = (text: string): Raw => ({ pieces: [bytes(text)] });

const bodyOf = (canary: string): string =>
  JSON.stringify({
    query: `# ${canary}\nquery ($a: String!) { account(fileNumber: $a) { fileNumber } }`,
    variables: { a: canary },
  });

interface Parts {
  readonly line?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly length?: number | null;
  readonly body?: string;
}

/** A request that is sent as given, valid or not. */
const written = (
  random: Random,
  canary: string,
  {
    line = 'POST /graphql HTTP/1.1',
    host = 'host: localhost',
    headers = [],
    length,
    body = bodyOf(canary),
  }: Parts,
): string => {
  const lines = [
    line,
    host,
    `authorization: ${goodAuthorization(random)}`,
    'content-type: application/json',
    ...(length === null ? [] : [`content-length: ${length ?? body.length}`]),
    ...headers,
  ];
  return `${lines.filter((one) => one !== '').join('\r\n')}\r\n\r\n${body}`;
};

const withParts =
  (partsOf: (random: Random, canary: string) => Parts): Make =>
  (random, canary) =>
    whole(written(random, canary, partsOf(random, canary)));

/** What is odd may ask for more than ever comes. */
const maybeUnfinished =
  (make: Make): Make =>
  (random, canary) => ({ ...make(random, canary), isUnfinished: 'maybe' });

const chunked = (chunks: readonly string[]): string =>
  `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`;

const lines = [
  'POST /graphql HTTP/1.0',
  'POST /graphql HTTP/0.9',
  'POST /graphql HTTP/2.0',
  'POST /graphql HTTP/9.9',
  'POST /graphql',
  'POST  /graphql  HTTP/1.1',
  'post /graphql HTTP/1.1',
  'POST http://evil.example/graphql HTTP/1.1',
  'POST https://localhost:1/graphql HTTP/1.1',
  'POST //evil.example/graphql HTTP/1.1',
  'POST /\\evil.example/graphql HTTP/1.1',
  'POST http://[/graphql HTTP/1.1',
  'POST graphql HTTP/1.1',
  'POST ?query HTTP/1.1',
  'POST /graphql#x HTTP/1.1',
  'POST /graphql\u0000 HTTP/1.1',
  'POST /gr\u00e4phql?\u00ff HTTP/1.1',
  'OPTIONS * HTTP/1.1',
  'GET * HTTP/1.1',
  'CONNECT localhost:80 HTTP/1.1',
  'CONNECT /graphql HTTP/1.1',
  'TRACE /graphql HTTP/1.1',
  'PRI * HTTP/2.0',
  'BREW /graphql HTTP/1.1',
  'M-SEARCH /graphql HTTP/1.1',
  'QUERY /graphql HTTP/1.1',
  'GET /health HTTP/1.1',
  'HEAD /ready HTTP/1.1',
  'HEAD /metrics HTTP/1.1',
  'DELETE /metrics HTTP/1.1',
  'GET :80/graphql HTTP/1.1',
];

const hosts = [
  '',
  'host:',
  'host: ',
  'host: a b',
  'host: [',
  'host: [::1',
  'host: a/b?c#d@e',
  'host: user:pass@localhost',
  'host: localhost:99999',
  'host: localhost:-1',
  'host: %',
  'host: \u00e9',
  'host: localhost, localhost',
  'host: localhost\r\nhost: evil.example',
  'host: 0x7f.1',
  'host: ..',
  'host: xn--a',
];

const oddHeaders: readonly ((canary: string) => string)[] = [
  (canary) => `x-null: ${canary}\u0000`,
  (canary) => `x-feed: a\n${canary}`,
  (canary) => `x-return: a\r${canary}`,
  (canary) => `authorization: Bearer ${canary}\r\n folded: ${canary}`,
  (canary) => `authorization: Bearer ${canary}\nx: y`,
  (canary) => `x name: ${canary}`,
  (canary) => `: ${canary}`,
  (canary) => canary,
  (canary) => `x-space : ${canary}`,
  (canary) => `x-long: ${canary.repeat(2000)}`,
  (canary) => `${canary.repeat(2000)}: x`,
  (canary) => times(3000, (index) => `x${index}: ${canary}`).join('\r\n'),
  (canary) => `expect: ${canary}`,
  () => 'expect: 100-continue',
  () => 'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: x\r\nsec-websocket-version: 13',
  () => 'upgrade: h2c\r\nconnection: upgrade, http2-settings\r\nhttp2-settings: AAMAAABkAAQAAP__',
  () => 'connection: close',
  () => 'connection: keep-alive, close, host, authorization',
  () => 'keep-alive: timeout=99999999999',
  () => 'content-length: 1',
  () => 'content-length: +5',
  () => 'te: trailers',
  () => 'trailer: authorization',
  () => 'proxy-connection: x',
  () => 'content-encoding: gzip',
];

const encodings = [
  'transfer-encoding: chunked',
  'transfer-encoding: chunked, chunked',
  'transfer-encoding: gzip, chunked',
  'transfer-encoding: gzip',
  'transfer-encoding: identity',
  'transfer-encoding: xchunked',
  'transfer-encoding : chunked',
  'transfer-encoding: chunked\r\ntransfer-encoding: identity',
  'Transfer-Encoding:\u000bchunked',
];

const chunkedBodies: readonly ((canary: string) => string)[] = [
  (canary) => chunked([bodyOf(canary)]),
  (canary) => chunked(bodyOf(canary).split('')),
  (canary) =>
    `${bodyOf(canary).length.toString(16)};${canary}="x"\r\n${bodyOf(canary)}\r\n0\r\nx-trailer: ${canary}\r\n\r\n`,
  (canary) => `-1\r\n${canary}\r\n0\r\n\r\n`,
  (canary) => `ffffffffffffffffff\r\n${canary}`,
  (canary) => `0x5\r\n${canary}\r\n0\r\n\r\n`,
  (canary) => `5\n${canary}\n0\n\n`,
  (canary) => `2\r\n${canary}\r\n0\r\n\r\n`,
  (canary) => `0\r\nauthorization: ${canary}\r\nhost: evil\r\n\r\nGET /${canary} HTTP/1.1\r\n\r\n`,
];

const get = (random: Random, canary: string, path: string): string =>
  `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${goodAuthorization(random)}\r\nx-any: ${canary}\r\n\r\n`;

const slowly = (random: Random, text: string, most: number): (Buffer | number)[] => {
  const size = Math.max(1, Math.ceil(text.length / random.integer(2, most)));
  return (text.match(new RegExp(`.{1,${size}}`, 'gs')) ?? []).flatMap((piece) => [
    bytes(piece),
    random.integer(0, 15),
  ]);
};

const makers: readonly Make[] = [
  withParts((random) => ({ line: oneOf(random, lines) })),
  withParts((random) => ({ host: oneOf(random, hosts) })),
  withParts((random, canary) => ({ headers: [oneOf(random, oddHeaders)(canary)] })),
  maybeUnfinished(
    withParts((random, canary) => ({
      headers: [oneOf(random, encodings)],
      length: random.chance(0.5) ? null : 5,
      body: oneOf(random, chunkedBodies)(canary),
    })),
  ),
  withParts((random, canary) => ({ length: random.integer(0, bodyOf(canary).length - 1) })),
  withParts((random, canary) => ({
    line: `GET /${canary}${oneOf(random, [' ', '\u007f', '\u0001', '<>"{}|^`'])} HTTP/1.1`,
    body: '',
  })),
  withParts((_, canary) => ({ line: `GET /${canary.repeat(1500)} HTTP/1.1`, body: '' })),
  withParts((_, canary) => ({ line: `GET /graphql?query=${inUrl(`{ __typename } # ${canary}`)} HTTP/1.1` })),
  maybeUnfinished((random, canary) =>
    whole(written(random, canary, {}).replaceAll('\r\n', oneOf(random, ['\n', '\r', '\r\r\n', '\n\r']))),
  ),
  maybeUnfinished((random, canary) => ({
    pieces: [brokenBytes(random, bytes(written(random, canary, {})))],
  })),
  (random, canary) => whole(times(random.integer(2, 6), () => written(random, canary, {})).join('')),
  (random, canary) =>
    whole(
      times(random.integer(2, 20), () =>
        get(random, canary, oneOf(random, ['/health', '/ready', '/graphql'])),
      ).join(''),
    ),
  (random, canary) => ({ pieces: slowly(random, written(random, canary, {}), 12) }),
  (random, canary) => ({
    pieces: slowly(
      random,
      written(random, canary, {
        headers: ['transfer-encoding: chunked'],
        length: null,
        body: chunked(bodyOf(canary).split('')),
      }),
      6,
    ),
  }),
  maybeUnfinished((random) => ({ pieces: [randomBytes(random, 300)] })),
  // A client that speaks TLS receives an error at once.
  () => ({ pieces: [Buffer.from('16030100c8010000c40303', 'hex')] }),
  (random, canary) => {
    const text = written(random, canary, {});
    return { pieces: [bytes(text.slice(0, random.integer(0, text.length - 1)))], isUnfinished: true };
  },
  (random, canary) => ({
    pieces: [bytes(written(random, canary, { length: 100_000 })), random.integer(0, 20)],
    isUnfinished: true,
  }),
  (random, canary) => ({
    pieces: [bytes(written(random, canary, { headers: ['expect: 100-continue'], body: '', length: 200 }))],
    isUnfinished: true,
  }),
];

/** Anything that may come in over a connection, with what is odd in the lines, the headers or the body of a request. */
export const rawPieces: Make = (random, canary) => oneOf(random, makers)(random, canary);
