/** Hears how a wait for an exchange ended: the HTTP status, `null` where no answer came. */
export type OnExchangeEnd = (status: number | null) => void;

/**
 * Tells of exchanges whose answers are used before they have come to their end: how long one caller waited for them,
 * and not how long they took.
 */
export class WaitTimes {
  #waiting = 0;
  #onEnd: OnExchangeEnd = () => {};

  /** An exchange begins. @returns what hears how it ended. */
  begin(tell: OnExchangeEnd): OnExchangeEnd {
    this.#onEnd = tell;
    return (status) => {
      if (this.#waiting > 0) tell(status);
    };
  }

  /**
   * Waits for what needs the exchange that is under way.
   *
   * @param status how that stands when the wait is over, with what was waited for or without.
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
