import type { Loss } from './transport-error.ts';

/** The space that received data is counted against. */
export interface BufferSpace {
  /** @returns false if not enough space is left. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** Reads the body of one response. */
export interface ResponseBody {
  /** Takes a received chunk. @returns the reason why the response must not continue. */
  take(chunk: Buffer): Loss | undefined;
  /** The body is complete. @returns the text that is judged. */
  end(): { readonly text: string } | { readonly loss: Loss };
  /** Releases all received data. */
  drop(): void;
}

/** A row of an account has 290 values, and the largest known portfolio has 10,000 rows. */
const maxValues = 4_000_000;
const smallBytes = 1_000_000;

const [comma, bracket, brace] = [0x2c, 0x5b, 0x7b];

/** Counts the values of a JSON text, approximately: their cost in memory does not follow from its length. */
const countValues = (chunks: readonly Buffer[]): number => {
  let count = 0;
  for (const chunk of chunks) {
    // By index, which takes a third of the time: the loop blocks the event loop for tens of megabytes.
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (byte === comma || byte === bracket || byte === brace) count += 1;
    }
  }
  return count;
};

const lengthOf = (chunks: readonly Buffer[]): number =>
  chunks.reduce((length, chunk) => length + chunk.length, 0);

/** Whether a JSON text has more values than can be parsed in acceptable time. */
export const isTooDense = (chunks: readonly Buffer[], bytes = lengthOf(chunks)): boolean =>
  bytes > smallBytes && countValues(chunks) > maxValues;

const utf8 = new TextDecoder();

/** A body that is buffered until it is complete. */
export class WholeBody implements ResponseBody {
  readonly #space: BufferSpace;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(space: BufferSpace) {
    this.#space = space;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the received data as one buffer. */
  soFar(): Buffer {
    const [first] = this.#chunks;
    // Most responses arrive in one chunk.
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }

  take(chunk: Buffer): Loss | undefined {
    if (!this.#space.take(chunk.length)) return 'crowded';
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    return undefined;
  }

  end(): { readonly text: string } | { readonly loss: Loss } {
    if (isTooDense(this.#chunks, this.#bytes)) return { loss: 'tooLarge' };
    const text = utf8.decode(this.soFar());
    this.drop();
    return { text };
  }

  drop(): void {
    this.#space.giveBack(this.#bytes);
    this.#bytes = 0;
    this.#chunks.length = 0;
  }
}
