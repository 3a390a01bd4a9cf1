/** Something outside the process that may change, such as files. */
export interface FollowedState {
  /** Its state when it was read first. */
  readonly initial: string;
  /** Describes its present state. Never rejects. */
  readonly stateOf: () => Promise<string>;
  /** Reads it again. Never rejects. */
  readonly read: () => Promise<void>;
  /** Called at each look that finds nothing to read. */
  readonly onUnchanged?: () => void;
  /** Milliseconds between two looks. */
  readonly intervalMs: number;
}

export interface StateFollower {
  /** Reads at once, after a read that is in progress. */
  reload(): Promise<void>;
  close(): void;
}

/**
 * Looks at a state at intervals, and reads again what has changed.
 *
 * Reads are made one after the other: an older one must not replace a newer one. A file that is still being written has
 * changed again at the next look, and is read when it is the same at two looks.
 */
export const followState = ({
  initial,
  stateOf,
  read,
  onUnchanged = () => {},
  intervalMs,
}: FollowedState): StateFollower => {
  let readState = initial;
  let seenState = initial;
  let reading: Promise<void> = Promise.resolve();

  const inTurn = (task: () => Promise<void>): Promise<void> => {
    reading = reading.then(task);
    return reading;
  };

  const readAs = (state: string): Promise<void> => {
    readState = state;
    return read();
  };

  const look = async (): Promise<void> => {
    const state = await stateOf();
    const isStable = state === seenState;
    seenState = state;
    if (isStable && state !== readState) await readAs(state);
    else onUnchanged();
  };

  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const lookLater = (): void => {
    timer = setTimeout(() => inTurn(look).then(() => isClosed || lookLater()), intervalMs).unref();
  };
  lookLater();

  return {
    reload: () => inTurn(async () => readAs(await stateOf())),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
};
