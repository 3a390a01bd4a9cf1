import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { BufferSpace } from '../client/response-body.ts';
import { BlockBuffers } from './block-buffers.ts';
import { ResponseAbortedError } from './response-aborted-error.ts';

const brotli = promisify(brotliCompress);
const unbrotli = promisify(brotliDecompress);

// A third of the time of zlib's fastest, for a tenth more bytes.
const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_LGWIN]: 18 } };

/** What a row takes up besides its bytes: its key, and where it ends. */
const overheadBytes = 64;

/** Rows that stand behind each other, and are held packed as soon as that is done. */
class Block {
  readonly first: number;
  readonly #ends: number[] = [];
  /** Their bytes, with room for more, until they are packed. */
  #raw: Buffer | undefined;
  #compressed: Buffer | undefined;
  #isCompressing = false;
  #isDropped = false;
  #decompressing: Promise<Buffer> | undefined;

  constructor(first: number, raw: Buffer) {
    this.first = first;
    this.#raw = raw;
  }

  /** Unpacked. */
  get bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }

  hasRoomFor(row: Buffer): boolean {
    return this.#raw !== undefined && this.bytes + row.length <= this.#raw.length;
  }

  /** Copies it, since it is a part of what the connection gave, which nobody else needs. */
  add(row: Buffer): void {
    this.#raw?.set(row, this.bytes);
    this.#ends.push(this.bytes + row.length);
  }

  /**
   * Packs them, beside the event loop. What cannot be packed stays as it is.
   *
   * @returns what they stood in before, and by how many bytes they are less.
   */
  async compress(): Promise<{ readonly freed: Buffer | undefined; readonly saved: number }> {
    const freed = this.#raw;
    if (!freed) return { freed, saved: 0 };
    this.#isCompressing = true;
    const compressed = await brotli(freed.subarray(0, this.bytes), fastest).catch(() => undefined);
    this.#isCompressing = false;
    if (!compressed) return { freed: undefined, saved: 0 };
    this.#raw = undefined;
    // Copied, since it may be the beginning of something longer.
    if (!this.#isDropped) this.#compressed = Buffer.concat([compressed]);
    return { freed, saved: this.bytes - compressed.length };
  }

  /** Nobody may have them any more. @returns what they stand in, where nothing reads it. */
  drop(): Buffer | undefined {
    const freed = this.#isCompressing ? undefined : this.#raw;
    if (freed) this.#raw = undefined;
    this.#compressed = undefined;
    this.#isDropped = true;
    return freed;
  }

  /** Those from one to before another, counted in the block. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    const last = Math.min(to, this.#ends.length);
    const [begin, end] = [this.#startOf(from), this.#startOf(last)];
    // What is not packed yet will be overwritten.
    const bytes = this.#raw
      ? Buffer.from(this.#raw.subarray(begin, end))
      : (await this.#decompress()).subarray(begin, end);
    return Array.from({ length: last - from }, (_, nth) =>
      bytes.subarray(this.#startOf(from + nth) - begin, this.#startOf(from + nth + 1) - begin),
    );
  }

  #startOf(nth: number): number {
    return this.#ends[nth - 1] ?? 0;
  }

  /** Who needs it at the same moment shares it. */
  #decompress(): Promise<Buffer> {
    if (!this.#compressed) throw new ResponseAbortedError();
    this.#decompressing ??= unbrotli(this.#compressed).finally(() => {
      this.#decompressing = undefined;
    });
    return this.#decompressing;
  }
}

/** The rows of one answer, held in packed blocks, so that tens of megabytes become a few. */
export class CompressedRows {
  /** The keys of all rows, in their order. */
  readonly keys: string[] = [];
  /** For each row that was left out, how many of the others come before it. */
  readonly leftOut: number[] = [];
  /** Hears each time that a block has been packed. */
  onCompressed: () => void = () => {};
  /** What is held: of rows that are packed, of rows that are not, and of their keys. */
  bytes = 0;
  /** What waits to be packed. */
  waitingBytes = 0;
  readonly #space: BufferSpace;
  readonly #blocks: Block[] = [];
  /** The one that rows are added to. */
  #open: Block | undefined;
  readonly #waiting: Block[] = [];
  readonly #buffers = new BlockBuffers();
  #compressing: Promise<void> | undefined;
  /** Whether what is held is counted in the space. */
  #isCounted = true;

  constructor(space: BufferSpace) {
    this.#space = space;
  }

  get length(): number {
    return this.keys.length;
  }

  /** @returns false where there is no space left. */
  add(row: Buffer, key: string): boolean {
    const bytes = row.length + overheadBytes;
    if (!this.#space.take(bytes)) return false;
    this.bytes += bytes;
    if (!this.#open?.hasRoomFor(row)) this.#begin(row.length);
    this.#open?.add(row);
    this.keys.push(key);
    return true;
  }

  /** A row comes here that is not held. */
  leaveOut(): void {
    this.leftOut.push(this.length);
  }

  /** Nothing comes any more: the last of them are packed too. */
  end(): void {
    this.#compressOpen();
  }

  /** Settles when all that waits is packed. */
  async compressed(): Promise<void> {
    await this.#compressing;
  }

  /** The bytes of the rows from one to before another. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    const wanted = this.#blocks.filter(
      ({ first }, nth) => first < to && from < (this.#blocks[nth + 1]?.first ?? this.length),
    );
    const found = await Promise.all(
      wanted.map((block) => block.rows(Math.max(0, from - block.first), to - block.first)),
    );
    return found.flat();
  }

  /** Gives the space back: they are not of an answer that is coming in any more. */
  leaveSpace(): void {
    if (this.#isCounted) this.#space.giveBack(this.bytes);
    this.#isCounted = false;
    this.#buffers.release();
  }

  /** Gives them up: what waits to be packed is not, and who asks for them hears that they have broken off. */
  drop(): void {
    for (const block of this.#blocks) this.#giveBack(block.drop());
    this.#open = undefined;
    this.#waiting.length = 0;
    this.leaveSpace();
  }

  #begin(leastBytes: number): void {
    this.#compressOpen();
    this.#open = new Block(this.length, this.#buffers.take(leastBytes));
    this.#blocks.push(this.#open);
  }

  #giveBack(freed: Buffer | undefined): void {
    if (freed) this.#buffers.giveBack(freed);
  }

  #compressOpen(): void {
    if (!this.#open) return;
    this.waitingBytes += this.#open.bytes;
    this.#waiting.push(this.#open);
    this.#open = undefined;
    this.#compressing ??= this.#compressWaiting();
  }

  /** One at a time, so that other work of the process finds its threads. */
  async #compressWaiting(): Promise<void> {
    for (let block = this.#waiting[0]; block; block = this.#waiting[0]) {
      const { freed, saved } = await block.compress();
      this.#waiting.shift();
      this.waitingBytes -= block.bytes;
      this.bytes -= saved;
      this.#giveBack(freed);
      if (this.#isCounted) this.#space.giveBack(saved);
      this.onCompressed();
    }
    this.#compressing = undefined;
  }
}
