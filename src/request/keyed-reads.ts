/** What was read by one key, or is being read. */
interface KeyedRead<Value> {
  readonly reading: Promise<Value>;
  /** Set as soon as it is there. */
  value: Value | undefined;
}

/** Reads of one kind within one request: equal keys are read once, and each has its own value or its own failure. */
export class KeyedReads<Value, Key = string> {
  readonly #read: (key: Key) => Promise<Value>;
  readonly #nameOf: (key: Key) => string;
  // Most kinds are not asked for by a request: they cost it no map.
  #reads: Map<string, KeyedRead<Value>> | undefined;

  /**
   * @param read starts at once: each key takes a call of its own, so that waiting for other keys gains nothing.
   * @param nameOf returns the same name for equal keys, and different names for others.
   */
  constructor(read: (key: Key) => Promise<Value>, nameOf: (key: Key) => string = String) {
    this.#read = read;
    this.#nameOf = nameOf;
  }

  load(key: Key): Promise<Value> {
    const name = this.#nameOf(key);
    const begun = this.#reads?.get(name);
    if (begun !== undefined) return begun.reading;
    const reading = this.#read(key);
    const read = this.#keep(name, reading, undefined);
    reading.then(
      (value) => {
        read.value = value;
      },
      () => {},
    );
    return reading;
  }

  /** Returns the value if it has been read already; `undefined` if not, or if that failed. */
  peek(key: Key): Value | undefined {
    return this.#reads?.get(this.#nameOf(key))?.value;
  }

  /** Whether it was asked for, be it there or not. */
  has(key: Key): boolean {
    return this.#reads?.has(this.#nameOf(key)) ?? false;
  }

  /** Takes a value that was found on the way to another, unless its key was asked for already. */
  prime(key: Key, value: Value): void {
    if (!this.has(key)) this.#keep(this.#nameOf(key), Promise.resolve(value), value);
  }

  clear(key: Key): void {
    this.#reads?.delete(this.#nameOf(key));
  }

  clearAll(): void {
    this.#reads = undefined;
  }

  #keep(name: string, reading: Promise<Value>, value: Value | undefined): KeyedRead<Value> {
    const read = { reading, value };
    this.#reads ??= new Map();
    this.#reads.set(name, read);
    return read;
  }
}
