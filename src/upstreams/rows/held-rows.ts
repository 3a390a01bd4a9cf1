import { setImmediate as nextTurn } from 'node:timers/promises';
import { leftOutOf } from '../endpoint/left-out.ts';
import { isRecord } from '../endpoint/row.ts';
import type { RowBlocks } from './compressed-rows.ts';
import { parseRow, type RowKey } from './row-key.ts';

/** The rows of an answer that are there by now. */
export interface HeldRows {
  readonly keys: readonly string[];
  /** For each row that was left out, how many of the others come before it. */
  readonly leftOut: readonly number[];
  /** What they take up. */
  readonly bytes: number;
  /** Settles when they take up no more than they will. */
  readonly packed: Promise<void>;
  /** @throws {SyntaxError} for a row that is no JSON. */
  rows(from: number, to: number): Promise<readonly unknown[]>;
}

/** Milliseconds for which rows are parsed before others have their turn. */
const longestTurnMs = 4;

/** Rows that are parsed when they are asked for. */
export const packedRows = (blocks: RowBlocks): HeldRows => ({
  keys: blocks.keys,
  leftOut: blocks.leftOut,
  get bytes() {
    return blocks.bytes;
  },
  get packed() {
    return blocks.packed();
  },
  rows: async (from, to) => {
    const found: unknown[] = [];
    let begin = performance.now();
    for (const row of await blocks.rows(from, to)) {
      if (performance.now() - begin > longestTurnMs) {
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
  packed: Promise.resolve(),
  rows: async (from, to) => rows.slice(from, to),
});
