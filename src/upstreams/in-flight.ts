import { setMaxListeners } from 'node:events';
import { TransportError } from './http.ts';

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

/** The reads under way with one credential, each of them shared by all who ask for the same meanwhile. */
export interface InFlight<Answer> {
  /**
   * Joins the read under way with this key, or starts one.
   *
   * @param key tells what is asked for, wholly; it is held as long as the read is under way, and never shown.
   * @param start gets a signal that aborts when everybody who waited for the answer has left.
   * @param signal ends the waiting of this one caller.
   */
  share(
    key: string,
    start: (signal: AbortSignal) => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Share<Answer>;
  /** Lets nobody join what is under way now: it may tell of a time before a write. */
  seal(): void;
}

interface Read<Answer> {
  readonly answer: Promise<Answer>;
  /** Takes one of those who wait away. */
  leave(): void;
  join(): void;
}

/** Waits for a read until it settles or the signal aborts, whichever comes first; then nothing listens any more. */
const wait = <Answer>(read: Read<Answer>, signal: AbortSignal | undefined): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(new TransportError(signal?.reason, false));
      read.leave();
    };
    read.join();
    if (signal) {
      // All reads of a request hear its one signal: Node would take more than ten of them for a leak.
      // AbortSignal.any() is no way round it: on Node 20 it leaves something behind with each use.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', leave, { once: true });
    }
    read.answer.finally(() => signal?.removeEventListener('abort', leave)).then(resolve, reject);
  });

/** Nothing is kept of a read that has settled, be it an answer or an error: this is no cache. */
export const createInFlight = <Answer>(): InFlight<Answer> => {
  const joinable = new Map<string, Read<Answer>>();

  const begin = (key: string, start: (signal: AbortSignal) => Promise<Answer>): Read<Answer> => {
    const everybodyLeft = new AbortController();
    let waiting = 0;
    // Another read may stand under the key meanwhile.
    const forget = (): void => {
      if (joinable.get(key) === read) joinable.delete(key);
    };
    const read: Read<Answer> = {
      // Forgotten before it settles, so that no one joins what is over.
      answer: start(everybodyLeft.signal).finally(forget),
      join: () => {
        waiting += 1;
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
    share: (key, start, signal) => {
      if (signal?.aborted) {
        return { isJoined: false, answer: Promise.reject(new TransportError(signal.reason, false)) };
      }
      const joined = joinable.get(key);
      return { isJoined: joined !== undefined, answer: wait(joined ?? begin(key, start), signal) };
    },
    seal: () => joinable.clear(),
  };
};
