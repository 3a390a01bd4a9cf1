import { createRowScanner, isPlainKey, type ScanRow } from '../../lib/json-rows/row-scanner.ts';

/** Records how rows are read. */
export interface RowUsage {
  /** A key was requested that the scanner had not searched. */
  requested(key: string): void;
  /** A row was parsed as a whole. */
  parsed(): void;
}

/** The keys that queries request from the rows of one operation. */
export interface RequestedKeyTracker extends RowUsage {
  /** Returns a scanner for these keys; `null` while parsing whole rows is faster. */
  scan(): ScanRow | null;
}

/** With more keys, parsing the whole row takes as long. */
const most = 100;

/** The number of responses after which the benefit of scanning is evaluated. */
const triedAnswers = 1000;

/** The number of rows that may be parsed as a whole meanwhile: more than learning the keys requires. */
const toleratedMisses = 250;

/** The number of responses that are parsed as a whole before scanning is tried again. */
const restingAnswers = 20_000;

export const createRequestedKeyTracker = (): RequestedKeyTracker => {
  let keys: ReadonlySet<string> = new Set();
  let scan: ScanRow | undefined;
  let isResting = false;
  let answersLeft = triedAnswers;
  let misses = 0;

  const look = (wanted: ReadonlySet<string>): void => {
    keys = wanted;
    scan = undefined;
  };

  const judge = (): void => {
    isResting = misses > toleratedMisses;
    answersLeft = isResting ? restingAnswers : triedAnswers;
    misses = 0;
    if (isResting) look(new Set());
  };

  return {
    requested: (key) => {
      // Scanned rows keep the key set of their scan.
      if (keys.size < most && !keys.has(key) && isPlainKey(key)) look(new Set([...keys, key]));
    },
    parsed: () => {
      misses += 1;
    },
    scan: () => {
      if (answersLeft === 0) judge();
      answersLeft -= 1;
      if (isResting) return null;
      scan ??= createRowScanner(keys);
      return scan;
    },
  };
};
