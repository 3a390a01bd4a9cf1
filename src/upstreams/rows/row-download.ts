import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type Requester, Turn } from '../client/bulkhead.ts';
import type { Tell } from '../client/wait-notes.ts';
import type { Judged } from '../endpoint/verdict.ts';
import type { ReadingOn } from './background-downloads.ts';
import { RowStream } from './row-stream.ts';

/** Hears of each exchange as it begins. */
export type OnExchange = () => Tell;

interface DownloadOptions {
  /** Where it goes on when nobody waits. */
  readonly readingOn: ReadingOn;
  /** Whether it is worth while to go on although nobody waits, with so many bytes held. */
  readonly isWorthWhile: (bytes: number) => boolean;
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
  readonly turn: Turn;
  readonly #options: DownloadOptions;
  readonly #gone = new LightAbortSignal();
  readonly #begun = performance.now();
  #answered: number | null = null;
  #isOver = false;
  /** Those who wait; `null` before the first of them. */
  #readers: number | null = null;
  /** Whether somebody got what he wanted, so that others may want more. */
  #isServed = false;
  /** Whether it goes on for nobody. */
  #isUnattended = false;
  /** Who began it, while anybody waits: what goes on for nobody holds nothing of a request that is answered. */
  #onExchange: OnExchange | undefined;
  #tell: Tell | undefined;

  constructor(requester: Requester, options: DownloadOptions) {
    this.turn = new Turn(requester);
    this.#options = options;
    this.stream.onCome = () => this.reconsider();
    // What nobody waits for is not tried again.
    this.stream.onBreak = () => this.giveUp();
    this.stream.nextTurn = (go) => {
      if (this.#isUnattended) options.readingOn.wait(this, go);
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

  get isGivenUp(): boolean {
    return this.#gone.aborted;
  }

  /** An exchange begins. @returns what hears how it ended. */
  readonly onExchange: OnExchange = () => {
    this.#tell = this.#onExchange?.();
    return (status) => this.#tell?.(status);
  };

  /** Milliseconds since it began. */
  readonly ageMs = (): number => performance.now() - this.#begun;

  /**
   * @param read makes the read; what comes goes into the stream. Its signal aborts when it is given up.
   * @param hear of the one who begins it.
   */
  start(read: (signal: CancelSignal) => Promise<Judged>, hear: OnExchange): void {
    this.#onExchange = hear;
    const { onAnswer, onError, onOver } = this.#options;
    void read(this.#gone)
      .finally(() => {
        this.#isOver = true;
        this.#setUnattended(false);
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
   * @param hear of the one who began it.
   */
  async serve<Value>(wait: Promise<Value>, hear?: OnExchange): Promise<Value> {
    this.#readers = (this.#readers ?? 0) + 1;
    if (hear) this.#onExchange = hear;
    this.#setUnattended(false);
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
    if (!this.#isServed || !this.#options.isWorthWhile(this.stream.bytes)) this.giveUp();
    else if (this.#isLeft()) this.#setUnattended(true);
  }

  /** Gives it up unless somebody waits for it. */
  giveUp(): void {
    if (!this.#isLeft()) return;
    this.#setUnattended(false);
    this.#options.onOver();
    this.#gone.abort();
  }

  /** What has come to its end stays whoever holds it. */
  #isLeft(): boolean {
    return this.#readers === 0 && !this.#isOver && !this.isGivenUp;
  }

  #setUnattended(isUnattended: boolean): void {
    if (isUnattended === this.#isUnattended) return;
    this.#isUnattended = isUnattended;
    if (isUnattended) {
      this.#onExchange = undefined;
      this.#tell = undefined;
    }
    if (isUnattended) this.#options.readingOn.begin(this);
    else this.#options.readingOn.end(this);
  }
}
