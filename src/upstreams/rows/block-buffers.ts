/** Large enough to compress well, and small enough to decompress for one page. */
export const blockBytes = 256 * 1024;

/** The maximum number of unused buffers that are kept. */
const maxSpare = 16;

const spare: Buffer[] = [];
let users = 0;

/**
 * Reusable buffers for rows that are not compressed yet, shared by all responses.
 *
 * A buffer that lives as long as a response arrives is moved to the old generation. Without reuse each buffer would
 * stay in memory until a full collection.
 */
export class BlockBuffers {
  #isLeft = false;

  constructor() {
    users += 1;
  }

  /** Returns a buffer with undefined contents. */
  take(leastBytes: number): Buffer {
    const used = leastBytes > blockBytes ? undefined : spare.pop();
    return used ?? Buffer.allocUnsafeSlow(Math.max(leastBytes, blockBytes));
  }

  /** Returns a buffer to the pool. It must not be read or written afterwards. */
  giveBack(room: Buffer): void {
    if (room.length === blockBytes && users > 0 && spare.length < maxSpare) spare.push(room);
  }

  /** Ends the use of the pool. The last user releases all its buffers. */
  release(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    users -= 1;
    if (users === 0) spare.length = 0;
  }
}
