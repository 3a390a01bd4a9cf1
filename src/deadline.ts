import { setMaxListeners } from 'node:events';

/** When a request is to be answered at the latest. */
export interface Deadline {
  /** Aborts when it has passed. */
  readonly signal: AbortSignal;
  /** Milliseconds until then; 0 when it has passed. */
  remainingMs(): number;
  /** Lets it pass in so many milliseconds, unless it does earlier. */
  shorten(milliseconds: number): void;
  /** Ends its timer: nobody waits any more. */
  clear(): void;
}

export class DeadlineError extends Error {
  constructor() {
    super('The deadline of the request has passed.');
    this.name = 'DeadlineError';
  }
}

/** @param onPass hears when it passes, before its signal aborts. */
export const createDeadline = (
  milliseconds: number,
  onPass: (reason: DeadlineError) => void = () => {},
): Deadline => {
  // Few requests ask for the signal, and one is dear to make.
  let controller: AbortController | undefined;
  let passed: DeadlineError | undefined;
  const pass = (): void => {
    passed = new DeadlineError();
    onPass(passed);
    controller?.abort(passed);
  };
  // A process that has nothing else to do does not live on for it.
  const passAfter = (left: number) => setTimeout(pass, left).unref();
  let at = performance.now() + milliseconds;
  let timer = passAfter(milliseconds);
  return {
    get signal() {
      if (controller) return controller.signal;
      controller = new AbortController();
      // Any number of calls wait for it, which Node would take for a leak.
      setMaxListeners(0, controller.signal);
      if (passed) controller.abort(passed);
      return controller.signal;
    },
    remainingMs: () => (passed ? 0 : Math.max(0, at - performance.now())),
    shorten: (left) => {
      const earlier = performance.now() + left;
      if (passed || earlier >= at) return;
      clearTimeout(timer);
      at = earlier;
      timer = passAfter(left);
    },
    clear: () => clearTimeout(timer),
  };
};
