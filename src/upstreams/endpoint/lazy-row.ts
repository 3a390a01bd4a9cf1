import type { ScannedRow } from '../../lib/json-rows/row-scanner.ts';
import type { RowUsage } from './requested-keys.ts';
import type { Row } from './row.ts';

const parsed = (written: string): unknown =>
  written.startsWith('"') && !written.includes('\\') ? written.slice(1, -1) : JSON.parse(written);

type Values = Record<string, unknown>;

/** Returns the scanned keys of a row's text. Access to any other key parses the whole row. */
class LazyRow implements ProxyHandler<Values> {
  /** `null` once the row has been parsed. */
  #scanned: ScannedRow | null;
  readonly #reading: RowUsage;

  constructor(scanned: ScannedRow, reading: RowUsage) {
    this.#scanned = scanned;
    this.#reading = reading;
  }

  get(row: Values, key: string | symbol): unknown {
    const written = this.#written(row, key);
    return written === undefined ? Reflect.get(row, key) : parsed(written);
  }

  has(row: Values, key: string | symbol): boolean {
    return this.#written(row, key) !== undefined || Reflect.has(row, key);
  }

  ownKeys(row: Values): (string | symbol)[] {
    return Reflect.ownKeys(this.#whole(row));
  }

  getOwnPropertyDescriptor(row: Values, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#whole(row), key);
  }

  defineProperty(row: Values, key: string | symbol, value: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.#whole(row), key, value);
  }

  deleteProperty(row: Values, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.#whole(row), key);
  }

  preventExtensions(row: Values): boolean {
    return Reflect.preventExtensions(this.#whole(row));
  }

  /** Returns the value as written; `undefined` if the value of the row object applies. */
  #written(row: Values, key: string | symbol): string | undefined {
    if (typeof key === 'symbol') return undefined;
    const written = this.#scanned?.values.get(key);
    if (written !== undefined || this.#scanned?.keys.has(key)) return written;
    this.#reading.requested(key);
    this.#whole(row);
    return undefined;
  }

  #whole(row: Values): Values {
    if (this.#scanned) {
      const values: Values = JSON.parse(this.#scanned.text);
      // Defined, not assigned: a row may have a key named `__proto__`.
      Object.defineProperties(row, Object.getOwnPropertyDescriptors(values));
      this.#scanned = null;
      this.#reading.parsed();
    }
    return row;
  }
}

/**
 * Returns a row whose text is parsed on demand. It behaves as a plain object for everything but `structuredClone`,
 * which accepts no proxies.
 *
 * @param reading receives the requested keys.
 */
export const lazyRow = (scanned: ScannedRow, reading: RowUsage): Row =>
  new Proxy<Values>({}, new LazyRow(scanned, reading));
