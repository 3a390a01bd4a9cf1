import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type CallRequester, Ticket } from './bulkhead.ts';
import { Joinable } from './joinable.ts';
import { cancelled } from './transport-error.ts';
import { onAbort } from './until.ts';

/** One caller's part in a read. */
export interface SharedRead<Answer> {
  /** Whether the read was under way already. */
  readonly isJoined: boolean;
  /**
   * Settles as the read does.
   *
   * @throws {TransportError} as soon as this caller's own signal aborts.
   */
  readonly result: Promise<Answer>;
}

export interface ReadCaller {
  /** Stands for the request where several take turns. */
  readonly requester: CallRequester;
  /** Ends the waiting of this one caller. */
  readonly signal: CancelSignal | undefined;
}

/** The reads under way with one credential, each of them shared by all who ask for the same meanwhile. */
export interface InFlight<Answer> {
  /**
   * Joins the read under way with this key, or starts one.
   *
   * @param key tells what is asked for, wholly; it is held as long as the read is under way, and never shown.
   * @param start gets the turn of all who wait for the answer, and a signal that aborts when they all have left.
   */
  share(key: string, start: Start<Answer>, caller: ReadCaller): SharedRead<Answer>;
  /** Lets nobody join what is under way now: it may tell of a time before a write. */
  seal(): void;
}

type Start<Answer> = (turn: Ticket, signal: CancelSignal) => Promise<Answer>;

/** A class, and no closures around each read: there are as many of these as calls. */
class InFlightRead<Answer> {
  readonly #joinable: Joinable<InFlightRead<Answer>>;
  readonly #key: string;
  readonly #ticket: Ticket;
  readonly #abandoned = new LightAbortSignal();
  readonly #response: Promise<Answer>;
  #waiting = 0;

  constructor(
    joinable: Joinable<InFlightRead<Answer>>,
    key: string,
    start: Start<Answer>,
    requester: CallRequester,
  ) {
    this.#joinable = joinable;
    this.#key = key;
    this.#ticket = new Ticket(requester);
    this.#response = start(this.#ticket, this.#abandoned);
    joinable.open(key, this);
  }

  wait({ requester, signal }: ReadCaller): Promise<Answer> {
    this.#waiting += 1;
    this.#ticket.join(requester);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (signal) reject(cancelled(signal));
        this.#leave();
      };
      if (signal) onAbort(signal, leave);
      this.#response.then(
        (answer) => {
          this.#end(signal, leave);
          resolve(answer);
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
    // Before it settles for anybody, so that no one joins what is over.
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

/** Nothing is kept of a read that has settled, be it an answer or an error: this is no cache. */
export const createInFlight = <Answer>(): InFlight<Answer> => {
  const joinable = new Joinable<InFlightRead<Answer>>();
  return {
    share: (key, start, caller) => {
      if (caller.signal?.aborted) {
        return { isJoined: false, result: Promise.reject(cancelled(caller.signal)) };
      }
      const joined = joinable.of(key);
      const read = joined ?? new InFlightRead(joinable, key, start, caller.requester);
      return { isJoined: joined !== undefined, result: read.wait(caller) };
    },
    seal: () => {
      joinable.closeAll();
    },
  };
};
