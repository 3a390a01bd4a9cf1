import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

// A third of the time of zlib's fastest, for a tenth more bytes.
const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 0, [constants.BROTLI_PARAM_LGWIN]: 18 } };

/** Where rows are held: what they take up is taken from it, and given back. */
export interface Space {
  /** @returns false where there is not so much left. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** Large enough to be packed well, and small enough to be unpacked for a page. */
const blockBytes = 256 * 1024;

/** What a row takes up besides its bytes: its key, and where it ends. */
const bytesBesides = 64;

/** Rows that stand behind each other, and are held packed as soon as that is done. */
class Block {
  readonly first: number;
  readonly #ends: number[] = [];
  #rows: Buffer[] = [];
  #packed: Buffer | undefined;
  #unpacking: Promise<Buffer> | undefined;
  /** Unpacked. */
  bytes = 0;

  constructor(first: number) {
    this.first = first;
  }

  add(row: Buffer): void {
    this.#rows.push(row);
    this.bytes += row.length;
    this.#ends.push(this.bytes);
  }

  /** Packs them, beside the event loop. @returns by how many bytes they are less now. */
  async pack(): Promise<number> {
    // Copied, since it may be the beginning of something longer.
    this.#packed = Buffer.concat([await compress(Buffer.concat(this.#rows), fastest)]);
    this.#rows = [];
    return this.bytes - this.#packed.length;
  }

  /** Those from one to before another, counted in the block. */
  async rows(from: number, to: number): Promise<Buffer[]> {
    if (!this.#packed) return this.#rows.slice(from, to);
    const bytes = await this.#unpack(this.#packed);
    return this.#ends.slice(from, to).map((end, nth) => bytes.subarray(this.#ends[from + nth - 1] ?? 0, end));
  }

  /** Who needs it at the same moment shares it. */
  #unpack(packed: Buffer): Promise<Buffer> {
    this.#unpacking ??= decompress(packed).finally(() => {
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
    this.#open ??= this.#begin();
    this.#open.add(row);
    this.keys.push(key);
    if (this.#open.bytes >= blockBytes) this.#packOpen();
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
  }

  #begin(): Block {
    const block = new Block(this.length);
    this.#blocks.push(block);
    return block;
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
      const saved = await block.pack().catch(() => 0);
      this.#waiting.shift();
      this.waitingBytes -= block.bytes;
      this.bytes -= saved;
      if (this.#isCounted) this.#space.giveBack(saved);
      this.onPacked();
    }
    this.#packing = undefined;
  }
}
