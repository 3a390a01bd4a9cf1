import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type CallRequester, Ticket } from '../client/bulkhead.ts';
import type { OnExchangeEnd } from '../client/wait-times.ts';
import type { Judged } from '../endpoint/verdict.ts';
import type { BackgroundDownloads } from './background-downloads.ts';
import { RowStream } from './row-stream.ts';

/** Hears of each exchange as it begins. */
export type OnExchange = () => OnExchangeEnd;

interface DownloadOptions {
  /** Where it goes on when nobody waits. */
  readonly background: BackgroundDownloads;
  /** Whether it is worth while to go on although nobody waits, with so many bytes held. */
  readonly isUseful: (bytes: number) => boolean;
  readonly onAnswer: (answer: Judged) => void;
  readonly onError: (error: unknown) => void;
  /** Hears that it is over, or given up. */
  readonly onOver: () => void;
}

/**
 * One read of a list, for all who ask for it meanwhile.
 *
 * When all of them have what they wanted it goes on, so that later pages are there: the upstream has made the whole
 * answer by then, and would have to make another. It takes its turns with others then. When all of them have left
 * without, it is given up.
 */
export class RowDownload {
  readonly stream = new RowStream();
  /** It goes on the turn of any of those who ask for it. */
  readonly ticket: Ticket;
  readonly #options: DownloadOptions;
  readonly #cancelled = new LightAbortSignal();
  readonly #begun = performance.now();
  #answered: number | null = null;
  #isOver = false;
  /** Those who wait; `null` before the first of them. */
  #readers: number | null = null;
  /** Whether somebody got what he wanted, so that others may want more. */
  #isServed = false;
  /** Whether it goes on for nobody. */
  #isBackground = false;
  /** Who began it, while anybody waits: what goes on for nobody holds nothing of a request that is answered. */
  #onExchange: OnExchange | undefined;
  #onEnd: OnExchangeEnd | undefined;

  constructor(requester: CallRequester, options: DownloadOptions) {
    this.ticket = new Ticket(requester);
    this.#options = options;
    this.stream.onRows = () => this.reconsider();
    // What nobody waits for is not tried again.
    this.stream.onAbort = () => this.cancel();
    this.stream.nextSlice = (go) => {
      if (this.#isBackground) options.background.wait(this, go);
      else setImmediate(go);
    };
  }

  /**
   * The HTTP status of its answer; `null` where there is none.
   *
   * @param isServed whether a part of the answer is enough.
   */
  status(isServed: boolean): number | null {
    return this.#answered ?? (isServed ? this.stream.status : null);
  }

  get isCancelled(): boolean {
    return this.#cancelled.aborted;
  }

  /** An exchange begins. @returns what hears how it ended. */
  readonly onExchange: OnExchange = () => {
    this.#onEnd = this.#onExchange?.();
    return (status) => this.#onEnd?.(status);
  };

  /** Milliseconds since it began. */
  readonly ageMs = (): number => performance.now() - this.#begun;

  /**
   * @param read makes the read; what comes goes into the stream. Its signal aborts when it is given up.
   * @param onExchange of the one who begins it.
   */
  start(read: (signal: CancelSignal) => Promise<Judged>, onExchange: OnExchange): void {
    this.#onExchange = onExchange;
    const { onAnswer, onError, onOver } = this.#options;
    void read(this.#cancelled)
      .finally(() => {
        this.#isOver = true;
        this.#setBackground(false);
      })
      .then((answer) => {
        this.#answered = answer.status;
        onAnswer(answer);
      })
      .catch(onError)
      .finally(onOver);
  }

  /**
   * Goes on at least until somebody has what he waits for, or has left.
   *
   * @param onExchange of the one who began it.
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

  /** Gives it up if nobody waits for it, and nobody will want more of it later. */
  reconsider(): void {
    if (!this.#isServed || !this.#options.isUseful(this.stream.bytes)) this.cancel();
    else if (this.#isLeft()) this.#setBackground(true);
  }

  /** Gives it up unless somebody waits for it. */
  cancel(): void {
    if (!this.#isLeft()) return;
    this.#setBackground(false);
    this.#options.onOver();
    this.#cancelled.abort();
  }

  /** What has come to its end stays whoever holds it. */
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
