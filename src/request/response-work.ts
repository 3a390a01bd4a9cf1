import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { CancelSignal } from '../lib/abort-signal.ts';
import type { Caller } from '../operation/caller.ts';
import type { Pace } from '../operation/pace.ts';
import type { ResponseBudget } from './response-budget.ts';

/** Limits of concurrent work on responses. */
export interface ResponseLimits {
  /** Fields that are completed per slice, before the event loop continues with other work. */
  readonly sliceFields: number;
  /** A response with more fields waits in the queue while others of its caller do. */
  readonly waitingFields: number;
  /** A response with more fields is a large one. */
  readonly largeFields: number;
  /** The maximum number of large responses in progress. */
  readonly maxLarge: number;
  /** The maximum number of large responses of one caller in progress, or not yet received by the client. */
  readonly maxLargePerCaller: number;
  /** The maximum number of queued large responses of one caller; a further one fails. */
  readonly maxWaitingPerCaller: number;
}

export const defaultResponseLimits: ResponseLimits = {
  sliceFields: 1000,
  waitingFields: 1000,
  largeFields: 2000,
  maxLarge: 4,
  maxLargePerCaller: 2,
  maxWaitingPerCaller: 100,
};

/** The work on the response of one request. */
export interface ResponseTask extends Pace {
  /** Whether the response is a large one. */
  readonly isLarge: boolean;
  /** Whether the response has a slot that other large responses may wait for. */
  readonly hasSlot: boolean;
  /**
   * Completes the response without a slot, because it reports the result of a mutation. It is still completed in
   * slices.
   */
  exempt(): void;
  /** Waits for a slice in which the response is serialized. */
  nextSlice(): Promise<void>;
  /** The result is complete and passed to the connection. */
  complete(): void;
  /** The client has received the response, or disconnected. */
  end(): void;
}

export interface TaskOptions {
  readonly caller: Caller;
  readonly answer: Pick<ResponseBudget, 'taken'>;
  /** Aborts when the request is over. */
  readonly signal: CancelSignal;
}

/** The work on all responses of a process. */
export interface ResponseWork {
  begin(options: TaskOptions): ResponseTask;
  /** The number of large responses in progress. */
  active(): number;
  /** The number of queued large responses. */
  waiting(): number;
}

const keyOf = ({ tenant, id }: Caller): string => JSON.stringify([tenant, id]);

/** Large responses take seconds: after that time a slot is probably free. */
const retryAfter = 5;

/** Creates the error of a caller with too many large responses at a time: 429, with `Retry-After`. */
const tooMuchWork = (): GraphQLError =>
  new GraphQLError('Too many large responses at a time: retry later, or request less.', {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
    },
  });

interface CallerWork {
  /** Large responses in progress or being sent. */
  held: number;
  readonly queue: Set<() => void>;
}

/** Ends the work on a response when its client has received it, or disconnected. */
export const endWhenSent = (task: ResponseTask, response: ServerResponse | undefined): void => {
  task.complete();
  if (!task.hasSlot) return;
  if (!response || response.closed) task.end();
  else response.once('close', () => task.end());
};

/** A part of a response that waits for its slice. */
interface QueuedPart {
  readonly begun: Promise<void>;
  readonly begin: () => void;
}

/** Creates the queue of slices: one slice per turn of the event loop. */
const createSlices = () => {
  const begun: (() => void)[] = [];
  const others: (() => void)[] = [];
  let isTurnOfBegun = true;
  const give = (): void => {
    const [first, second] = isTurnOfBegun ? [begun, others] : [others, begun];
    isTurnOfBegun = !isTurnOfBegun;
    (first.shift() ?? second.shift())?.();
    if (begun.length + others.length > 0) setImmediate(give);
  };
  /** @param hasTurn whether it is a large response with a slot: those get every other slice. */
  return (begin: () => void, hasTurn: boolean): void => {
    if (begun.length + others.length === 0) setImmediate(give);
    (hasTurn ? begun : others).push(begin);
  };
};

