import { type CancelSignal, LightAbortSignal } from '../lib/abort-signal.ts';
import { createDeadline, type Deadline } from '../lib/deadline.ts';
import { InFlightSet } from '../lib/in-flight-set.ts';

/** A request from when it begins to be carried out until it is answered. */
export interface RequestLife {
  readonly deadline: Deadline;
  /** Aborts when nobody waits for the answer any more: it is given, its deadline has passed, or its client has left. */
  readonly signal: CancelSignal;
  /** Its client has left. */
  leave(): void;
  /** It is answered. */
  end(): void;
}

/** All requests that are being carried out. */
export interface RequestLives {
  begin(): RequestLife;
  count(): number;
  /** Lets those under way, and those that begin from now on, be answered within so many milliseconds. */
  shorten(milliseconds: number): void;
  /** Waits until none is under way. */
  idle(): Promise<void>;
}

/** @param timeoutMs how many milliseconds a request may take. */
export const createRequestLives = (timeoutMs: number): RequestLives => {
  const lives = new InFlightSet<RequestLife>();
  let endsAt = Number.POSITIVE_INFINITY;
  let onIdle: (() => void)[] = [];

  const reportIdle = (): void => {
    if (lives.size > 0) return;
    for (const tell of onIdle) tell();
    onIdle = [];
  };

  return {
    begin: () => {
      const abandoned = new LightAbortSignal();
      const leftMs = Math.min(timeoutMs, Math.max(0, endsAt - performance.now()));
      const deadline = createDeadline(leftMs, (reason) => abandoned.abort(reason));
      const life: RequestLife = {
        deadline,
        signal: abandoned,
        leave: () => abandoned.abort(),
        end: () => {
          deadline.clear();
          abandoned.abort();
          gone();
          reportIdle();
        },
      };
      const gone = lives.add(life);
      return life;
    },
    count: () => lives.size,
    shorten: (milliseconds) => {
      endsAt = performance.now() + milliseconds;
      for (const { deadline } of lives.all()) deadline.shorten(milliseconds);
    },
    idle: () =>
      lives.size === 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            onIdle.push(resolve);
          }),
  };
};
