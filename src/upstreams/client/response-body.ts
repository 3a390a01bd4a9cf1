import type { Loss } from './transport-error.ts';

/** Where what has come is held: what that takes up is taken from it, and given back. */
export interface BufferSpace {
  /** @returns false where there is not so much left. */
  take(bytes: number): boolean;
  giveBack(bytes: number): void;
}

/** What reads the body of one answer. */
export interface ResponseBody {
  /** Takes what has come. @returns why no more of it may come. */
  take(chunk: Buffer): Loss | undefined;
  /** All has come. @returns the text that it is judged by. */
  end(): { readonly text: string } | { readonly loss: Loss };
  /** Gives all up that is held of it. */
  drop(): void;
}

/** A row of an account has 290 values, and the largest portfolio known 10,000 rows. */
const maxValues = 4_000_000;
const smallBytes = 1_000_000;

const [comma, bracket, brace] = [0x2c, 0x5b, 0x7b];

/** Counts at least the values of a JSON text: what they cost does not follow from its length. */
const countValues = (chunks: readonly Buffer[]): number => {
  let count = 0;
  for (const chunk of chunks) {
    // By index, which takes a third of the time: it is done to tens of megabytes, and nothing runs beside it.
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      if (byte === comma || byte === bracket || byte === brace) count += 1;
    }
  }
  return count;
};

const lengthOf = (chunks: readonly Buffer[]): number =>
  chunks.reduce((length, chunk) => length + chunk.length, 0);

/** Whether a text of JSON has more values than can be read in good time. */
export const isTooDense = (chunks: readonly Buffer[], bytes = lengthOf(chunks)): boolean =>
  bytes > smallBytes && countValues(chunks) > maxValues;

const utf8 = new TextDecoder();

/** A body that is held until all of it is there. */
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

  /** What has come, in one. */
  soFar(): Buffer {
    const [first] = this.#chunks;
    // Most answers come in one piece.
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
