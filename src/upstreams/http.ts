import { errors, Pool } from 'undici';
import type { HttpReply } from './verdict.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Http {
  /**
   * Sends a request and reads its whole answer.
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
  readonly maxConcurrency: number;
}

/** A request that got no whole answer. */
export class TransportError extends Error {
  /** Whether any of the request may have reached the upstream. */
  readonly mayBeSent: boolean;
  readonly isTimeout: boolean;

  constructor(cause: unknown, isTimeout: boolean) {
    super('No whole answer came from the upstream', { cause });
    this.name = 'TransportError';
    this.mayBeSent = !isBeforeSending(cause);
    this.isTimeout = isTimeout || isTimeoutOfUndici(cause);
  }
}

// All that can go wrong before the first byte is written: no name, no connection, no handshake.
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const isBeforeSending = (cause: unknown): boolean =>
  cause instanceof AggregateError
    ? cause.errors.every(isBeforeSending)
    : cause instanceof Error && 'code' in cause && beforeSending.has(String(cause.code));

const isTimeoutOfUndici = (cause: unknown): boolean =>
  cause instanceof errors.ConnectTimeoutError ||
  cause instanceof errors.HeadersTimeoutError ||
  cause instanceof errors.BodyTimeoutError;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One pool of connections to one upstream; knows nothing of what is said over them. */
export const createHttp = ({ url, timeoutMs, maxConcurrency }: HttpOptions): Http => {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/+$/, '');
  const pool = new Pool(origin, {
    connections: maxConcurrency,
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return {
    send: async ({ method, path, headers, body, signal }) => {
      // undici times neither the wait for a connection nor the whole of an exchange.
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        const reply = await pool.request({
          method,
          path: prefix + path,
          headers,
          body: body ?? null,
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
        });
        return {
          status: reply.statusCode,
          headers: reply.headers,
          json: parseJson(await reply.body.text()),
        };
      } catch (cause) {
        throw new TransportError(cause, deadline.aborted);
      }
    },
    close: () => pool.close(),
  };
};
