import { createRowScanner, isPlainKey, type ScanRow } from './row-scanner.ts';

/** The keys that are asked for in the rows of one operation. */
export interface AskedKeys {
  /** Adds one to those that are looked for in the rows to come. */
  add(key: string): void;
  /** Looks for them in a row; `null` while it is better to parse rows whole. */
  scan(): ScanRow | null;
}

/** Beyond so many, parsing a row whole takes as long. */
const most = 100;

/** For so many answers rows are parsed whole, before it is tried again whether fewer keys do. */
const restingAnswers = 1000;

export const createAskedKeys = (): AskedKeys => {
  let keys: ReadonlySet<string> = new Set();
  let scan: ScanRow | undefined;
  let resting = 0;
  return {
    add: (key) => {
      if (resting > 0 || keys.has(key) || !isPlainKey(key)) return;
      // Rows that were scanned go on with the set that they were scanned for.
      keys = new Set([...keys, key]);
      scan = undefined;
      if (keys.size <= most) return;
      keys = new Set();
      resting = restingAnswers;
    },
    scan: () => {
      if (resting > 0) {
        resting -= 1;
        return null;
      }
      scan ??= createRowScanner(keys);
      return scan;
    },
  };
};
