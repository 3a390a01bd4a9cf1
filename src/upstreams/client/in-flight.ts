import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type CallRequester, Ticket } from './bulkhead.ts';
import { Joinable } from './joinable.ts';
import { cancelled } from './transport-error.ts';
import { onAbort } from './until.ts';

/** The participation of one caller in a read. */
export interface SharedRead<Response> {
  /** Whether the read was in flight already. */
  readonly isJoined: boolean;
  /**
   * Settles as the read does.
   *
   * @throws {TransportError} as soon as the signal of this caller aborts.
   */
  readonly result: Promise<Response>;
}

export interface ReadCaller {
  /** The request, for the queue of calls. */
  readonly requester: CallRequester;
  /** Cancels the wait of this caller. */
  readonly signal: CancelSignal | undefined;
  /** Whether the caller accepts a read that began before. Later callers may join its own. Default: true. */
  readonly joins?: boolean | undefined;
}

/**
 * The reads in flight with one credential. Concurrent callers of the same read share it.
 *
 * Own code: undici's interceptor for equal requests cannot exclude a read that began before a write.
 */
export interface InFlight<Response> {
  /**
   * Joins the read in flight with this key, or starts one if there is none or the caller joins none.
   *
   * @param key identifies the request completely. It is stored while the read is in flight, and never logged.
   * @param start receives the ticket of all callers, and a signal that aborts when all of them have cancelled.
   */
  share(key: string, start: Start<Response>, caller: ReadCaller): SharedRead<Response>;
  /** Prevents joining reads that are in flight now: their data may be from before a write. */
  seal(): void;
}

type Start<Response> = (ticket: Ticket, signal: CancelSignal) => Promise<Response>;

/** A class instead of closures: one is created for each call. */
class InFlightRead<Response> {
  readonly #joinable: Joinable<InFlightRead<Response>>;
  readonly #key: string;
  readonly #ticket: Ticket;
  readonly #abandoned = new LightAbortSignal();
  readonly #response: Promise<Response>;
  #waiting = 0;

  constructor(
    joinable: Joinable<InFlightRead<Response>>,
    key: string,
    start: Start<Response>,
    requester: CallRequester,
  ) {
    this.#joinable = joinable;
    this.#key = key;
    this.#ticket = new Ticket(requester);
    this.#response = start(this.#ticket, this.#abandoned);
    joinable.open(key, this);
  }

  wait({ requester, signal }: ReadCaller): Promise<Response> {
    this.#waiting += 1;
    this.#ticket.join(requester);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (signal) reject(cancelled(signal));
        this.#leave();
      };
      if (signal) onAbort(signal, leave);
      this.#response.then(
        (response) => {
          this.#end(signal, leave);
          resolve(response);
        },
        (error: unknown) => {
          this.#end(signal, leave);
          reject(error);
        },
      );
    });
  }

  #end(signal: CancelSignal | undefined, leave: () => void): void {
    signal?.removeEventListener('abort', leave);
    // Removed before any caller is notified, so that nobody joins a completed read.
    this.#forget();
  }

  #leave(): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#forget();
    this.#abandoned.abort();
  }

  #forget(): void {
    this.#joinable.close(this.#key, this);
  }
}

/** Creates the set of reads in flight. It is no cache: a read is removed when it settles. */
export const createInFlight = <Response>(): InFlight<Response> => {
  const joinable = new Joinable<InFlightRead<Response>>();
  return {
    share: (key, start, caller) => {
      if (caller.signal?.aborted) {
        return { isJoined: false, result: Promise.reject(cancelled(caller.signal)) };
      }
      const joined = caller.joins === false ? undefined : joinable.of(key);
      const read = joined ?? new InFlightRead(joinable, key, start, caller.requester);
      return { isJoined: joined !== undefined, result: read.wait(caller) };
    },
    seal: () => {
      joinable.closeAll();
    },
  };
};
