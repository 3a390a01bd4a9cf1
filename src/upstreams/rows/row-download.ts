import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type CallRequester, Ticket } from '../client/bulkhead.ts';
import type { OnExchangeEnd } from '../client/wait-times.ts';
import type { Judged } from '../endpoint/verdict.ts';
import type { BackgroundDownloads } from './background-downloads.ts';
import { RowStream } from './row-stream.ts';

/** Called when an exchange begins. */
export type OnExchange = () => OnExchangeEnd;

interface DownloadOptions {
  /** Identifies the writes before the read. */
  readonly generation: string;
  /** The background downloads of the process. */
  readonly background: BackgroundDownloads;
  /** Whether the download should continue without readers, given the bytes in memory. */
  readonly isUseful: (bytes: number) => boolean;
  readonly onResponse: (response: Judged) => void;
  readonly onError: (error: unknown) => void;
  /** Called when the download ends or is cancelled. */
  readonly onOver: () => void;
}

/**
 * One read of a list, shared by all concurrent readers.
 *
 * When all readers are served, the download continues in the background for later pages: otherwise the upstream would
 * have to create the response again. It is cancelled when all readers have cancelled without a result.
 */
export class RowDownload {
  readonly stream: RowStream;
  /** The requesters of the download. */
  readonly ticket: Ticket;
  readonly #options: DownloadOptions;
  readonly #cancelled = new LightAbortSignal();
  readonly #begun = performance.now();
  #status: number | null = null;
  #isOver = false;
  /** The number of readers; `null` before the first one. */
  #readers: number | null = null;
  /** Whether a reader was served, so that more of the list may be requested. */
  #isServed = false;
  /** Whether the download runs in the background. */
  #isBackground = false;
  /**
   * The callback of the reader that started the download, while it has readers. A background download keeps no
   * reference to a completed request.
   */
  #onExchange: OnExchange | undefined;
  #onEnd: OnExchangeEnd | undefined;

  constructor(requester: CallRequester, options: DownloadOptions) {
    this.ticket = new Ticket(requester);
    this.#options = options;
    this.stream = new RowStream(options.generation);
    this.stream.onRows = () => this.reconsider();
    // A background download is not retried.
    this.stream.onAbort = () => this.cancel();
    this.stream.nextSlice = (go) => {
      if (this.#isBackground) options.background.wait(this, go);
      else setImmediate(go);
    };
  }

  /**
   * Returns the HTTP status of the response; `null` if there is none.
   *
   * @param isServed whether a part of the response is enough.
   */
  status(isServed: boolean): number | null {
    return this.#status ?? (isServed ? this.stream.status : null);
  }

  get isCancelled(): boolean {
    return this.#cancelled.aborted;
  }

  /** Begins an exchange. @returns a function that receives its HTTP status. */
  readonly onExchange: OnExchange = () => {
    const onEnd = this.#onExchange?.();
    this.#onEnd = onEnd;
    const end = (status: number | null): void => this.#onEnd?.(status);
    return onEnd?.headers ? Object.assign(end, { headers: onEnd.headers }) : end;
  };

  /** Returns the milliseconds since the start. */
  readonly ageMs = (): number => performance.now() - this.#begun;

  /**
   * Starts the download.
   *
   * @param read executes the read and writes to the stream. Its signal aborts on cancellation.
   * @param onExchange the callback of the reader that starts the download.
   */
  start(read: (signal: CancelSignal) => Promise<Judged>, onExchange: OnExchange): void {
    this.#onExchange = onExchange;
    const { onResponse: onAnswer, onError, onOver } = this.#options;
    void read(this.#cancelled)
      .finally(() => {
        this.#isOver = true;
        this.#setBackground(false);
      })
      .then((response) => {
        this.#status = response.status;
        onAnswer(response);
      })
      .catch(onError)
      .finally(onOver);
  }

  /**
   * Keeps the download in the foreground until a reader is served or has cancelled.
   *
   * @param onExchange the callback of the reader that started the download.
   */
  async serve<Value>(wait: Promise<Value>, onExchange?: OnExchange): Promise<Value> {
    this.#readers = (this.#readers ?? 0) + 1;
    if (onExchange) this.#onExchange = onExchange;
    this.#setBackground(false);
    try {
      const value = await wait;
      this.#isServed = true;
      return value;
    } finally {
      this.#readers -= 1;
      this.reconsider();
    }
  }

  /**
   * Cancels the download if it has no readers and is of no use for later pages; otherwise continues it in the
   * background.
   */
  reconsider(): void {
    if (!this.#isServed || !this.#options.isUseful(this.stream.bytes)) this.cancel();
    else if (this.#isLeft()) this.#setBackground(true);
  }

  /** Cancels the download, unless it has readers. */
  cancel(): void {
    if (!this.#isLeft()) return;
    this.#setBackground(false);
    this.#options.onOver();
    this.#cancelled.abort();
  }

  /** A complete download stays as it is. */
  #isLeft(): boolean {
    return this.#readers === 0 && !this.#isOver && !this.isCancelled;
  }

  #setBackground(isBackground: boolean): void {
    if (isBackground === this.#isBackground) return;
    this.#isBackground = isBackground;
    if (isBackground) {
      this.#onExchange = undefined;
      this.#onEnd = undefined;
    }
    if (isBackground) this.#options.background.begin(this);
    else this.#options.background.end(this);
  }
}
