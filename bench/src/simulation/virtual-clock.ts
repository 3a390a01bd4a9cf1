import { TimerHeap, type VirtualTimer } from './timer-heap.ts';

/**
 * Time that passes as fast as the work of its timers is done.
 *
 * While it is installed, `setTimeout`, `clearTimeout`, `performance.now`, `Date.now` and `Math.random` are those of the
 * simulation. So the code of the gateway runs unchanged: its queues, deadlines, pauses and windows follow virtual time.
 */
export interface VirtualClock {
  /** Virtual milliseconds since the start. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Runs timers in their order until the given time. Promises settle before the next timer. */
  runUntil(milliseconds: number): Promise<void>;
  /** Puts the real functions back. */
  restore(): void;
}

/** What `setTimeout` returns to code that calls `unref`. */
interface Handle extends VirtualTimer {
  ref(): Handle;
  unref(): Handle;
  hasRef(): boolean;
  [Symbol.toPrimitive](): number;
}

class VirtualTimeout implements Handle {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;

  constructor(at: number, order: number, callback: () => void) {
    this.at = at;
    this.order = order;
    this.callback = callback;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  [Symbol.toPrimitive](): number {
    return this.order;
  }
}

/** Wall-clock time of the start: any, and the same for each run. */
const epoch = Date.UTC(2026, 0, 5, 8);

/** The number of timers for which turns of the event loop are requested at once. */
const turnsAtOnce = 128;

/**
 * Installs a virtual clock.
 *
 * @param random replaces `Math.random`, so that pauses before retries are the same in each run.
 */
export const installVirtualClock = (random: () => number): VirtualClock => {
  const timers = new TimerHeap();
  let now = 0;
  let order = 0;
  const real = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    performanceNow: performance.now,
    dateNow: Date.now,
    random: Math.random,
  };

  const start = (callback: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]): Handle => {
    order += 1;
    const run = args.length === 0 ? callback : () => callback(...args);
    const timer = new VirtualTimeout(now + Math.max(0, milliseconds), order, run);
    timers.add(timer);
    return timer;
  };
  const cancel = (timer: unknown): void => {
    if (timer instanceof VirtualTimeout) timer.callback = undefined;
  };

  // Node's overloads and properties of these functions are not needed by the code that is simulated.
  globalThis.setTimeout = start as unknown as typeof setTimeout;
  globalThis.clearTimeout = cancel as typeof clearTimeout;
  performance.now = () => now;
  Date.now = () => epoch + Math.floor(now);
  Math.random = random;

  /** Runs the next timer. @returns false if none is due. */
  const step = (until: number): boolean => {
    let timer = timers.first();
    while (timer && timer.callback === undefined) {
      timers.removeFirst();
      timer = timers.first();
    }
    if (!timer || timer.at > until) return false;
    timers.removeFirst();
    now = timer.at;
    timer.callback?.();
    timer.callback = undefined;
    return true;
  };

  const runUntil = (until: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let isOver = false;
      // Node settles all promises after each of several immediates, and visits the kernel once for all of them.
      const turn = (isLast: boolean) => (): void => {
        if (isOver) return;
        try {
          if (step(until)) {
            if (isLast) schedule();
            return;
          }
        } catch (error) {
          isOver = true;
          reject(error);
          return;
        }
        isOver = true;
        now = Math.max(now, until);
        resolve();
      };
      const [any, last] = [turn(false), turn(true)];
      const schedule = (): void => {
        for (let turns = 1; turns < turnsAtOnce; turns += 1) setImmediate(any);
        setImmediate(last);
      };
      schedule();
    });

  return {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        start(resolve as () => void, milliseconds);
      }),
    runUntil,
    restore: () => {
      globalThis.setTimeout = real.setTimeout;
      globalThis.clearTimeout = real.clearTimeout;
      performance.now = real.performanceNow;
      Date.now = real.dateNow;
      Math.random = real.random;
    },
  };
};
