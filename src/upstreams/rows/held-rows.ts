import { setImmediate as nextTurn } from 'node:timers/promises';
import { leftOutOf } from '../endpoint/left-out.ts';
import { isRecord } from '../endpoint/row.ts';
import type { CompressedRows } from './compressed-rows.ts';
import { parseRow, type RowKey } from './row-key.ts';

/** The rows of a response that have arrived. */
export interface HeldRows {
  readonly keys: readonly string[];
  /** For each row that was left out, the number of rows before it. */
  readonly leftOut: readonly number[];
  /** The bytes in memory. */
  readonly bytes: number;
  /** Settles when their size in memory is final. */
  readonly compressed: Promise<void>;
  /** @throws {SyntaxError} if a row is not JSON. */
  rows(from: number, to: number): Promise<readonly unknown[]>;
}

/** Milliseconds of parsing before the event loop continues with other work. */
const maxSliceMs = 4;

/** Returns rows that are parsed on access. */
export const compressedRows = (blocks: CompressedRows): HeldRows => ({
  keys: blocks.keys,
  leftOut: blocks.leftOut,
  get bytes() {
    return blocks.bytes;
  },
  get compressed() {
    return blocks.compressed();
  },
  rows: async (from, to) => {
    const found: unknown[] = [];
    let begin = performance.now();
    for (const row of await blocks.rows(from, to)) {
      if (performance.now() - begin > maxSliceMs) {
        await nextTurn();
        begin = performance.now();
      }
      found.push(parseRow(row));
    }
    return found;
  },
});

/** Returns the rows of a response that was parsed as a whole. */
export const parsedRows = (rows: readonly unknown[], { name, read }: RowKey, bytes: number): HeldRows => ({
  keys: rows.map((row) => (isRecord(row) ? read(row[name]) : null) ?? ''),
  leftOut: leftOutOf(rows).map(({ at }) => at),
  bytes,
  compressed: Promise.resolve(),
  rows: async (from, to) => rows.slice(from, to),
});
