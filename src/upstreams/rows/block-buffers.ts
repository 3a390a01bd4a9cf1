/** Large enough to be packed well, and small enough to be unpacked for a page. */
export const blockBytes = 256 * 1024;

/** What is held of it while nobody uses it. */
const maxSpare = 16;

const spare: Buffer[] = [];
let users = 0;

/**
 * Room for rows that are not packed yet, of all answers that come in at a time.
 *
 * It is used again by whoever needs some: what lives for as long as an answer takes to come is old for V8, and each
 * room that was thrown away would stay until all of the heap is collected.
 */
export class BlockBuffers {
  #isLeft = false;

  constructor() {
    users += 1;
  }

  /** With anything in it. */
  take(leastBytes: number): Buffer {
    const used = leastBytes > blockBytes ? undefined : spare.pop();
    return used ?? Buffer.allocUnsafeSlow(Math.max(leastBytes, blockBytes));
  }

  /** Nobody may read it, or write to it, from now on. */
  giveBack(room: Buffer): void {
    if (room.length === blockBytes && users > 0 && spare.length < maxSpare) spare.push(room);
  }

  /** No more is taken. With the last one all of it goes. */
  release(): void {
    if (this.#isLeft) return;
    this.#isLeft = true;
    users -= 1;
    if (users === 0) spare.length = 0;
  }
}
