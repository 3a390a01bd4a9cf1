import type { VerdictName } from './verdict-name.ts';

/** Listens to an exchange, or to the wait for one. */
export interface OnExchangeEnd {
  /**
   * Receives the HTTP status with which the exchange or the wait ended; `null` if no response arrived. The verdict
   * is known at the end of the exchange.
   */
  (status: number | null, verdict?: VerdictName): void;
  /** Headers that the exchange sends: names and values in turn. */
  readonly headers?: readonly string[] | undefined;
}

/**
 * Reports exchanges whose responses are used before they are complete: the time that one caller waited, not the
 * duration of the exchange.
 */
export class WaitTimes {
  #waiting = 0;
  #onEnd: OnExchangeEnd = () => {};

  /** Begins an exchange. @returns a function that receives its HTTP status. */
  begin(onEnd: OnExchangeEnd): OnExchangeEnd {
    this.#onEnd = onEnd;
    const end = (status: number | null): void => {
      if (this.#waiting > 0) onEnd(status);
    };
    return onEnd.headers ? Object.assign(end, { headers: onEnd.headers }) : end;
  }

  /**
   * Waits for data of the exchange in flight.
   *
   * @param status returns the status of the exchange at the end of the wait, with or without the data.
   */
  async wait<Value>(value: Promise<Value>, status: (isThere: boolean) => number | null): Promise<Value> {
    let isThere = false;
    this.#waiting += 1;
    try {
      const found = await value;
      isThere = true;
      return found;
    } finally {
      this.#waiting -= 1;
      this.#onEnd(status(isThere));
    }
  }
}
