import type { ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { CancelSignal } from '../lib/abort-signal.ts';
import type { Caller } from '../operation/caller.ts';
import type { Pace } from '../operation/pace.ts';
import type { ResponseBudget } from './response-budget.ts';

/** Bounds of the concurrent work on responses. */
export interface ResponseLimits {
  /** Fields that are completed before the process does other work. */
  readonly sliceFields: number;
  /** With more fields than this a response waits for its turn while others of its caller do. */
  readonly waitingFields: number;
  /** With more fields than this a response is a large one. */
  readonly largeFields: number;
  /** Large responses that are completed at a time, of all callers. */
  readonly maxLarge: number;
  /** Large responses of one caller that are completed, or not yet received by the client. */
  readonly maxLargePerCaller: number;
  /** Large responses of one caller that wait for their turn; a further one fails. */
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
  /** Whether other large responses may have to wait for it. */
  readonly hasTurn: boolean;
  /** Completes the response without a turn, since it reports what a mutation did. It is still completed in slices. */
  exempt(): void;
  /** Waits for a slice in which the response is written. */
  nextSlice(): Promise<void>;
  /** The result is complete and handed to the connection. */
  complete(): void;
  /** The client has received the response, or is gone. */
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
  /** Large responses that are completed now. */
  active(): number;
  /** Large responses that wait for their turn. */
  waiting(): number;
}

const keyOf = ({ tenant, id }: Caller): string => JSON.stringify([tenant, id]);

/** Large responses take seconds: until then another one may have its turn. */
const retryAfter = 5;

/** A caller asks for more large responses at a time than are completed for it: 429, with `Retry-After`. */
const tooMuchWork = (): GraphQLError =>
  new GraphQLError('Too many large responses at a time: ask again later, or for less.', {
    extensions: {
      code: 'RATE_LIMITED',
      retryAfter,
      http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
    },
  });

interface CallerWork {
  /** Large responses that are completed or sent. */
  held: number;
  readonly queue: Set<() => void>;
}

/** Ends the work on a response when its client has received it, or is gone. */
export const endWhenSent = (task: ResponseTask, response: ServerResponse | undefined): void => {
  task.complete();
  if (!task.hasTurn) return;
  if (!response || response.closed) task.end();
  else response.once('close', () => task.end());
};

/** A part of a response that waits for its slice. */
interface QueuedPart {
  readonly begun: Promise<void>;
  readonly begin: () => void;
}

/** Those that wait for slices of the event loop: one has a slice in each turn of the loop. */
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
  /** @param hasTurn whether it is a large response that has its turn: those have every other slice. */
  return (begin: () => void, hasTurn: boolean): void => {
    if (begun.length + others.length === 0) setImmediate(give);
    (hasTurn ? begun : others).push(begin);
  };
};

export const createResponseWork = (limits: ResponseLimits = defaultResponseLimits): ResponseWork => {
  const { sliceFields, waitingFields, largeFields, maxLarge, maxLargePerCaller, maxWaitingPerCaller } =
    limits;
  const waitForSlice = createSlices();
  // Only of callers who have large responses, in the order of their turns.
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

  /** Lets those go on whose turn it is: callers take turns. */
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
    #turn: Promise<void> | undefined;
    readonly #parts: QueuedPart[] = [];
    #isActive = false;
    #release: (() => void) | undefined;

    constructor(options: TaskOptions) {
      this.#options = options;
    }

    get isLarge(): boolean {
      return this.#options.answer.taken() > largeFields;
    }

    get hasTurn(): boolean {
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
      if (this.#isExempt || !this.#needsTurn()) {
        begin();
        return;
      }
      this.#turn ??= this.#waitForTurn();
      this.#turn.then(begin, begin);
    }

    /** A response may be completed to some part without a turn: to a small one where the caller's others wait. */
    #needsTurn(): boolean {
      if (this.#turn || this.isLarge) return true;
      const work = callers.get(keyOf(this.#options.caller));
      const isBusy = work !== undefined && (work.held >= maxLargePerCaller || work.queue.size > 0);
      return isBusy && this.#options.answer.taken() > waitingFields;
    }

    #begin(): void {
      this.#sliceEnd = this.#options.answer.taken() + sliceFields;
      this.#goOn();
    }

    /** Lets one part after the other go on until the slice is used up. */
    #goOn(): void {
      const [part] = this.#parts;
      if (!part) return;
      const goOn = (): void => {
        this.#parts.shift();
        if (this.#parts.length === 0) return;
        if (this.isDue() && !this.failure) this.#wait();
        else this.#goOn();
      };
      // These come behind the part itself, which waits for the same.
      part.begun.then(goOn, goOn);
      part.begin();
    }

    #waitForTurn(): Promise<void> {
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
          signal.removeEventListener('abort', giveUp);
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
        const giveUp = (): void => {
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
        signal.addEventListener('abort', giveUp, { once: true });
      });
    }
  }

  return {
    begin: (options) => new Task(options),
    active: () => active,
    waiting: () => waiting,
  };
};
