/** Receives the HTTP status with which a wait for an exchange ended; `null` if no response arrived. */
export type OnExchangeEnd = (status: number | null) => void;

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
    return (status) => {
      if (this.#waiting > 0) onEnd(status);
    };
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
