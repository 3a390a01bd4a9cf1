import { LightSignal, type Signal } from '../light-signal.ts';
import { type Requester, Turn } from './bulkhead.ts';
import { givenUp } from './transport-error.ts';
import { until } from './until.ts';

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
  readonly signal: Signal | undefined;
}

/** The reads under way with one credential, each of them shared by all who ask for the same meanwhile. */
export interface InFlight<Answer> {
  /**
   * Joins the read under way with this key, or starts one.
   *
   * @param key tells what is asked for, wholly; it is held as long as the read is under way, and never shown.
   * @param start gets the turn of all who wait for the answer, and a signal that aborts when they all have left.
   */
  share(key: string, start: (turn: Turn, signal: Signal) => Promise<Answer>, caller: Caller): Share<Answer>;
  /** Lets nobody join what is under way now: it may tell of a time before a write. */
  seal(): void;
}

interface Read<Answer> {
  readonly answer: Promise<Answer>;
  /** Takes one of those who wait away. */
  leave(): void;
  join(requester: Requester): void;
}

const wait = <Answer>(read: Read<Answer>, { requester, signal }: Caller): Promise<Answer> => {
  read.join(requester);
  return until(signal, read.answer, { onGiveUp: read.leave });
};

/** Nothing is kept of a read that has settled, be it an answer or an error: this is no cache. */
export const createInFlight = <Answer>(): InFlight<Answer> => {
  const joinable = new Map<string, Read<Answer>>();

  const begin = (
    key: string,
    start: (turn: Turn, signal: Signal) => Promise<Answer>,
    requester: Requester,
  ): Read<Answer> => {
    const everybodyLeft = new LightSignal();
    const turn = new Turn(requester);
    let waiting = 0;
    // Another read may stand under the key meanwhile.
    const forget = (): void => {
      if (joinable.get(key) === read) joinable.delete(key);
    };
    const read: Read<Answer> = {
      // Forgotten before it settles, so that no one joins what is over.
      answer: start(turn, everybodyLeft).finally(forget),
      join: (one) => {
        waiting += 1;
        turn.join(one);
      },
      leave: () => {
        waiting -= 1;
        if (waiting > 0) return;
        forget();
        everybodyLeft.abort();
      },
    };
    joinable.set(key, read);
    return read;
  };

  return {
    share: (key, start, caller) => {
      if (caller.signal?.aborted) {
        return { isJoined: false, answer: Promise.reject(givenUp(caller.signal)) };
      }
      const joined = joinable.get(key);
      const read = joined ?? begin(key, start, caller.requester);
      return { isJoined: joined !== undefined, answer: wait(read, caller) };
    },
    seal: () => joinable.clear(),
  };
};
