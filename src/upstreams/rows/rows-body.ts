import { RowSlicer } from '../../lib/json-rows/row-slicer.ts';
import { type BufferSpace, isTooDense, type ResponseBody, WholeBody } from '../client/response-body.ts';
import type { Loss } from '../client/transport-error.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { CompressedRows } from './compressed-rows.ts';
import { compressedRows } from './held-rows.ts';
import { keyReader, parseRow, type RowKey } from './row-key.ts';
import type { RowStream } from './row-stream.ts';

/** Where the rows of an answer go. */
export interface RowsTarget {
  readonly key: RowKey;
  readonly stream: RowStream;
}

export interface RowsRequest extends RowsTarget {
  /** Whether what has come so far, were it all of the answer, gives rows. */
  readonly isGood: (reply: HttpReply) => boolean;
  /** Hears how many rows of a whole answer were left out, where it is not judged as a whole. */
  readonly onLeftOut?: ((count: number) => void) | undefined;
}

/** What is known of an answer when its body begins. */
export interface ResponseStart extends Pick<HttpReply, 'status' | 'headers'> {
  readonly connection: { pause(): void; resume(): void };
}

/** Up to here an answer is held whole beside its rows, so that it is judged by all that it says. */
const smallBytes = 64 * 1024;

/** So many bytes of rows without a key may come before the first with one, or the answer is read as a whole. */
const maxLeading = 64 * 1024;

/** A list has begun by then, or the answer is read as a whole. */
const longestHead = 4096;

/** Many more than the largest portfolio known has. */
const maxRows = 400_000;

/** How many bytes may wait to be packed before the connection has to, and how many when it goes on. */
const [mostWaiting, fewWaiting] = [1_000_000, 600_000];

/** How many bytes are looked at before others have their turn: a millisecond or two. */
const bytesPerSlice = 256 * 1024;

const blank = String.raw`[ \t\r\n]*`;
const text = String.raw`"[^"\\]*"`;
const member = String.raw`${text}${blank}:${blank}(?:${text}|[-+.\w]+)${blank},${blank}`;
/** The beginning of an object whose `result` is a list of rows, behind nothing but texts and numbers. */
const listHead = new RegExp(
  String.raw`^${blank}\{${blank}(?:${member})*"result"${blank}:${blank}\[(?=${blank}\{)`,
);

/** Whether an object has another `result` behind the list, which then is the one that counts. */
const hasResult = (tail: string): boolean => {
  try {
    return Object.hasOwn(JSON.parse(`{"list":0${tail}`) as object, 'result');
  } catch {
    return false;
  }
};

/**
 * The body of an answer whose rows are cut out as they come. It is judged by the first of them, and by what stands
 * before and behind the list. A small one is judged by all that it says, and any that is no such list too.
 */
export class RowsBody implements ResponseBody {
  readonly #wanted: RowsRequest;
  readonly #begun: ResponseStart;
  /** All that has come, while it is little, or is no list of what was asked for. */
  readonly #whole: WholeBody;
  /** What stands behind the list. */
  readonly #tail: WholeBody;
  readonly #rows: CompressedRows;
  readonly #slicer: RowSlicer;
  readonly #readKey: (row: Buffer, isPlain: boolean) => string | null;
  #kind: 'unknown' | 'list' | 'other' = 'unknown';
  /** Whether all that has come is held. */
  #isHeldWhole = true;
  /** What stands before the list. */
  #head: Buffer = Buffer.of();
  /** The rows before the first that has a key, and their bytes. */
  #leading: Buffer[] = [];
  #leadingBytes = 0;
  #firstRow: Buffer | undefined;
  /** What has come up to the first row, parsed: rows without a key are judged next to that row. */
  #opening: Readonly<Record<string, unknown>> = {};
  /** The row for which the answer is none. */
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
   * Judges the answer by its first row that has a key, and those before it. Where that is no list, it is read as a
   * whole.
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
    // Copied: the rest of what it came in with is not held.
    this.#firstRow = Buffer.from(row);
    this.#opening = JSON.parse(`${this.#head}${row}]}`);
    for (const _ of this.#leading) this.#rows.leaveOut();
    this.#leading = [];
    return true;
  }

  /** Leaves a row without a key out, as long as the answer is a list of rows with it. */
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

  /** Takes no more than can be packed meanwhile, and not too much at one turn of the event loop. */
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
