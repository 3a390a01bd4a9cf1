import { setImmediate as nextTurn } from 'node:timers/promises';
import { leftOutOf } from '../endpoint/left-out.ts';
import { isRecord } from '../endpoint/row.ts';
import type { CompressedRows } from './compressed-rows.ts';
import { parseRow, type RowKey } from './row-key.ts';

/** The rows of an answer that are there by now. */
export interface HeldRows {
  readonly keys: readonly string[];
  /** For each row that was left out, how many of the others come before it. */
  readonly leftOut: readonly number[];
  /** What they take up. */
  readonly bytes: number;
  /** Settles when they take up no more than they will. */
  readonly compressed: Promise<void>;
  /** @throws {SyntaxError} for a row that is no JSON. */
  rows(from: number, to: number): Promise<readonly unknown[]>;
}

/** Milliseconds for which rows are parsed before others have their turn. */
const maxSliceMs = 4;

/** Rows that are parsed when they are asked for. */
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

/** The rows of an answer that was parsed as a whole. */
export const parsedRows = (rows: readonly unknown[], { name, read }: RowKey, bytes: number): HeldRows => ({
  keys: rows.map((row) => (isRecord(row) ? read(row[name]) : null) ?? ''),
  leftOut: leftOutOf(rows).map(({ at }) => at),
  bytes,
  compressed: Promise.resolve(),
  rows: async (from, to) => rows.slice(from, to),
});
