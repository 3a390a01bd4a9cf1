import type { Dispatcher } from 'undici';
import type { Signal } from '../light-signal.ts';
import { type AnswerBody, type Space, WholeBody } from './answer-body.ts';
import type { ParseBody } from './body-parser.ts';
import { RowsBody, type RowsWanted } from './rows/rows-body.ts';
import { type Loss, TransportError } from './transport-error.ts';
import type { HttpReply } from './verdict.ts';

type Headers = HttpReply['headers'];

/** What answers that come in at the same moment may take up together, in bytes. */
export class AnswerSpace implements Space {
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

const announcedBytes = (headers: Headers): number => Number(headers['content-length'] ?? 0);

/** What becomes of one request. */
export interface ExchangeOptions {
  /** Milliseconds from now to the last byte of the answer. */
  readonly timeoutMs: number;
  /** How large the body of its answer may be. */
  readonly maxBytes: number;
  readonly space: AnswerSpace;
  /** Aborts when nobody waits for it any more. */
  readonly signal: Signal | undefined;
  /** Who takes the rows of the answer as they come, where it has such. */
  readonly rows: RowsWanted | undefined;
  readonly parse: ParseBody;
  readonly resolve: (reply: HttpReply) => void;
  readonly reject: (error: TransportError) => void;
}

/**
 * One request on its way through a pool of undici, and its answer.
 *
 * It is settled once, by whatever comes first: the end of the answer, its failure, its time, or its signal. It knows
 * whether the request had a connection to be written to: before that nothing was sent, and once it failed nothing
 * will be.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  // Let go of at the end: V8 may take such objects for long-lived ones, and then what one of them holds stays, with all
  // that it leads to, until the whole heap is collected.
  #options: ExchangeOptions | undefined;
  #timer: NodeJS.Timeout | undefined;
  #leave: (() => void) | undefined;
  #body: AnswerBody | undefined;
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#body = new WholeBody(options.space);
    this.#timer = setTimeout(() => this.#fail('timeout'), options.timeoutMs);
    if (!options.signal) return;
    this.#leave = () => this.#fail('left');
    options.signal.addEventListener('abort', this.#leave, once);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(connection: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // What comes before the answer is not it.
    if (status < 200 || !this.#options) return;
    this.#status = status;
    this.#headers = headers;
    // As undici keeps them they are parts of what they came in with, and hold all of that.
    connection.rawHeaders = null;
    const { rows, space, maxBytes } = this.#options;
    if (rows && status < 300) this.#body = new RowsBody(rows, { status, headers, connection }, space);
    if (announcedBytes(headers) > maxBytes) this.#fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#options) return;
    this.#bytes += chunk.length;
    const loss = this.#bytes > this.#options.maxBytes ? 'tooLarge' : this.#body?.take(chunk);
    if (loss) this.#fail(loss);
  }

  onResponseEnd(): void {
    if (!this.#options || !this.#body) return;
    const ended = this.#body.end();
    if ('loss' in ended) {
      this.#fail(ended.loss);
      return;
    }
    const { parse, resolve } = this.#options;
    const reply = { status: this.#status, headers: this.#headers, json: parse(ended.text) };
    this.#end();
    resolve(reply);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('lost', error);
  }

  #end(): void {
    clearTimeout(this.#timer);
    if (this.#leave) this.#options?.signal?.removeEventListener('abort', this.#leave);
    this.#options = undefined;
    this.#timer = undefined;
    this.#leave = undefined;
    this.#body = undefined;
    this.#headers = {};
    this.#connection = undefined;
  }

  /** Ends it without an answer: at once, wherever it stands. */
  #fail(loss: Loss, cause?: unknown): void {
    if (!this.#options) return;
    const { reject } = this.#options;
    const connection = this.#connection;
    this.#failure = new TransportError(loss, connection !== undefined, cause);
    this.#body?.drop();
    this.#end();
    reject(this.#failure);
    if (connection?.aborted === false) connection.abort(this.#failure);
  }
}
