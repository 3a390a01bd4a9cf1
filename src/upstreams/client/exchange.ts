import type { Dispatcher } from 'undici';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { RowsBody, type RowsRequest } from '../rows/rows-body.ts';
import { type ParseBody, parseJson } from './body-parser.ts';
import { type BufferSpace, type ResponseBody, WholeBody } from './response-body.ts';
import { type Loss, TransportError } from './transport-error.ts';

type Headers = HttpReply['headers'];

/** What answers that come in at the same moment may take up together, in bytes. */
export class ResponseSpace implements BufferSpace {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** @returns false where there is not so much left. */
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

/** A timer that is later than this shows that the process was busy. */
const toleratedLateMs = 20;

const announcedBytes = (headers: Headers): number => Number(headers['content-length'] ?? 0);

/** How long an exchange may take, and how large its answer may be. */
export interface ExchangeLimits {
  /** Milliseconds from its beginning to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How large the body of its answer may be. */
  readonly maxBytes: number;
  readonly space: ResponseSpace;
}

/** What an exchange is told of its request. */
export interface ExchangeRequest {
  /** Aborts when nobody waits for it any more. */
  readonly signal?: CancelSignal | undefined;
  /** Who takes the rows of the answer as they come, where it has such. */
  readonly rows?: RowsRequest | undefined;
  /** What reads the body, where it is known what is usually in it. */
  readonly parse?: ParseBody | undefined;
}

/**
 * One request on its way through a pool of undici, and its answer.
 *
 * It is settled once, by whatever comes first: the end of the answer, its failure, its time, or its signal. It knows
 * whether the request had a connection to be written to: before that nothing was sent, and once it failed nothing
 * will be.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #limits: ExchangeLimits;
  // Let go of at the end: V8 may take such objects for long-lived ones, and then what one of them holds stays, with all
  // that it leads to, until the whole heap is collected.
  #request: ExchangeRequest | undefined;
  #resolve: ((reply: HttpReply) => void) | undefined;
  #reject: ((error: TransportError) => void) | undefined;
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
    this.#dueAt = performance.now() + limits.timeoutMs;
    this.#timer = setTimeout(this.#onTimer, limits.timeoutMs);
    if (!request.signal) return;
    this.#leave = () => this.#fail('left');
    request.signal.addEventListener('abort', this.#leave, once);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(connection: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // What comes before the answer is not it.
    if (status < 200 || !this.#request) return;
    this.#status = status;
    this.#headers = headers;
    // As undici keeps them they are parts of what they came in with, and hold all of that.
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
    const { parse = parseJson } = this.#request;
    const reply = { status: this.#status, headers: this.#headers, json: parse(ended.text) };
    const resolve = this.#resolve;
    this.#end();
    resolve?.(reply);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('lost', error);
  }

  /**
   * Ends the exchange unless this process is late itself: while it was busy, it read nothing of what the upstream may have
   * sent in time. By as much as it is late it waits for longer.
   */
  readonly #onTimer = (): void => {
    if (!this.#request) return;
    const lateMs = performance.now() - this.#dueAt;
    if (lateMs < toleratedLateMs) {
      this.#fail('timeout');
      return;
    }
    const moreMs = Math.min(lateMs, this.#limits.timeoutMs);
    this.#dueAt = performance.now() + moreMs;
    this.#timer = setTimeout(this.#onTimer, moreMs);
  };

  #end(): void {
    clearTimeout(this.#timer);
    if (this.#leave) this.#request?.signal?.removeEventListener('abort', this.#leave);
    this.#request = undefined;
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#timer = undefined;
    this.#leave = undefined;
    this.#body = undefined;
    this.#headers = noHeaders;
    this.#connection = undefined;
  }

  /** Ends it without an answer: at once, wherever it stands. */
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
