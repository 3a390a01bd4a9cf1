import { Pool } from 'undici';
import type { HttpReply } from '../endpoint/verdict.ts';
import { Exchange, type ExchangeLimits, type ExchangeRequest, ResponseSpace } from './exchange.ts';
import { cancelled } from './transport-error.ts';

export interface HttpRequest extends ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  /** Names and values in turn. They are those of other requests too. */
  readonly headers: string[];
  readonly body?: string | undefined;
  /** Whether the answer may be as large as any; else it may be a fraction of that. */
  readonly isLarge?: boolean | undefined;
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
  readonly maxResponseBytes: number;
  readonly connections: number;
}

/** An ordinary answer is a few rows: what it may take up at the most is the largest answer divided by this. */
const ordinaryShare = 8;

/** How many of the largest answers may come in at the same moment: with all of them memory would run out. */
const responsesAtOnce = 4;

/** One pool of connections to one upstream; knows nothing of what is said over them. */
export const createHttp = ({ url, timeoutMs, maxResponseBytes, connections }: HttpOptions): Http => {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  // undici's own timers are coarse, and none of them spans a whole exchange.
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const space = new ResponseSpace(maxResponseBytes * responsesAtOnce);
  const large: ExchangeLimits = { timeoutMs, maxBytes: maxResponseBytes, space };
  const ordinary: ExchangeLimits = { timeoutMs, maxBytes: maxResponseBytes / ordinaryShare, space };
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const { method, path, headers, body = null, signal, isLarge = false } = request;
        if (signal?.aborted) {
          reject(cancelled(signal));
          return;
        }
        const exchange = new Exchange(request, isLarge ? large : ordinary, resolve, reject);
        // A connection takes one request at a time anyway: undici need not hold it back for that.
        pool.dispatch({ method, path: prefix + path, headers, body, blocking: false }, exchange);
      }),
    close: () => pool.close(),
  };
};
