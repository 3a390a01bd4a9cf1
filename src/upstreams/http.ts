import { Pool } from 'undici';
import type { Signal } from '../light-signal.ts';
import { type ParseBody, parseJson } from './body-parser.ts';
import { AnswerSpace, Exchange } from './exchange.ts';
import type { RowsWanted } from './rows/rows-body.ts';
import { givenUp } from './transport-error.ts';
import type { HttpReply } from './verdict.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  /** Names and values in turn. They are those of other requests too. */
  readonly headers: string[];
  readonly body?: string | undefined;
  readonly signal?: Signal | undefined;
  /** Whether the answer may be as large as any; else it may be a fraction of that. */
  readonly isLarge?: boolean | undefined;
  /** Who takes the rows of the answer as they come. */
  readonly rows?: RowsWanted | undefined;
  /** What reads the body, where it is known what is usually in it. */
  readonly parse?: ParseBody | undefined;
}

export interface Http {
  /**
   * Sends a request and reads its whole answer; where its rows are taken, all that judges it.
   *
   * @throws {TransportError} when no whole answer came.
   */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Lets the calls under way finish and closes all connections. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Address of the upstream, with the path that all operations' paths are appended to. */
  readonly url: string;
  /** Milliseconds from the first wait for a connection to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How many bytes the body of a large answer may have. */
  readonly maxAnswerBytes: number;
  readonly connections: number;
}

/** An ordinary answer is a few rows: what it may take up at the most is the largest answer divided by this. */
const ordinaryShare = 8;

/** How many of the largest answers may come in at the same moment: with all of them memory would run out. */
const answersAtOnce = 4;

/** One pool of connections to one upstream; knows nothing of what is said over them. */
export const createHttp = ({ url, timeoutMs, maxAnswerBytes, connections }: HttpOptions): Http => {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  // undici's own timers are coarse, and none of them spans a whole exchange.
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const space = new AnswerSpace(maxAnswerBytes * answersAtOnce);
  return {
    send: ({ method, path, headers, body = null, signal, isLarge = false, rows, parse = parseJson }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(givenUp(signal));
          return;
        }
        const maxBytes = isLarge ? maxAnswerBytes : maxAnswerBytes / ordinaryShare;
        const exchange = new Exchange({ timeoutMs, maxBytes, space, signal, rows, parse, resolve, reject });
        // A connection takes one request at a time anyway: undici need not hold it back for that.
        pool.dispatch({ method, path: prefix + path, headers, body, blocking: false }, exchange);
      }),
    close: () => pool.close(),
  };
};
