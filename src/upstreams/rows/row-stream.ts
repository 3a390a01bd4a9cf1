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
 * The rows of one read, while they arrive.
 *
 * A retry begins a new response. Rows are returned once it is certain that they have the requested keys. A list refers
 * to one response.
 */
export class RowStream {
  /** Identifies the writes before the read. */
  readonly generation: string;
  /** Called when rows have arrived. */
  onRows: () => void = () => {};
  /** Called when a response is aborted. */
  onAbort: () => void = () => {};
  /** Schedules the next slice of the response. */
  nextSlice: (go: () => void) => void = setImmediate;
  /** The HTTP status of the response that is arriving. */
  status: number | null = null;
  /** Whether the stream contains all rows of that response. */
  isComplete = false;
  /** The bytes of its text, if it was buffered as a whole. */
  textBytes = 0;
  #held = none;
  #isGood = false;
  #isEnded = false;
  #failure: (() => unknown) | undefined;
  /** Identifies the response that is arriving. */
  #response = {};
  readonly #waiting = new Set<Waiting>();

  constructor(generation = '') {
    this.generation = generation;
  }

  /** The bytes in memory of the rows that have arrived. */
  get bytes(): number {
    return this.#held.bytes;
  }

  /** Settles when their size in memory is final. */
  get compressed(): Promise<void> {
    return this.#held.compressed;
  }

  /** Begins a response, and drops the rows of an earlier one. */
  begin(status: number, held: HeldRows): void {
    this.abort();
    this.status = status;
    this.#held = held;
  }

  /** Reports that rows have arrived. @param isGood whether they may be returned. */
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

  /** Reports that all rows have arrived and may be returned. @param held their container, if it has changed. */
  end(held: HeldRows = this.#held): void {
    this.#held = held;
    this.#isEnded = true;
    this.#resolveWaiting();
  }

  /** Reports that no further rows will arrive. @param failure creates the error for each reader. */
  fail(failure: () => unknown): void {
    this.#failure = failure;
    for (const { reject } of this.#waiting) reject(failure());
    this.#waiting.clear();
  }

  /** Returns the rows of the present response. The list fails once that response is aborted. */
  list(): RowList {
    const response = this.#response;
    const reach = async (count: number, most = count): Promise<{ held: HeldRows; end: number }> => {
      const held = await this.#until(response, () => this.#held.keys.length >= count);
      return { held, end: Math.min(most, held.keys.length) };
    };
    return {
      reach: async (count, most) => (await reach(count, most)).end,
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
        await this.#until(response, () => {
          const { keys } = this.#held;
          found = keys.indexOf(key, from);
          from = keys.length;
          return found >= 0;
        });
        return found;
      },
    };
  }

  /** Waits for a condition. @returns the rows at that time: the response may be aborted before they are used. */
  #until(response: object, isMet: () => boolean): Promise<HeldRows> {
    return new Promise((resolve, reject) => {
      if (this.#failure) reject(this.#failure());
      else if (response !== this.#response) reject(new ResponseAbortedError());
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
