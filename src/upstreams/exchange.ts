import type { Dispatcher } from 'undici';
import { type AnswerBody, type Space, WholeBody } from './answer-body.ts';
import { RowsBody, type RowsWanted } from './rows/rows-body.ts';
import { type Loss, TransportError } from './transport-error.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it came, with its body as text. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

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

const announcedBytes = (headers: Headers): number => Number(headers['content-length'] ?? 0);

/**
 * One request on its way through a pool of undici, and its answer.
 *
 * It is settled once, by whatever comes first: the end of the answer, its failure, or `fail`. It knows whether the
 * request had a connection to be written to: before that nothing was sent, and once it failed nothing will be.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<RawAnswer>;
  readonly #maxBytes: number;
  readonly #space: AnswerSpace;
  readonly #rows: RowsWanted | undefined;
  readonly #settle: (outcome: RawAnswer | TransportError) => void;
  #body: AnswerBody;
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;
  #isOver = false;

  /**
   * @param maxBytes how large its answer may be.
   * @param rows who takes the rows of the answer as they come, where it has such.
   */
  constructor(maxBytes: number, space: AnswerSpace, rows?: RowsWanted) {
    this.#maxBytes = maxBytes;
    this.#space = space;
    this.#rows = rows;
    this.#body = new WholeBody(space);
    let settle: (outcome: RawAnswer | TransportError) => void = () => {};
    this.answer = new Promise((resolve, reject) => {
      settle = (outcome) => (outcome instanceof TransportError ? reject(outcome) : resolve(outcome));
    });
    this.#settle = settle;
  }

  /** Ends it without an answer: at once, wherever it stands. */
  fail(loss: Loss, cause?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = new TransportError(loss, this.#connection !== undefined, cause);
    this.#body.drop();
    this.#settle(this.#failure);
    if (this.#connection?.aborted === false) this.#connection.abort(this.#failure);
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
    if (this.#rows && status < 300) {
      this.#body = new RowsBody(this.#rows, { status, headers, connection }, this.#space);
    }
    if (announcedBytes(headers) > this.#maxBytes) this.fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#failure) return;
    this.#bytes += chunk.length;
    const loss = this.#bytes > this.#maxBytes ? 'tooLarge' : this.#body.take(chunk);
    if (loss) this.fail(loss);
  }

  onResponseEnd(): void {
    if (this.#failure) return;
    const ended = this.#body.end();
    if ('loss' in ended) {
      this.fail(ended.loss);
    } else {
      this.#isOver = true;
      this.#settle({ status: this.#status, headers: this.#headers, text: ended.text });
    }
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail('lost', error);
  }
}
