import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import { cancelled } from './transport-error.ts';

/** There are more calls than the upstream is asked for at a time: too many wait, or this one did for too long. */
export class OverloadError extends Error {
  constructor() {
    super('Too many calls wait for their ticket.');
    this.name = 'OverloadError';
  }
}

/** A request that calls are made for. */
export type CallRequester = Pick<Deadline, 'remainingMs'>;

/** One that stands for no request, and waits for however long it takes. */
export const patientRequester = (): CallRequester => ({ remainingMs: () => Number.POSITIVE_INFINITY });

/** Whom a call is made for: it goes when it is the turn of any of them. */
export class Ticket {
  readonly #first: CallRequester;
  // Most calls are made for one alone: they cost no set.
  #all: Set<CallRequester> | undefined;
  /** Hears of who joins, while the call waits. */
  onJoin: ((requester: CallRequester) => void) | undefined;

  constructor(requester: CallRequester) {
    this.#first = requester;
  }

  get requesters(): Iterable<CallRequester> {
    return this.#all ?? [this.#first];
  }

  /** Milliseconds for which anybody waits for the call. */
  remainingMs(): number {
    return Math.max(...[...this.requesters].map((requester) => requester.remainingMs()));
  }

  /** Lets the call go on the turn of one more, who waits for it too. */
  join(requester: CallRequester): void {
    if (requester === this.#first) return;
    this.#all ??= new Set([this.#first]);
    this.#all.add(requester);
    this.onJoin?.(requester);
  }
}

/** Lets so many calls go at a time, and the others wait. */
export interface Bulkhead {
  /**
   * Waits for a place. Those who wait take turns, one call at a ticket: many calls of one do not keep another waiting.
   *
   * @param signal ends the waiting.
   * @returns what gives the place back.
   * @throws {TransportError} when the wait is given up.
   * @throws {OverloadError} when too many wait, or this one has for too long.
   */
  enter(ticket: Ticket, signal: CancelSignal | undefined): Promise<() => void>;
  /** Calls that have a place now. */
  inFlight(): number;
  /** Calls that wait for one now. */
  waiting(): number;
}

export interface BulkheadOptions {
  readonly slots: number;
  /** How many calls may wait at a time. */
  readonly maxWaiting: number;
  /** How many milliseconds each may wait. */
  readonly maxWaitMs: number;
}

/** A call that waits. */
interface QueuedCall {
  readonly ticket: Ticket;
  readonly start: () => void;
  readonly reject: () => void;
}

export const createBulkhead = ({ slots, maxWaiting, maxWaitMs }: BulkheadOptions): Bulkhead => {
  // Each requester's tickets in their order; the requesters in the order of their turns.
  const queues = new Map<CallRequester, Set<QueuedCall>>();
  let inFlight = 0;
  let waiting = 0;

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
      // Their next ticket comes after everybody else's.
      queues.delete(requester);
      queues.set(requester, queue);
      for (const call of queue) return call;
    }
    return undefined;
  };

  /** Turns the latest call of whoever has most waiting away, for one who has less. */
  const displaceFor = ({ requesters }: Ticket): boolean => {
    let longest = new Set<QueuedCall>();
    for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
    const own = Math.max(...[...requesters].map((requester) => queues.get(requester)?.size ?? 0));
    if (longest.size <= own + 1) return false;
    [...longest].at(-1)?.reject();
    return true;
  };

  const leave = (): void => {
    inFlight -= 1;
    next()?.start();
  };

  // One for all that find a place.
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
      for (const requester of ticket.requesters) queueFor(call, requester);
      ticket.onJoin = (requester) => queueFor(call, requester);
    });

  return {
    enter: (ticket, signal) => {
      if (signal?.aborted) return Promise.reject(cancelled(signal));
      if (inFlight < slots) {
        inFlight += 1;
        return entered;
      }
      const isQueued = waiting < maxWaiting || displaceFor(ticket);
      return isQueued ? wait(ticket, signal) : Promise.reject(new OverloadError());
    },
    inFlight: () => inFlight,
    waiting: () => waiting,
  };
};
