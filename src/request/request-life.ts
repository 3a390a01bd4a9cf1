import { type CancelSignal, LightAbortSignal } from '../lib/abort-signal.ts';
import { createDeadline, type Deadline } from '../lib/deadline.ts';
import { InFlightSet } from '../lib/in-flight-set.ts';
import { TimeoutQueue } from '../lib/timeout-queue.ts';

/** A request from its start until its response. */
export interface RequestLife {
  readonly deadline: Deadline;
  /** Aborts when nobody waits for the response: it was sent, the deadline passed, or the client disconnected. */
  readonly signal: CancelSignal;
  /** The client disconnected. */
  leave(): void;
  /** The response is complete. */
  end(): void;
}

/** All requests in flight. */
export interface RequestLives {
  begin(): RequestLife;
  count(): number;
  /** Limits the remaining time of all present and future requests to this many milliseconds. */
  shorten(milliseconds: number): void;
  /** Waits until no request is in flight. */
  idle(): Promise<void>;
}

/** @param timeoutMs the maximum milliseconds of a request. */
export const createRequestLives = (timeoutMs: number): RequestLives => {
  const lives = new InFlightSet<RequestLife>();
  const timeouts = new TimeoutQueue(timeoutMs);
  let endsAt = Number.POSITIVE_INFINITY;
  let onIdle: (() => void)[] = [];

  const reportIdle = (): void => {
    if (lives.size > 0) return;
    for (const resolve of onIdle) resolve();
    onIdle = [];
  };

  return {
    begin: () => {
      const abandoned = new LightAbortSignal();
      const leftMs = Math.min(timeoutMs, Math.max(0, endsAt - performance.now()));
      const onPass = (reason: unknown): void => abandoned.abort(reason);
      const deadline = createDeadline(leftMs, onPass, leftMs < timeoutMs ? undefined : timeouts);
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
