import { Pool } from 'undici';
import { TimeoutQueue } from '../../lib/timeout-queue.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { Exchange, type ExchangeLimits, type ExchangeRequest, ResponseSpace } from './exchange.ts';
import { cancelled } from './transport-error.ts';

export interface HttpRequest extends ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  /** Names and values alternately. The array is shared with other requests. */
  readonly headers: string[];
  readonly body?: string | undefined;
  /** Whether the response may have the maximum size. All others are limited to a fraction of it. */
  readonly isLarge?: boolean | undefined;
}

export interface Http {
  /**
   * Sends a request and reads its whole response. If the rows are taken while they arrive, the reply contains the rest
   * that is needed to judge it.
   *
   * @throws {TransportError} if no whole response arrived.
   */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Waits for the calls in flight, and closes all connections. */
  close(): Promise<void>;
}

export interface HttpOptions {
  /** Base URL of the upstream; the paths of operations are appended to its path. */
  readonly url: string;
  /** Milliseconds from the wait for a connection to the last byte of the response. */
  readonly timeoutMs: number;
  /** The maximum bytes of the body of a large response. */
  readonly maxResponseBytes: number;
  readonly connections: number;
}

/** An ordinary response has a few rows: its maximum size is that of a large one, divided by this. */
const ordinaryShare = 8;

/** The number of maximum-size responses that may arrive at once: more would exhaust the memory. */
const responsesAtOnce = 4;

/** Creates a connection pool to one upstream. It does not interpret requests or responses. */
export const createHttp = ({ url, timeoutMs, maxResponseBytes, connections }: HttpOptions): Http => {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  // undici's timers are coarse, and none of them covers a whole exchange.
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const space = new ResponseSpace(maxResponseBytes * responsesAtOnce);
  const timeouts = new TimeoutQueue(timeoutMs);
  const large: ExchangeLimits = { timeouts, maxBytes: maxResponseBytes, space };
  const ordinary: ExchangeLimits = { timeouts, maxBytes: maxResponseBytes / ordinaryShare, space };
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const { method, path, headers, body = null, signal, isLarge = false } = request;
        if (signal?.aborted) {
          reject(cancelled(signal));
          return;
        }
        const exchange = new Exchange(request, isLarge ? large : ordinary, resolve, reject);
        // A connection processes one request at a time anyway, so undici need not delay others for it.
        pool.dispatch({ method, path: prefix + path, headers, body, blocking: false }, exchange);
      }),
    close: () => pool.close(),
  };
};
