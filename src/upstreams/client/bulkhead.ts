import type { CancelSignal } from '../../lib/abort-signal.ts';
import type { Deadline } from '../../lib/deadline.ts';
import { givenUp } from './transport-error.ts';

/** There are more calls than the upstream is asked for at a time: too many wait, or this one did for too long. */
export class OverloadError extends Error {
  constructor() {
    super('Too many calls wait for their turn.');
    this.name = 'OverloadError';
  }
}

/** A request that calls are made for. */
export type Requester = Pick<Deadline, 'remainingMs'>;

/** One that stands for no request, and waits for however long it takes. */
export const patientRequester = (): Requester => ({ remainingMs: () => Number.POSITIVE_INFINITY });

/** Whom a call is made for: it goes when it is the turn of any of them. */
export class Turn {
  readonly #first: Requester;
  // Most calls are made for one alone: they cost no set.
  #all: Set<Requester> | undefined;
  /** Hears of who joins, while the call waits. */
  onJoin: ((requester: Requester) => void) | undefined;

  constructor(requester: Requester) {
    this.#first = requester;
  }

  get requesters(): Iterable<Requester> {
    return this.#all ?? [this.#first];
  }

  /** Milliseconds for which anybody waits for the call. */
  remainingMs(): number {
    return Math.max(...[...this.requesters].map((requester) => requester.remainingMs()));
  }

  /** Lets the call go on the turn of one more, who waits for it too. */
  join(requester: Requester): void {
    if (requester === this.#first) return;
    this.#all ??= new Set([this.#first]);
    this.#all.add(requester);
    this.onJoin?.(requester);
  }
}

/** Lets so many calls go at a time, and the others wait. */
export interface Bulkhead {
  /**
   * Waits for a place. Those who wait take turns, one call at a turn: many calls of one do not keep another waiting.
   *
   * @param signal ends the waiting.
   * @returns what gives the place back.
   * @throws {TransportError} when the wait is given up.
   * @throws {OverloadError} when too many wait, or this one has for too long.
   */
  enter(turn: Turn, signal: CancelSignal | undefined): Promise<() => void>;
  /** Calls that have a place now. */
  underWay(): number;
  /** Calls that wait for one now. */
  waiting(): number;
}

export interface BulkheadOptions {
  readonly places: number;
  /** How many calls may wait at a time. */
  readonly maxWaiting: number;
  /** How many milliseconds each may wait. */
  readonly maxWaitMs: number;
}

/** A call that waits. */
interface Ticket {
  readonly turn: Turn;
  readonly go: () => void;
  readonly turnAway: () => void;
}

export const createBulkhead = ({ places, maxWaiting, maxWaitMs }: BulkheadOptions): Bulkhead => {
  // Each requester's tickets in their order; the requesters in the order of their turns.
  const queues = new Map<Requester, Set<Ticket>>();
  let underWay = 0;
  let waiting = 0;

  const queueFor = (ticket: Ticket, requester: Requester): void => {
    const queue = queues.get(requester);
    if (queue) queue.add(ticket);
    else queues.set(requester, new Set([ticket]));
  };

  const remove = (ticket: Ticket): void => {
    waiting -= 1;
    ticket.turn.onJoin = undefined;
    for (const requester of ticket.turn.requesters) {
      const queue = queues.get(requester);
      queue?.delete(ticket);
      if (queue?.size === 0) queues.delete(requester);
    }
  };

  const next = (): Ticket | undefined => {
    for (const [requester, queue] of queues) {
      // Their next turn comes after everybody else's.
      queues.delete(requester);
      queues.set(requester, queue);
      for (const ticket of queue) return ticket;
    }
    return undefined;
  };

  /** Turns the latest call of whoever has most waiting away, for one who has less. */
  const makeRoomFor = ({ requesters }: Turn): boolean => {
    let longest = new Set<Ticket>();
    for (const queue of queues.values()) if (queue.size > longest.size) longest = queue;
    const own = Math.max(...[...requesters].map((requester) => queues.get(requester)?.size ?? 0));
    if (longest.size <= own + 1) return false;
    [...longest].at(-1)?.turnAway();
    return true;
  };

  const leave = (): void => {
    underWay -= 1;
    next()?.go();
  };

  // One for all that find a place.
  const entered = Promise.resolve(leave);

  const wait = (turn: Turn, signal: CancelSignal | undefined): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        remove(ticket);
      };
      const ticket: Ticket = {
        turn,
        go: () => {
          end();
          underWay += 1;
          resolve(leave);
        },
        turnAway: () => {
          end();
          reject(new OverloadError());
        },
      };
      const giveUp = (): void => {
        end();
        if (signal) reject(givenUp(signal));
      };
      const timer = setTimeout(ticket.turnAway, maxWaitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting += 1;
      for (const requester of turn.requesters) queueFor(ticket, requester);
      turn.onJoin = (requester) => queueFor(ticket, requester);
    });

  return {
    enter: (turn, signal) => {
      if (signal?.aborted) return Promise.reject(givenUp(signal));
      if (underWay < places) {
        underWay += 1;
        return entered;
      }
      const hasRoom = waiting < maxWaiting || makeRoomFor(turn);
      return hasRoom ? wait(turn, signal) : Promise.reject(new OverloadError());
    },
    underWay: () => underWay,
    waiting: () => waiting,
  };
};
