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
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #leave: () => void;
  #body: AnswerBody;
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;
  #isOver = false;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#body = new WholeBody(options.space);
    this.#timer = setTimeout(() => this.#fail('timeout'), options.timeoutMs);
    this.#leave = () => this.#fail('left');
    options.signal?.addEventListener('abort', this.#leave, once);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(connection: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // What comes before the answer is not it.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const { rows, space, maxBytes } = this.#options;
    if (rows && status < 300) this.#body = new RowsBody(rows, { status, headers, connection }, space);
    if (announcedBytes(headers) > maxBytes) this.#fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#failure) return;
    this.#bytes += chunk.length;
    const loss = this.#bytes > this.#options.maxBytes ? 'tooLarge' : this.#body.take(chunk);
    if (loss) this.#fail(loss);
  }

  onResponseEnd(): void {
    if (this.#failure) return;
    const ended = this.#body.end();
    if ('loss' in ended) {
      this.#fail(ended.loss);
      return;
    }
    this.#end();
    const { parse, resolve } = this.#options;
    resolve({ status: this.#status, headers: this.#headers, json: parse(ended.text) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail('lost', error);
  }

  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#leave);
  }

  /** Ends it without an answer: at once, wherever it stands. */
  #fail(loss: Loss, cause?: unknown): void {
    if (this.#isOver) return;
    this.#end();
    this.#failure = new TransportError(loss, this.#connection !== undefined, cause);
    this.#body.drop();
    this.#options.reject(this.#failure);
    if (this.#connection?.aborted === false) this.#connection.abort(this.#failure);
  }
}
