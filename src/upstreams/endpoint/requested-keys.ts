import { createRowScanner, isPlainKey, type ScanRow } from '../../lib/json-rows/row-scanner.ts';

/** What is learned from how rows are read. */
export interface RowUsage {
  /** A key was asked for that had not been looked for. */
  requested(key: string): void;
  /** A row was parsed after all. */
  parsed(): void;
}

/** The keys that are asked for in the rows of one operation. */
export interface RequestedKeyTracker extends RowUsage {
  /** Looks for them in a row; `null` while it is better to parse rows whole. */
  scan(): ScanRow | null;
}

/** Beyond so many, parsing a row whole takes as long. */
const most = 100;

/** After so many answers it is judged whether looking for keys is of use. */
const triedAnswers = 1000;

/** How many rows may be parsed after all meanwhile: more than it takes to learn the keys, and far from all. */
const toleratedMisses = 250;

/** For so many answers rows are parsed whole, before it is tried again whether fewer keys do. */
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
      // Rows that were scanned go on with the set that they were scanned for.
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
