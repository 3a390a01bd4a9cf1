import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import { cancelled } from './transport-error.ts';

/** Too many calls wait for the upstream, or this call waited for too long. */
export class OverloadError extends Error {
  constructor() {
    super('Too many calls wait for a concurrency slot.');
    this.name = 'OverloadError';
  }
}

/** The request for which calls are made. */
export type CallRequester = Pick<Deadline, 'remainingMs'>;

/** Creates a requester without a request, whose calls may wait indefinitely. */
export const patientRequester = (): CallRequester => ({ remainingMs: () => Number.POSITIVE_INFINITY });

/** The requesters of a call. The call is started when the queue reaches any of them. */
export class Ticket {
  readonly #first: CallRequester;
  // Most calls have one requester, which needs no set.
  #all: Set<CallRequester> | undefined;
  /** Called for each requester that joins while the call waits. */
  onJoin: ((requester: CallRequester) => void) | undefined;

  constructor(requester: CallRequester) {
    this.#first = requester;
  }

  get requesters(): Iterable<CallRequester> {
    return this.#all ?? [this.#first];
  }

  /** Returns the milliseconds for which any requester waits for the call. */
  remainingMs(): number {
    return Math.max(...[...this.requesters].map((requester) => requester.remainingMs()));
  }

  /** Adds a requester, whose position in the queue counts for the call too. */
  join(requester: CallRequester): void {
    if (requester === this.#first) return;
    this.#all ??= new Set([this.#first]);
    this.#all.add(requester);
    this.onJoin?.(requester);
  }
}

/**
 * Limits the number of concurrent calls, and queues the others.
 *
 * Own code: the queues of cockatiel and p-queue do not take turns between requests, so that one large query would delay
 * all others.
 */
export interface Bulkhead {
  /**
   * Waits for a concurrency slot. The queue alternates between requesters, one call each, so that many calls of one
   * requester do not block another.
   *
   * @param signal cancels the wait.
   * @returns a function that releases the slot.
   * @throws {TransportError} if the wait is cancelled.
   * @throws {OverloadError} if too many calls wait, or this call waited for too long.
   */
  enter(ticket: Ticket, signal: CancelSignal | undefined): Promise<() => void>;
  /** The number of calls that hold a slot. */
  inFlight(): number;
  /** The number of calls that wait for a slot. */
  waiting(): number;
  /** Returns the maximum number of calls in flight and waiting since the last call of this function. */
  peak(): number;
  /** Starts waiting calls, after the number of slots has grown. */
  resume(): void;
}

export interface BulkheadOptions {
  /** Returns the number of slots, which may change: calls in flight continue if there are fewer. */
  readonly slots: () => number;
  /** Called when a call begins to wait. */
  readonly onWait?: (() => void) | undefined;
  /** The maximum number of waiting calls. */
  readonly maxWaiting: number;
  /** The maximum milliseconds that a call waits. */
  readonly maxWaitMs: number;
}

/** A call that waits for a slot. */
interface QueuedCall {
  readonly ticket: Ticket;
  readonly start: () => void;
  readonly reject: () => void;
}

export const createBulkhead = ({ slots, onWait, maxWaiting, maxWaitMs }: BulkheadOptions): Bulkhead => {
  // The waiting calls of each requester in their order. The requesters are in the order in which they are served next.
  const queues = new Map<CallRequester, Set<QueuedCall>>();
  let inFlight = 0;
  let waiting = 0;
  let peak = 0;

  const notePeak = (): void => {
    if (inFlight + waiting > peak) peak = inFlight + waiting;
  };

  const queueFor = (call: QueuedCall, requester: CallRequester): void => {
    const queue = queues.get(requester);
    if (queue) queue.add(call);
    else queues.set(requester, new Set([call]));
  };

  const remove = (call: QueuedCall): void => {
    waiting -= 1;
    call.ticket.onJoin = undefined;
    for (const requester of call.ticket.requesters) {
      const queue = queues.get(requester);
      queue?.delete(call);
      if (queue?.size === 0) queues.delete(requester);
    }
  };

  const next = (): QueuedCall | undefined => {
    for (const [requester, queue] of queues) {
      // The requester moves to the end of the queue.
      queues.delete(requester);
      queues.set(requester, queue);
      for (const call of queue) return call;
    }
    return undefined;
  };

  /** Rejects the latest call of the requester with the most waiting calls, for a requester with fewer. */
  const displaceFor = ({ requesters }: Ticket): boolean => {
    let longest = new Set<QueuedCall>();
    for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
    const own = Math.max(...[...requesters].map((requester) => queues.get(requester)?.size ?? 0));
    if (longest.size <= own + 1) return false;
    [...longest].at(-1)?.reject();
    return true;
  };

  const resume = (): void => {
    while (waiting > 0 && inFlight < slots()) next()?.start();
  };

  const leave = (): void => {
    inFlight -= 1;
    resume();
  };

  // Shared by all calls that find a free slot.
  const entered = Promise.resolve(leave);

  const wait = (ticket: Ticket, signal: CancelSignal | undefined): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
        remove(call);
      };
      const call: QueuedCall = {
        ticket,
        start: () => {
          end();
          inFlight += 1;
          resolve(leave);
        },
        reject: () => {
          end();
          reject(new OverloadError());
        },
      };
      const cancel = (): void => {
        end();
        if (signal) reject(cancelled(signal));
      };
      const timer = setTimeout(call.reject, maxWaitMs);
      signal?.addEventListener('abort', cancel, { once: true });
      waiting += 1;
      notePeak();
      for (const requester of ticket.requesters) queueFor(call, requester);
      ticket.onJoin = (requester) => queueFor(call, requester);
    });

  return {
    enter: (ticket, signal) => {
      if (signal?.aborted) return Promise.reject(cancelled(signal));
      // Slots that became free otherwise than by `leave` belong to the calls that wait already.
      if (waiting > 0) resume();
      if (waiting === 0 && inFlight < slots()) {
        inFlight += 1;
        notePeak();
        return entered;
      }
      if (waiting >= maxWaiting && !displaceFor(ticket)) return Promise.reject(new OverloadError());
      const started = wait(ticket, signal);
      onWait?.();
      return started;
    },
    inFlight: () => inFlight,
    waiting: () => waiting,
    peak: () => {
      const highest = peak;
      peak = inFlight + waiting;
      return highest;
    },
    resume,
  };
};
