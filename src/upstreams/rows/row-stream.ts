import type { HeldRows } from './held-rows.ts';
import { ResponseAbortedError } from './response-aborted-error.ts';
import type { RowList } from './row-list.ts';

interface Waiting {
  readonly isMet: () => boolean;
  readonly resolve: (held: HeldRows) => void;
  readonly reject: (error: unknown) => void;
}

const none: HeldRows = {
  keys: [],
  leftOut: [],
  bytes: 0,
  compressed: Promise.resolve(),
  rows: async () => [],
};

/**
 * The rows of one read, as they come.
 *
 * One answer after another may begin, where the read is tried again. Of each, rows are given out once it is certain
 * that they are what was asked for; a list that is given out holds to one answer.
 */
export class RowStream {
  /** Hears that rows have come. */
  onRows: () => void = () => {};
  /** Hears that an answer has broken off. */
  onAbort: () => void = () => {};
  /** Lets more of an answer come when it is its turn. */
  nextSlice: (go: () => void) => void = setImmediate;
  /** The HTTP status of the answer that is coming in. */
  status: number | null = null;
  /** Whether it holds all rows of that answer. */
  isComplete = false;
  /** How many bytes its text had, where it was held whole. */
  textBytes = 0;
  #held = none;
  #isGood = false;
  #isEnded = false;
  #failure: (() => unknown) | undefined;
  /** Stands for the answer that is coming in. */
  #response = {};
  readonly #waiting = new Set<Waiting>();

  /** What the rows that are there take up. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Settles when they take up no more than they will. */
  get compressed(): Promise<void> {
    return this.#held.compressed;
  }

  /** An answer begins; what came of another one before is nobody's. */
  begin(status: number, held: HeldRows): void {
    this.abort();
    this.status = status;
    this.#held = held;
  }

  /** Rows have come. @param isGood whether they may be given out. */
  addRows(isGood: boolean): void {
    this.#isGood = isGood;
    this.#resolveWaiting();
    this.onRows();
  }

  abort(): void {
    if (this.#held === none) return;
    this.#held = none;
    this.#isGood = false;
    this.isComplete = false;
    this.status = null;
    this.#response = {};
    for (const { reject } of this.#waiting) reject(new ResponseAbortedError());
    this.#waiting.clear();
    this.onAbort();
  }

  /** All rows have come, and are good. @param held what holds them, where that is not what began. */
  end(held: HeldRows = this.#held): void {
    this.#held = held;
    this.#isEnded = true;
    this.#resolveWaiting();
  }

  /** There are no rows, or no more of them. @param failure makes the error, for each who waits. */
  fail(failure: () => unknown): void {
    this.#failure = failure;
    for (const { reject } of this.#waiting) reject(failure());
    this.#waiting.clear();
  }

  /** The rows of the answer that comes now. Who goes on with them when it has broken off fails by that. */
  list(): RowList {
    const answer = this.#response;
    const reach = async (count: number): Promise<{ held: HeldRows; end: number }> => {
      const held = await this.#until(answer, () => this.#held.keys.length >= count);
      return { held, end: Math.min(count, held.keys.length) };
    };
    return {
      reach: async (count) => (await reach(count)).end,
      isIncomplete: async (count) =>
        ((await reach(count)).held.leftOut[0] ?? Number.POSITIVE_INFINITY) < count,
      rows: async (from, to) => {
        const { held, end } = await reach(to);
        return held.rows(Math.min(from, end), end);
      },
      keyAt: async (index) => (await reach(index + 1)).held.keys[index],
      find: async (key) => {
        let found = -1;
        let from = 0;
        await this.#until(answer, () => {
          const { keys } = this.#held;
          found = keys.indexOf(key, from);
          from = keys.length;
          return found >= 0;
        });
        return found;
      },
    };
  }

  /** Waits until something is so. @returns what is held then: it may break off before that is used. */
  #until(answer: object, isMet: () => boolean): Promise<HeldRows> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure());
      else if (answer !== this.#response) reject(new ResponseAbortedError());
      else if (this.#isDone(isMet)) resolve(this.#held);
      else this.#waiting.add({ isMet, resolve, reject });
    });
  }

  #isDone(isMet: () => boolean): boolean {
    if (this.#isEnded) {
      isMet();
      return true;
    }
    return this.#isGood && isMet();
  }

  #resolveWaiting(): void {
    for (const one of this.#waiting) {
      if (!this.#isDone(one.isMet)) continue;
      this.#waiting.delete(one);
      one.resolve(this.#held);
    }
  }
}
