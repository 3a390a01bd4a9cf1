import { maxNesting } from '../json-nesting.ts';

const [quote, backslash, comma, bracket, brace, closingBracket, closingBrace] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x7b, 0x5d, 0x7d,
];

/** A row is in a list, which is in an object. */
const maxRowNesting = maxNesting - 2;

/** Brackets and braces differ by one bit, and so do their closing counterparts. */
const withoutCase = 0xdf;

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** Whether a byte begins an item that is not a row: a list, a string, a number, `true`, `false` or `null`. */
const beginsOther = (byte: number | undefined): boolean =>
  byte !== undefined && /[["\-\dtfn]/.test(String.fromCharCode(byte));

/**
 * Called for each row when its last byte has arrived.
 *
 * @param row the bytes of the row, possibly a view of the pushed buffer.
 * @param isPlain whether the row has no escapes, and no nested rows or lists.
 */
type OnRow = (row: Buffer, isPlain: boolean) => void;

/**
 * The state of the list. `closed`: its end has arrived. `unfit`: it has items that are not rows. `invalid`: it is not
 * JSON, or a row is nested too deeply.
 */
type SlicerState = 'open' | 'closed' | 'unfit' | 'invalid';

/**
 * Splits a JSON list into rows while its bytes arrive in chunks of any size. The first byte follows the opening
 * bracket.
 *
 * It evaluates strings and brackets only. Parsing a row shows whether the row is valid JSON.
 */
export class RowSlicer {
  state: SlicerState = 'open';
  readonly #onRow: OnRow;
  /** The tokens that are allowed next between rows. */
  #next: 'row or end' | 'row' | 'comma or end' = 'row or end';
  /** The number of open brackets, including that of the row; 0 between rows. */
  #depth = 0;
  #isInString = false;
  /** Whether the next byte follows a backslash. */
  #isEscaped = false;
  #isPlain = true;
  /** The parts of the current row from earlier chunks. */
  #parts: Buffer[] = [];

  constructor(onRow: OnRow) {
    this.#onRow = onRow;
  }

  /** @returns the number of bytes that belong to the list; all of them while the list is open. */
  push(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && this.state === 'open') {
      at = this.#depth > 0 ? this.#continueRow(bytes, at, at) : this.#continueBetweenRows(bytes, at);
    }
    return at;
  }

  /** Releases the parts of an incomplete row: they are views that keep whole chunks in memory. */
  drop(): void {
    this.#parts = [];
  }

  #continueBetweenRows(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (isBlank(byte)) return at + 1;
    if (byte === closingBracket && this.#next !== 'row') {
      this.state = 'closed';
    } else if (byte === comma && this.#next === 'comma or end') {
      this.#next = 'row';
    } else if (byte === brace && this.#next !== 'comma or end') {
      this.#depth = 1;
      this.#isPlain = true;
      return this.#continueRow(bytes, at, at + 1);
    } else {
      this.state = this.#next !== 'comma or end' && beginsOther(byte) ? 'unfit' : 'invalid';
    }
    return at + 1;
  }

  /** Continues to the end of the row or of the chunk. */
  #continueRow(bytes: Buffer, start: number, from: number): number {
    const at = this.#skip(bytes, from);
    const end = Math.min(at, bytes.length);
    const part = bytes.subarray(start, end);
    this.#isEscaped = at > end;
    if (this.#depth > 0) this.#parts.push(part);
    else this.#endRow(part);
    return end;
  }

  /**
   * Finds the end of the row. All bytes of a response pass here, so the loops are plain.
   *
   * @returns the index after the row. If the next byte is escaped, it is one past the end of the chunk.
   */
  #skip(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = this.#isEscaped ? from + 1 : from;
    let depth = this.#depth;
    let isInString = this.#isInString;
    while (at < length && depth > 0) {
      let byte: number | undefined;
      if (isInString) {
        do byte = bytes[at++];
        while (byte !== quote && byte !== backslash && at < length);
        if (byte === quote) {
          isInString = false;
        } else if (byte === backslash) {
          this.#isPlain = false;
          at += 1;
        }
      } else {
        byte = bytes[at++] as number;
        if (byte === quote) {
          isInString = true;
        } else if ((byte & withoutCase) === bracket) {
          this.#isPlain = false;
          depth += 1;
          if (depth > maxRowNesting) {
            this.state = 'invalid';
            break;
          }
        } else if ((byte & withoutCase) === closingBracket) {
          depth -= 1;
        }
      }
    }
    this.#depth = depth;
    this.#isInString = isInString;
    return at;
  }

  #endRow(lastPart: Buffer): void {
    this.#next = 'comma or end';
    const row = this.#parts.length === 0 ? lastPart : Buffer.concat([...this.#parts, lastPart]);
    this.#parts = [];
    if (row.at(-1) === closingBrace) this.#onRow(row, this.#isPlain);
    else this.state = 'invalid';
  }
}
