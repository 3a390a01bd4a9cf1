import { type CancelSignal, LightAbortSignal } from '../../lib/abort-signal.ts';
import { type Requester, Turn } from './bulkhead.ts';
import { Joinable } from './joinable.ts';
import { givenUp } from './transport-error.ts';
import { listen } from './until.ts';

/** One caller's part in a read. */
export interface Share<Answer> {
  /** Whether the read was under way already. */
  readonly isJoined: boolean;
  /**
   * Settles as the read does.
   *
   * @throws {TransportError} as soon as this caller's own signal aborts.
   */
  readonly answer: Promise<Answer>;
}

export interface Caller {
  /** Stands for the request where several take turns. */
  readonly requester: Requester;
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
  share(key: string, start: Start<Answer>, caller: Caller): Share<Answer>;
  /** Lets nobody join what is under way now: it may tell of a time before a write. */
  seal(): void;
}

type Start<Answer> = (turn: Turn, signal: CancelSignal) => Promise<Answer>;

/** A class, and no closures around each read: there are as many of these as calls. */
class Read<Answer> {
  readonly #joinable: Joinable<Read<Answer>>;
  readonly #key: string;
  readonly #turn: Turn;
  readonly #everybodyLeft = new LightAbortSignal();
  readonly #answer: Promise<Answer>;
  #waiting = 0;

  constructor(joinable: Joinable<Read<Answer>>, key: string, start: Start<Answer>, requester: Requester) {
    this.#joinable = joinable;
    this.#key = key;
    this.#turn = new Turn(requester);
    this.#answer = start(this.#turn, this.#everybodyLeft);
    joinable.open(key, this);
  }

  wait({ requester, signal }: Caller): Promise<Answer> {
    this.#waiting += 1;
    this.#turn.join(requester);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        if (signal) reject(givenUp(signal));
        this.#leave();
      };
      if (signal) listen(signal, leave);
      this.#answer.then(
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
    this.#everybodyLeft.abort();
  }

  #forget(): void {
    this.#joinable.close(this.#key, this);
  }
}

/** Nothing is kept of a read that has settled, be it an answer or an error: this is no cache. */
export const createInFlight = <Answer>(): InFlight<Answer> => {
  const joinable = new Joinable<Read<Answer>>();
  return {
    share: (key, start, caller) => {
      if (caller.signal?.aborted) {
        return { isJoined: false, answer: Promise.reject(givenUp(caller.signal)) };
      }
      const joined = joinable.of(key);
      const read = joined ?? new Read(joinable, key, start, caller.requester);
      return { isJoined: joined !== undefined, answer: read.wait(caller) };
    },
    seal: () => {
      joinable.closeAll();
    },
  };
};
