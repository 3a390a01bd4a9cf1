/** A timer of the virtual clock. */
export interface VirtualTimer {
  /** The virtual milliseconds at which it is due. */
  readonly at: number;
  /** Orders timers that are due at the same moment. */
  readonly order: number;
  /** Cleared if the timer is cancelled. */
  callback: (() => void) | undefined;
}

const isBefore = (one: VirtualTimer, other: VirtualTimer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order);

/** A binary heap of timers: the earliest is first. Cancelled timers stay until they are due. */
export class TimerHeap {
  readonly #timers: VirtualTimer[] = [];

  add(timer: VirtualTimer): void {
    const timers = this.#timers;
    let index = timers.length;
    timers.push(timer);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = timers[above];
      if (!parent || isBefore(parent, timer)) break;
      timers[index] = parent;
      index = above;
    }
    timers[index] = timer;
  }

  first(): VirtualTimer | undefined {
    return this.#timers[0];
  }

  /** Removes the first timer. */
  removeFirst(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (!last || timers.length === 0) return;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const one = timers[left];
      const other = timers[left + 1];
      if (!one) break;
      const isOther = other !== undefined && isBefore(other, one);
      const child = isOther ? other : one;
      if (isBefore(last, child)) break;
      timers[index] = child;
      index = isOther ? left + 1 : left;
    }
    timers[index] = last;
  }
}
