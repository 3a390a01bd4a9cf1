import type { Dispatcher } from 'undici';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { QueuedTimeout, TimeoutQueue } from '../../lib/timeout-queue.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { RowsBody, type RowsRequest } from '../rows/rows-body.ts';
import { type ParseBody, parseJson } from './body-parser.ts';
import { type BufferSpace, type ResponseBody, WholeBody } from './response-body.ts';
import { type Loss, TransportError } from './transport-error.ts';

type Headers = HttpReply['headers'];

/** The bytes that concurrent responses may hold together. */
export class ResponseSpace implements BufferSpace {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** @returns false if not enough space is left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }
}

const once = { once: true } as const;
const noHeaders: Headers = {};

/** A timer that fires later than this shows that the process was busy. */
const toleratedLateMs = 20;

const announcedBytes = (headers: Headers): number => Number(headers['content-length'] ?? 0);

const htmlStart = /^\s*<(?:!doctype|html|head|body|h1|p|title)\b/i;

/** Creates a reply. Of a body that is not JSON only its kind and its length are kept. */
const replyOf = (
  status: number,
  headers: Headers,
  json: unknown,
  text: string,
  keepsText: boolean,
): HttpReply => {
  if (json === undefined) {
    const page = { isHtml: htmlStart.test(text.slice(0, 200)), length: text.length };
    return { status, headers, json, page };
  }
  return keepsText ? { status, headers, json, text } : { status, headers, json };
};

/** Limits of the duration of an exchange and of the size of its response. */
export interface ExchangeLimits {
  /** The time from the start to the last byte of the response. */
  readonly timeouts: TimeoutQueue;
  /** The maximum size of the response body in bytes. */
  readonly maxBytes: number;
  readonly space: ResponseSpace;
}

/** The part of a request that an exchange uses. */
export interface ExchangeRequest {
  /** Aborts when nobody waits for the exchange any more. */
  readonly signal?: CancelSignal | undefined;
  /** Receives the rows of the response while they arrive, if the operation returns rows. */
  readonly rows?: RowsRequest | undefined;
  /** The parser of the body, if the operation has one of its own. */
  readonly parse?: ParseBody | undefined;
  /** Whether the reply contains the text of its body too. */
  readonly keepsText?: boolean | undefined;
}

/**
 * One request through an undici pool, and its response.
 *
 * It is settled once: by the end of the response, a failure, the timeout or the signal. It records whether a connection
 * was assigned. Before that nothing was sent, and after a failure nothing will be.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  // Cleared at the end. V8 may move such objects to the old generation, which keeps everything they refer to in memory
  // until a full collection.
  #request: ExchangeRequest | undefined;
  #resolve: ((reply: HttpReply) => void) | undefined;
  #reject: ((error: TransportError) => void) | undefined;
  #timeout: QueuedTimeout | undefined;
  /** Of an extended timeout. */
  #timer: NodeJS.Timeout | undefined;
  #dueAt: number;
  #leave: (() => void) | undefined;
  #body: ResponseBody | undefined;
  #bytes = 0;
  #status = 0;
  #headers: Headers = noHeaders;
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;

  constructor(
    request: ExchangeRequest,
    limits: ExchangeLimits,
    resolve: (reply: HttpReply) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#request = request;
    this.#limits = limits;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#body = new WholeBody(limits.space);
    this.#timeout = limits.timeouts.start(this.#onDue);
    this.#dueAt = this.#timeout.dueAt;
    if (!request.signal) return;
    this.#leave = () => this.#fail('left');
    request.signal.addEventListener('abort', this.#leave, once);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(connection: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // Informational responses (1xx) precede the response.
    if (status < 200 || !this.#request) return;
    this.#status = status;
    this.#headers = headers;
    // The raw headers are views that would keep the received chunk in memory.
    connection.rawHeaders = null;
    const { rows } = this.#request;
    if (rows && status < 300) {
      this.#body = new RowsBody(rows, { status, headers, connection }, this.#limits.space);
    }
    if (announcedBytes(headers) > this.#limits.maxBytes) this.#fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#request) return;
    this.#bytes += chunk.length;
    const loss = this.#bytes > this.#limits.maxBytes ? 'tooLarge' : this.#body?.take(chunk);
    if (loss) this.#fail(loss);
  }

  onResponseEnd(): void {
    if (!this.#request || !this.#body) return;
    const ended = this.#body.end();
    if ('loss' in ended) {
      this.#fail(ended.loss);
      return;
    }
    const { parse = parseJson, keepsText = false } = this.#request;
    const reply = replyOf(this.#status, this.#headers, parse(ended.text), ended.text, keepsText);
    const resolve = this.#resolve;
    this.#end();
    resolve?.(reply);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('lost', error);
  }

  /**
   * Ends the exchange, unless this process itself is late: while it was busy, it did not read data that the upstream
   * may have sent in time. The timeout is extended by the delay.
   */
  readonly #onDue = (): void => {
    if (!this.#request) return;
    const lateMs = performance.now() - this.#dueAt;
    if (lateMs < toleratedLateMs) {
      this.#fail('timeout');
      return;
    }
    const moreMs = Math.min(lateMs, this.#limits.timeouts.milliseconds);
    this.#dueAt = performance.now() + moreMs;
    this.#timer = setTimeout(this.#onDue, moreMs);
  };

  #end(): void {
    if (this.#timeout) this.#limits.timeouts.cancel(this.#timeout);
    clearTimeout(this.#timer);
    if (this.#leave) this.#request?.signal?.removeEventListener('abort', this.#leave);
    this.#request = undefined;
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#timeout = undefined;
    this.#timer = undefined;
    this.#leave = undefined;
    this.#body = undefined;
    this.#headers = noHeaders;
    this.#connection = undefined;
  }

  /** Ends the exchange without a response, in any state. */
  #fail(loss: Loss, cause?: unknown): void {
    if (!this.#request) return;
    const reject = this.#reject;
    const connection = this.#connection;
    this.#failure = new TransportError(loss, connection !== undefined, cause);
    this.#body?.drop();
    this.#end();
    reject?.(this.#failure);
    if (connection?.aborted === false) connection.abort(this.#failure);
  }
}
