import type { Dispatcher } from 'undici';
import { type Loss, TransportError } from './transport-error.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it came, with its body as text. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What answers that come in at the same moment may take up together, in bytes. */
export class AnswerSpace {
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

/** A row of an account has 290 values, and the largest portfolio known 10,000 rows. */
const maxValues = 4_000_000;
const smallBytes = 1_000_000;

const [comma, bracket, brace] = [0x2c, 0x5b, 0x7b];

/** Counts at least the values of a JSON text: what they cost does not follow from its length. */
const countValues = (chunks: readonly Buffer[]): number => {
  let count = 0;
  for (const chunk of chunks) {
    // By index, which takes a third of the time: it is done to tens of megabytes, and nothing runs beside it.
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (byte === comma || byte === bracket || byte === brace) count += 1;
    }
  }
  return count;
};

const utf8 = new TextDecoder();

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
  readonly #settle: (outcome: RawAnswer | TransportError) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;

  /** @param maxBytes how large its answer may be. */
  constructor(maxBytes: number, space: AnswerSpace) {
    this.#maxBytes = maxBytes;
    this.#space = space;
    let settle: (outcome: RawAnswer | TransportError) => void = () => {};
    this.answer = new Promise((resolve, reject) => {
      settle = (outcome) => (outcome instanceof TransportError ? reject(outcome) : resolve(outcome));
    });
    this.#settle = settle;
  }

  /** Ends it without an answer: at once, wherever it stands. */
  fail(loss: Loss, cause?: unknown): void {
    if (this.#failure) return;
    this.#failure = new TransportError(loss, this.#connection !== undefined, cause);
    this.#drop();
    this.#settle(this.#failure);
    if (this.#connection?.aborted === false) this.#connection.abort(this.#failure);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // What comes before the answer is not it.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    if (announcedBytes(headers) > this.#maxBytes) this.fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#failure) return;
    if (this.#bytes + chunk.length > this.#maxBytes) {
      this.fail('tooLarge');
    } else if (this.#space.take(chunk.length)) {
      this.#bytes += chunk.length;
      this.#chunks.push(chunk);
    } else {
      this.fail('crowded');
    }
  }

  onResponseEnd(): void {
    if (this.#failure) return;
    if (this.#bytes > smallBytes && countValues(this.#chunks) > maxValues) {
      this.fail('tooLarge');
      return;
    }
    const text = utf8.decode(Buffer.concat(this.#chunks));
    this.#drop();
    this.#settle({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail('lost', error);
  }

  #drop(): void {
    this.#space.giveBack(this.#bytes);
    this.#bytes = 0;
    this.#chunks.length = 0;
  }
}
