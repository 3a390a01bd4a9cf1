import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Space } from '../answer-body.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

// A third of the time of zlib's fastest, for a tenth more bytes.
const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_LGWIN]: 18 } };

/** Large enough to be packed well, and small enough to be unpacked for a page. */
const blockBytes = 256 * 1024;

/** What a row takes up besides its bytes: its key, and where it ends. */
const bytesBesides = 64;

/** Rows that stand behind each other, and are held packed as soon as that is done. */
class Block {
  readonly first: number;
  readonly #ends: number[] = [];
  /** Their bytes, with room for more, until they are packed. */
  #raw: Buffer | undefined;
  #packed = Buffer.of();
  #unpacking: Promise<Buffer> | undefined;

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

  /** Packs them, beside the event loop. @returns what they stood in before, and by how many bytes they are less. */
  async pack(): Promise<{ readonly freed: Buffer | undefined; readonly saved: number }> {
    const freed = this.#raw;
    // Copied, since it may be the beginning of something longer.
    if (freed) this.#packed = Buffer.concat([await compress(freed.subarray(0, this.bytes), fastest)]);
    this.#raw = undefined;
    return { freed, saved: this.bytes - this.#packed.length };
  }

  /** Those from one to before another, counted in the block. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    const last = Math.min(to, this.#ends.length);
    const [begin, end] = [this.#startOf(from), this.#startOf(last)];
    // What is not packed yet will be overwritten.
    const bytes = this.#raw
      ? Buffer.from(this.#raw.subarray(begin, end))
      : (await this.#unpack()).subarray(begin, end);
    return Array.from({ length: last - from }, (_, nth) =>
      bytes.subarray(this.#startOf(from + nth) - begin, this.#startOf(from + nth + 1) - begin),
    );
  }

  #startOf(nth: number): number {
    return this.#ends[nth - 1] ?? 0;
  }

  /** Who needs it at the same moment shares it. */
  #unpack(): Promise<Buffer> {
    this.#unpacking ??= decompress(this.#packed).finally(() => {
      this.#unpacking = undefined;
    });
    return this.#unpacking;
  }
}

/** The rows of one answer, held in packed blocks, so that tens of megabytes become a few. */
export class RowBlocks {
  /** The keys of all rows, in their order. */
  readonly keys: string[] = [];
  /** Hears each time that a block has been packed. */
  onPacked: () => void = () => {};
  /** What is held: of rows that are packed, of rows that are not, and of their keys. */
  bytes = 0;
  /** What waits to be packed. */
  waitingBytes = 0;
  readonly #space: Space;
  readonly #blocks: Block[] = [];
  /** The one that rows are added to. */
  #open: Block | undefined;
  readonly #waiting: Block[] = [];
  /** What blocks stood in before they were packed: room for others, so that none has to be found for each. */
  readonly #spare: Buffer[] = [];
  #packing: Promise<void> | undefined;
  /** Whether what is held is counted in the space. */
  #isCounted = true;

  constructor(space: Space) {
    this.#space = space;
  }

  get length(): number {
    return this.keys.length;
  }

  /** @returns false where there is no space left. */
  add(row: Buffer, key: string): boolean {
    const bytes = row.length + bytesBesides;
    if (!this.#space.take(bytes)) return false;
    this.bytes += bytes;
    if (!this.#open?.hasRoomFor(row)) this.#begin(row.length);
    this.#open?.add(row);
    this.keys.push(key);
    return true;
  }

  /** Nothing comes any more: the last of them are packed too. */
  end(): void {
    this.#packOpen();
  }

  /** Settles when all that waits is packed. */
  async packed(): Promise<void> {
    await this.#packing;
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
    this.#spare.length = 0;
  }

  /** Gives them up: what waits to be packed is not. */
  drop(): void {
    this.leaveSpace();
    this.#waiting.length = 0;
  }

  #begin(leastBytes: number): void {
    this.#packOpen();
    const room = leastBytes > blockBytes ? undefined : this.#spare.pop();
    this.#open = new Block(this.length, room ?? Buffer.allocUnsafeSlow(Math.max(leastBytes, blockBytes)));
    this.#blocks.push(this.#open);
  }

  #packOpen(): void {
    if (!this.#open) return;
    this.waitingBytes += this.#open.bytes;
    this.#waiting.push(this.#open);
    this.#open = undefined;
    this.#packing ??= this.#packWaiting();
  }

  /** One at a time, so that other work of the process finds its threads. */
  async #packWaiting(): Promise<void> {
    for (let block = this.#waiting[0]; block; block = this.#waiting[0]) {
      // What cannot be packed stays as it is.
      const { freed, saved } = await block.pack().catch(() => ({ freed: undefined, saved: 0 }));
      this.#waiting.shift();
      this.waitingBytes -= block.bytes;
      this.bytes -= saved;
      if (freed?.length === blockBytes && this.#isCounted) this.#spare.push(freed);
      if (this.#isCounted) this.#space.giveBack(saved);
      this.onPacked();
    }
    this.#packing = undefined;
  }
}
