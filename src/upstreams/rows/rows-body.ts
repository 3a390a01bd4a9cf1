import { RowSlicer } from '../../lib/json-rows/row-slicer.ts';
import { type BufferSpace, isTooDense, type ResponseBody, WholeBody } from '../client/response-body.ts';
import type { Loss } from '../client/transport-error.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { CompressedRows } from './compressed-rows.ts';
import { compressedRows } from './held-rows.ts';
import { keyReader, parseRow, type RowKey } from './row-key.ts';
import type { RowStream } from './row-stream.ts';

/** The destination of the rows of a response. */
export interface RowsTarget {
  readonly key: RowKey;
  readonly stream: RowStream;
}

export interface RowsRequest extends RowsTarget {
  /** Whether the part of the response that has arrived, as a response of its own, is a list of valid rows. */
  readonly isGood: (reply: HttpReply) => boolean;
  /** Called with the number of rows that were left out of a response that is not judged as a whole. */
  readonly onLeftOut?: ((count: number) => void) | undefined;
}

/** The part of a response that is known before its body. */
export interface ResponseStart extends Pick<HttpReply, 'status' | 'headers'> {
  readonly connection: { pause(): void; resume(): void };
}

/** A response up to this size is also buffered as a whole, and judged by its whole text. */
const smallBytes = 64 * 1024;

/** The maximum bytes of rows without a key before the first row with one. Beyond it the response is read as a whole. */
const maxLeading = 64 * 1024;

/** The maximum position at which the list begins. Beyond it the response is read as a whole. */
const longestHead = 4096;

/** Far above the largest known portfolio. */
const maxRows = 400_000;

/** The bytes that wait for compression at which the connection is paused, and resumed. */
const [mostWaiting, fewWaiting] = [1_000_000, 600_000];

/** The bytes that are processed before the event loop continues with other work: one or two milliseconds. */
const bytesPerSlice = 256 * 1024;

const blank = String.raw`[ \t\r\n]*`;
const text = String.raw`"[^"\\]*"`;
const member = String.raw`${text}${blank}:${blank}(?:${text}|[-+.\w]+)${blank},${blank}`;
/** The beginning of an object whose `result` is a list of rows, after strings and numbers only. */
const listHead = new RegExp(
  String.raw`^${blank}\{${blank}(?:${member})*"result"${blank}:${blank}\[(?=${blank}\{)`,
);

/** Whether the object has a second `result` after the list, which would be the valid one. */
const hasResult = (tail: string): boolean => {
  try {
    return Object.hasOwn(JSON.parse(`{"list":0${tail}`) as object, 'result');
  } catch {
    return false;
  }
};

/**
 * The body of a response whose rows are extracted while they arrive.
 *
 * It is judged by its first rows and by the text before and after the list. A small body, or one that is no such list,
 * is judged by its whole text.
 */
export class RowsBody implements ResponseBody {
  readonly #wanted: RowsRequest;
  readonly #begun: ResponseStart;
  /** The whole text, while it is small, or if it is not the requested list. */
  readonly #whole: WholeBody;
  /** The text after the list. */
  readonly #tail: WholeBody;
  readonly #rows: CompressedRows;
  readonly #slicer: RowSlicer;
  readonly #readKey: (row: Buffer, isPlain: boolean) => string | null;
  #kind: 'unknown' | 'list' | 'other' = 'unknown';
  /** Whether the whole text is buffered. */
  #isHeldWhole = true;
  /** The text before the list. */
  #head: Buffer = Buffer.of();
  /** The rows before the first row with a key, and their bytes. */
  #leading: Buffer[] = [];
  #leadingBytes = 0;
  #firstRow: Buffer | undefined;
  /** The text up to the first row, parsed: rows without a key are judged together with that row. */
  #opening: Readonly<Record<string, unknown>> = {};
  /** The row that makes the response invalid. */
  #oddRow: Buffer | undefined;
  #isGood = false;
  #isPaused = false;
  #sliceBytes = 0;
  #fault: Loss | 'unfit' | 'invalid' | undefined;

  constructor(wanted: RowsRequest, begun: ResponseStart, space: BufferSpace) {
    this.#wanted = wanted;
    this.#begun = begun;
    this.#whole = new WholeBody(space);
    this.#tail = new WholeBody(space);
    this.#rows = new CompressedRows(space);
    this.#rows.onCompressed = () => this.#resume();
    this.#slicer = new RowSlicer((row, isPlain) => this.#takeRow(row, isPlain));
    this.#readKey = keyReader(wanted.key);
  }

