const [quote, backslash, comma, bracket, brace, closingBracket, closingBrace] = [
  0x22, 0x5c, 0x2c, 0x5b, 0x7b, 0x5d, 0x7d,
];

/** Brackets and braces differ by one bit, and so do those that close. */
const withoutCase = 0xdf;

const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/** What else than a row can begin in a list: a list, a text, a number, `true`, `false` or `null`. */
const beginsOther = (byte: number | undefined): boolean =>
  byte !== undefined && /[["\-\dtfn]/.test(String.fromCharCode(byte));

/**
 * Hears of a row as soon as its last byte is there.
 *
 * @param row its bytes, maybe a part of what was pushed.
 * @param isPlain whether it has no escapes, and no rows or lists inside.
 */
type OnRow = (row: Buffer, isPlain: boolean) => void;

/**
 * Where the list stands. `closed`: its end has come. `unfit`: it has something else than rows. `invalid`: it is no
 * JSON.
 */
type SlicerState = 'open' | 'closed' | 'unfit' | 'invalid';

/**
 * Cuts the rows out of a list in JSON, from behind the bracket that opens it, as its bytes come in pieces of any size.
 *
 * It looks at strings and brackets only: whether a row is JSON inside shows when it is parsed.
 */
export class RowSlicer {
  state: SlicerState = 'open';
  readonly #onRow: OnRow;
  /** What may come between rows. */
  #next: 'row or end' | 'row' | 'comma or end' = 'row or end';
  /** Brackets that are open, from that of the row; 0 between rows. */
  #depth = 0;
  #isInString = false;
  /** Whether the next byte is the one behind a backslash. */
  #isEscaped = false;
  #isPlain = true;
  /** What has come of the row before. */
  #parts: Buffer[] = [];

  constructor(onRow: OnRow) {
    this.#onRow = onRow;
  }

  /** @returns how many of the bytes belong to the list; all of them while it is open. */
  push(bytes: Buffer): number {
    let at = 0;
    while (at < bytes.length && this.state === 'open') {
      at = this.#depth > 0 ? this.#continueRow(bytes, at, at) : this.#continueBetweenRows(bytes, at);
    }
    return at;
  }

  /** Nothing more is pushed: what has come of a row is a part of what came with it, and holds all that. */
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

  /** Goes on to the end of the row, or of what has come. */
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
   * Looks for the end of the row. All bytes of an answer pass here: so these are plain loops.
   *
   * @returns the place behind it; one behind all that has come where the byte that is to come is escaped.
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
