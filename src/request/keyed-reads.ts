/** Reads of one kind within one request: equal keys are read once, and each has its own value or its own failure. */
export class KeyedReads<Value, Key = string> {
  readonly #read: (key: Key) => Promise<Value>;
  readonly #nameOf: (key: Key) => string;
  // Most kinds are not asked for by a request: they cost it no maps.
  #begun: Map<string, Promise<Value>> | undefined;
  #values: Map<string, Value> | undefined;

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
    const begun = this.#begun?.get(name);
    if (begun !== undefined) return begun;
    const reading = this.#read(key);
    this.#keep(name, reading);
    return reading;
  }

  /** Returns the value if it has been read already; `undefined` if not, or if that failed. */
  peek(key: Key): Value | undefined {
    return this.#values?.get(this.#nameOf(key));
  }

  /** Whether it was asked for, be it there or not. */
  has(key: Key): boolean {
    return this.#begun?.has(this.#nameOf(key)) ?? false;
  }

  /** Takes a value that was found on the way to another, unless its key was asked for already. */
  prime(key: Key, value: Value): void {
    if (this.has(key)) return;
    this.#keep(this.#nameOf(key), Promise.resolve(value));
    this.#remember(this.#nameOf(key), value);
  }

  clear(key: Key): void {
    this.#begun?.delete(this.#nameOf(key));
    this.#values?.delete(this.#nameOf(key));
  }

  clearAll(): void {
    this.#begun = undefined;
    this.#values = undefined;
  }

  #keep(name: string, reading: Promise<Value>): void {
    this.#begun ??= new Map();
    this.#begun.set(name, reading);
    reading.then(
      (value) => {
        // It may have been cleared in the meantime.
        if (this.#begun?.get(name) === reading) this.#remember(name, value);
      },
      () => {},
    );
  }

  #remember(name: string, value: Value): void {
    this.#values ??= new Map();
    this.#values.set(name, value);
  }
}