  take(chunk: Buffer): Loss | undefined {
    const loss = this.#isHeldWhole ? this.#whole.take(chunk) : undefined;
    if (loss || this.#kind === 'other') return loss;
    if (this.#kind === 'unknown') return this.#lookForList();
    return this.#takeRows(chunk);
  }

  end(): ReturnType<ResponseBody['end']> {
    if (!this.#isHeldWhole) this.#rows.end();
    this.#rows.leaveSpace();
    if (this.#isHeldWhole) {
      this.#wanted.stream.textBytes = this.#whole.bytes;
      return this.#whole.end();
    }
    const tail = this.#tail.end();
    if ('loss' in tail || this.#firstRow === undefined) return tail;
    const fault = this.#fault ?? this.#slicer.state;
    if (fault === 'unfit') return { text: `${this.#head}${this.#firstRow},${this.#oddRow ?? 'null'}]}` };
    if (fault !== 'closed') return { text: '' };
    if (this.#rows.leftOut.length > 0) this.#wanted.onLeftOut?.(this.#rows.leftOut.length);
    this.#wanted.stream.isComplete = !hasResult(tail.text);
    return { text: `${this.#head}${this.#firstRow}]${tail.text}` };
  }

  drop(): void {
    this.#whole.drop();
    this.#tail.drop();
    this.#rows.drop();
    this.#slicer.drop();
    this.#wanted.stream.abort();
  }

  #lookForList(): Loss | undefined {
    const bytes = this.#whole.soFar();
    const [head] = listHead.exec(bytes.toString('latin1', 0, longestHead)) ?? [];
    if (head === undefined) {
      if (bytes.length >= longestHead) this.#kind = 'other';
      return undefined;
    }
    this.#kind = 'list';
    this.#head = Buffer.from(bytes.subarray(0, head.length));
    this.#wanted.stream.begin(this.#begun.status, compressedRows(this.#rows));
    return this.#takeRows(bytes.subarray(head.length));
  }

  #takeRows(bytes: Buffer): Loss | undefined {
    const rest = bytes.subarray(this.#slicer.push(bytes));
    if (this.#slicer.state === 'closed' && rest.length > 0) {
      const loss = this.#tail.take(rest);
      if (loss) return loss;
    }
    if (this.#isHeldWhole && this.#isGood && this.#whole.bytes > smallBytes) {
      this.#isHeldWhole = false;
      this.#whole.drop();
    }
    if (this.#fault === 'crowded' || this.#fault === 'tooLarge') return this.#fault;
    const isSound = this.#fault === undefined && ['open', 'closed'].includes(this.#slicer.state);
    this.#wanted.stream.addRows(this.#isGood && isSound);
    this.#pauseIfBusy(bytes.length);
    return undefined;
  }

  #takeRow(row: Buffer, isPlain: boolean): void {
    if (this.#fault || this.#kind === 'other') return;
    try {
      const key = this.#readKey(row, isPlain);
      if (!this.#firstRow && !this.#beginsList(row, key)) return;
      if (isTooDense([row]) || this.#rows.length + this.#rows.leftOut.length >= maxRows) {
        this.#fault = 'tooLarge';
      } else if (key === null) this.#leaveOut(row);
      else if (!this.#rows.add(row, key)) this.#fault = 'crowded';
    } catch {
      this.#fault = 'invalid';
    }
  }

  /**
   * Judges the response by its first row with a key and the rows before it. If they are no list, it is read as a whole.
   *
   * @returns whether the row is the first of a list.
   */
  #beginsList(row: Buffer, key: string | null): boolean {
    if (key === null && this.#leadingBytes + row.length <= maxLeading) {
      this.#leading.push(Buffer.from(row));
      this.#leadingBytes += row.length;
      return false;
    }
    const rows = [...this.#leading, row].join(',');
    const json: unknown = JSON.parse(`${this.#head}${rows}]}`);
    this.#isGood = this.#wanted.isGood({ ...this.#begun, json });
    if (!this.#isGood) {
      this.#kind = 'other';
      return false;
    }
    // Copied, so that the rest of its chunk is not kept in memory.
    this.#firstRow = Buffer.from(row);
    this.#opening = JSON.parse(`${this.#head}${row}]}`);
    for (const _ of this.#leading) this.#rows.leaveOut();
    this.#leading = [];
    return true;
  }

  /** Leaves out a row without a key, if the response with this row is still a list of rows. */
  #leaveOut(row: Buffer): void {
    const rows = this.#opening['result'] as readonly unknown[];
    const json = { ...this.#opening, result: [...rows, parseRow(row)] };
    if (this.#wanted.isGood({ ...this.#begun, json })) {
      this.#rows.leaveOut();
    } else {
      this.#oddRow = Buffer.from(row);
      this.#fault = 'unfit';
    }
  }

  /** Pauses the connection while too many bytes wait for compression, and after each slice. */
  #pauseIfBusy(bytes: number): void {
    this.#sliceBytes += bytes;
    if (this.#isPaused || (this.#sliceBytes < bytesPerSlice && this.#rows.waitingBytes <= mostWaiting))
      return;
    this.#isPaused = true;
    this.#begun.connection.pause();
    this.#wanted.stream.nextSlice(() => {
      this.#sliceBytes = 0;
      this.#resume();
    });
  }

  #resume(): void {
    const isToWait = this.#rows.waitingBytes > fewWaiting || this.#sliceBytes > 0;
    if (!this.#isPaused || isToWait) return;
    this.#isPaused = false;
    this.#begun.connection.resume();
  }
}