export const createResponseWork = (limits: ResponseLimits = defaultResponseLimits): ResponseWork => {
  const { sliceFields, waitingFields, largeFields, maxLarge, maxLargePerCaller, maxWaitingPerCaller } =
    limits;
  const waitForSlice = createSlices();
  // Callers with large responses, in the order in which they are served next.
  const callers = new Map<string, CallerWork>();
  let active = 0;
  let waiting = 0;

  const workOf = (key: string): CallerWork => {
    const work = callers.get(key) ?? { held: 0, queue: new Set() };
    callers.set(key, work);
    return work;
  };

  const forget = (key: string, { held, queue }: CallerWork): void => {
    if (held === 0 && queue.size === 0) callers.delete(key);
  };

  /** Starts queued responses while slots are free, alternating between callers. */
  const advance = (): void => {
    for (const [key, work] of callers) {
      if (active >= maxLarge) return;
      const [go] = work.queue;
      if (!go || work.held >= maxLargePerCaller) continue;
      callers.delete(key);
      callers.set(key, work);
      go();
    }
  };

  class Task implements ResponseTask {
    failure: GraphQLError | undefined;
    readonly #options: TaskOptions;
    #sliceEnd = sliceFields;
    #isExempt = false;
    #slot: Promise<void> | undefined;
    readonly #parts: QueuedPart[] = [];
    #isActive = false;
    #release: (() => void) | undefined;

    constructor(options: TaskOptions) {
      this.#options = options;
    }

    get isLarge(): boolean {
      return this.#options.answer.taken() > largeFields;
    }

    get hasSlot(): boolean {
      return this.#release !== undefined;
    }

    isDue(): boolean {
      return this.#options.answer.taken() >= this.#sliceEnd;
    }

    exempt(): void {
      this.#isExempt = true;
    }

    next(): Promise<void> {
      let begin = (): void => {};
      const begun = new Promise<void>((resolve, reject) => {
        begin = () => {
          if (this.failure) reject(this.failure);
          else resolve();
        };
      });
      this.#parts.push({ begun, begin });
      if (this.#parts.length === 1) this.#wait();
      return begun;
    }

    nextSlice(): Promise<void> {
      return new Promise((resolve) => waitForSlice(resolve, true));
    }

    complete(): void {
      if (!this.#isActive) return;
      this.#isActive = false;
      active -= 1;
      advance();
    }

    end(): void {
      this.complete();
      this.#release?.();
      this.#release = undefined;
    }

    #wait(): void {
      const begin = (): void => waitForSlice(() => this.#begin(), this.#isActive);
      if (this.#isExempt || !this.#needsSlot()) {
        begin();
        return;
      }
      this.#slot ??= this.#waitForSlot();
      this.#slot.then(begin, begin);
    }

    /**
     * Whether the response needs a slot. A small part is completed without one, or a smaller part while others of the
     * caller wait.
     */
    #needsSlot(): boolean {
      if (this.#slot || this.isLarge) return true;
      const work = callers.get(keyOf(this.#options.caller));
      const isBusy = work !== undefined && (work.held >= maxLargePerCaller || work.queue.size > 0);
      return isBusy && this.#options.answer.taken() > waitingFields;
    }

    #begin(): void {
      this.#sliceEnd = this.#options.answer.taken() + sliceFields;
      this.#continue();
    }

    /** Continues one part after the other until the slice is used up. */
    #continue(): void {
      const [part] = this.#parts;
      if (!part) return;
      const goOn = (): void => {
        this.#parts.shift();
        if (this.#parts.length === 0) return;
        if (this.isDue() && !this.failure) this.#wait();
        else this.#continue();
      };
      // These callbacks run after the part itself, which waits for the same promise.
      part.begun.then(goOn, goOn);
      part.begin();
    }

    #waitForSlot(): Promise<void> {
      const { caller, signal } = this.#options;
      const key = keyOf(caller);
      const work = workOf(key);
      const fail = (): GraphQLError => {
        this.failure = tooMuchWork();
        return this.failure;
      };
      const isFree = active < maxLarge && work.held < maxLargePerCaller && work.queue.size === 0;
      if (!isFree && (signal.aborted || work.queue.size >= maxWaitingPerCaller))
        return Promise.reject(fail());
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          signal.removeEventListener('abort', cancel);
          if (work.queue.delete(go)) waiting -= 1;
        };
        const go = (): void => {
          leave();
          active += 1;
          work.held += 1;
          this.#isActive = true;
          this.#release = () => {
            work.held -= 1;
            forget(key, work);
            advance();
          };
          resolve();
        };
        const cancel = (): void => {
          leave();
          forget(key, work);
          reject(fail());
        };
        if (isFree) {
          go();
          return;
        }
        work.queue.add(go);
        waiting += 1;
        signal.addEventListener('abort', cancel, { once: true });
      });
    }
  }

  return {
    begin: (options) => new Task(options),
    active: () => active,
    waiting: () => waiting,
  };
};
