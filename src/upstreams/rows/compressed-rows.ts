import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { BufferSpace } from '../client/response-body.ts';
import { BlockBuffers } from './block-buffers.ts';
import { ResponseAbortedError } from './response-aborted-error.ts';

const brotli = promisify(brotliCompress);
const unbrotli = promisify(brotliDecompress);

// Takes a third of the time of the fastest level of zlib, for ten percent more bytes.
const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_LGWIN]: 18 } };

/** The bytes of a row besides its text: its key and its end index. */
const overheadBytes = 64;

/** Consecutive rows, compressed as soon as the block is complete. */
class Block {
  readonly first: number;
  readonly #ends: number[] = [];
  /** The bytes of the rows, in a buffer with free space, until they are compressed. */
  #raw: Buffer | undefined;
  #compressed: Buffer | undefined;
  #isCompressing = false;
  #isDropped = false;
  #decompressing: Promise<Buffer> | undefined;

  constructor(first: number, raw: Buffer) {
    this.first = first;
    this.#raw = raw;
  }

  /** The uncompressed size. */
  get bytes(): number {
    return this.#ends.at(-1) ?? 0;
  }

  hasRoomFor(row: Buffer): boolean {
    return this.#raw !== undefined && this.bytes + row.length <= this.#raw.length;
  }

  /** Copies the row: it is a view of a received chunk that would stay in memory. */
  add(row: Buffer): void {
    this.#raw?.set(row, this.bytes);
    this.#ends.push(this.bytes + row.length);
  }

  /**
   * Compresses the rows in a thread of the pool. If that fails, they stay uncompressed.
   *
   * @returns the buffer that is free again, and the number of bytes saved.
   */
  async compress(): Promise<{ readonly freed: Buffer | undefined; readonly saved: number }> {
    const freed = this.#raw;
    if (!freed) return { freed, saved: 0 };
    this.#isCompressing = true;
    const compressed = await brotli(freed.subarray(0, this.bytes), fastest).catch(() => undefined);
    this.#isCompressing = false;
    if (!compressed) return { freed: undefined, saved: 0 };
    this.#raw = undefined;
    // Copied: it may be a view of a larger buffer.
    if (!this.#isDropped) this.#compressed = Buffer.concat([compressed]);
    return { freed, saved: this.bytes - compressed.length };
  }

  /** Drops the rows. @returns the buffer, if nothing reads it. */
  drop(): Buffer | undefined {
    const freed = this.#isCompressing ? undefined : this.#raw;
    if (freed) this.#raw = undefined;
    this.#compressed = undefined;
    this.#isDropped = true;
    return freed;
  }

  /** Returns the rows of an index range within the block. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    const last = Math.min(to, this.#ends.length);
    const [begin, end] = [this.#startOf(from), this.#startOf(last)];
    // The buffer is reused after compression.
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

  /** Concurrent readers share one decompression. */
  #decompress(): Promise<Buffer> {
    if (!this.#compressed) throw new ResponseAbortedError();
    this.#decompressing ??= unbrotli(this.#compressed).finally(() => {
      this.#decompressing = undefined;
    });
    return this.#decompressing;
  }
}

/** The rows of one response in compressed blocks, which reduces tens of megabytes to a few. */
export class CompressedRows {
  /** The keys of all rows, in order. */
  readonly keys: string[] = [];
  /** For each row that was left out, the number of rows before it. */
  readonly leftOut: number[] = [];
  /** Called after each block is compressed. */
  onCompressed: () => void = () => {};
  /** The bytes in memory: compressed and uncompressed rows, and their keys. */
  bytes = 0;
  /** The bytes that wait for compression. */
  waitingBytes = 0;
  readonly #space: BufferSpace;
  readonly #blocks: Block[] = [];
  /** The block that rows are added to. */
  #open: Block | undefined;
  readonly #waiting: Block[] = [];
  readonly #buffers = new BlockBuffers();
  #compressing: Promise<void> | undefined;
  /** Whether the bytes are counted in the space. */
  #isCounted = true;

  constructor(space: BufferSpace) {
    this.#space = space;
  }

  get length(): number {
    return this.keys.length;
  }

  /** @returns false if no space is left. */
  add(row: Buffer, key: string): boolean {
    const bytes = row.length + overheadBytes;
    if (!this.#space.take(bytes)) return false;
    this.bytes += bytes;
    if (!this.#open?.hasRoomFor(row)) this.#begin(row.length);
    this.#open?.add(row);
    this.keys.push(key);
    return true;
  }

  /** Records that a row was left out at the current position. */
  leaveOut(): void {
    this.leftOut.push(this.length);
  }

  /** The rows are complete: compresses the last block. */
  end(): void {
    this.#compressOpen();
  }

  /** Settles when all complete blocks are compressed. */
  async compressed(): Promise<void> {
    await this.#compressing;
  }

  /** Returns the rows of an index range. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    const wanted = this.#blocks.filter(
      ({ first }, nth) => first < to && from < (this.#blocks[nth + 1]?.first ?? this.length),
    );
    const found = await Promise.all(
      wanted.map((block) => block.rows(Math.max(0, from - block.first), to - block.first)),
    );
    return found.flat();
  }

  /** Releases the space: it limits only responses that are arriving. */
  leaveSpace(): void {
    if (this.#isCounted) this.#space.giveBack(this.bytes);
    this.#isCounted = false;
    this.#buffers.release();
  }

  /** Drops all rows. Blocks are not compressed any more, and readers get a ResponseAbortedError. */
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

  /** Compresses one block at a time, which leaves threads of the pool to other work. */
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
