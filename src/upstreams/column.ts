import type { Row } from './endpoint.ts';

/** Where a value stands in a row, and how it is read. */
export interface Column<T> {
  /** The upstream's keys for it, in the order they are tried: one thing has several names there. */
  readonly keys: readonly string[];
  read(row: Row): T | null;
}

/** Reads the first of the keys that holds a value. */
export const column = <T>(interpret: (wire: unknown) => T | null, ...keys: readonly string[]): Column<T> => ({
  keys,
  read: (row) => {
    for (const key of keys) {
      const value = interpret(row[key]);
      if (value !== null) return value;
    }
    return null;
  },
});
