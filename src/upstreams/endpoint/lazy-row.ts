import type { ScannedRow } from '../../lib/json-rows/row-scanner.ts';
import type { RowUsage } from './requested-keys.ts';
import type { Row } from './row.ts';

const parsed = (written: string): unknown =>
  written.startsWith('"') && !written.includes('\\') ? written.slice(1, -1) : JSON.parse(written);

type Values = Record<string, unknown>;

/** Knows the keys that were looked for in a row's text; before any others are needed, all of it is parsed. */
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

  /** The value as it is written; `undefined` where it is that of the row itself, as far as there is one. */
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
      // Not assigned: a row may have a key that names the prototype.
      Object.defineProperties(row, Object.getOwnPropertyDescriptors(values));
      this.#scanned = null;
      this.#reading.parsed();
    }
    return row;
  }
}

/**
 * The row that a text would be parsed into. It is a plain object to everything but `structuredClone`, which takes no
 * proxies.
 *
 * @param reading is told how it is read.
 */
export const lazyRow = (scanned: ScannedRow, reading: RowUsage): Row =>
  new Proxy<Values>({}, new LazyRow(scanned, reading));
