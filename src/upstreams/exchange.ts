import type { Dispatcher } from 'undici';
import { type Loss, TransportError } from './transport-error.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** An answer as it came, with its body as text. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

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
  readonly #settle: (outcome: RawAnswer | TransportError) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #connection: Dispatcher.DispatchController | undefined;
  #failure: TransportError | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    let settle: (outcome: RawAnswer | TransportError) => void = () => {};
    this.answer = new Promise((resolve, reject) => {
      settle = (outcome) => (outcome instanceof TransportError ? reject(outcome) : resolve(outcome));
    });
    this.#settle = settle;
  }

  /** Ends it without an answer: at once, wherever it stands. */
  fail(loss: Loss, cause?: unknown): void {
    this.#failure ??= new TransportError(loss, this.#connection !== undefined, cause);
    this.#settle(this.#failure);
    if (this.#connection?.aborted === false) this.#connection.abort(this.#failure);
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    if (this.#failure) connection.abort(this.#failure);
    else this.#connection = connection;
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
    if (announcedBytes(headers) > this.#maxBytes) this.fail('tooLarge');
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.fail('tooLarge');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const text = utf8.decode(Buffer.concat(this.#chunks));
    this.#settle({ status: this.#status, headers: this.#headers, text });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.fail('lost', error);
  }
}
