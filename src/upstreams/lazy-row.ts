import type { Row } from './endpoint.ts';
import type { MatchedRow } from './row-template.ts';

const parsed = (written: string): unknown =>
  written.startsWith('"') && !written.includes('\\') ? written.slice(1, -1) : JSON.parse(written);

/** Reads single keys from the text; before anything else is done with the row, all of it is parsed. */
class LazyRow implements ProxyHandler<Record<string, unknown>> {
  /** `null` once the row has been parsed. */
  #matched: MatchedRow | null;

  constructor(matched: MatchedRow) {
    this.#matched = matched;
  }

  get(row: Record<string, unknown>, key: string | symbol): unknown {
    const written = this.#written(key);
    return written === undefined ? Reflect.get(row, key) : parsed(written);
  }

  has(row: Record<string, unknown>, key: string | symbol): boolean {
    return this.#written(key) !== undefined || Reflect.has(row, key);
  }

  ownKeys(row: Record<string, unknown>): (string | symbol)[] {
    return Reflect.ownKeys(this.#whole(row));
  }

  getOwnPropertyDescriptor(
    row: Record<string, unknown>,
    key: string | symbol,
  ): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#whole(row), key);
  }

  defineProperty(row: Record<string, unknown>, key: string | symbol, value: PropertyDescriptor): boolean {
    return Reflect.defineProperty(this.#whole(row), key, value);
  }

  deleteProperty(row: Record<string, unknown>, key: string | symbol): boolean {
    return Reflect.deleteProperty(this.#whole(row), key);
  }

  preventExtensions(row: Record<string, unknown>): boolean {
    return Reflect.preventExtensions(this.#whole(row));
  }

  #written(key: string | symbol): string | undefined {
    if (this.#matched === null || typeof key === 'symbol') return undefined;
    const { template, values } = this.#matched;
    const place = template.places.get(key);
    return place === undefined ? undefined : values[place];
  }

  #whole(row: Record<string, unknown>): Record<string, unknown> {
    const matched = this.#matched;
    this.#matched = null;
    return matched ? Object.assign(row, JSON.parse(matched.text)) : row;
  }
}

/**
 * The row that a text would be parsed into. Of hundreds of keys a query asks for a few: only those are read.
 *
 * It is a plain object to everything but `structuredClone`, which takes no proxies.
 */
export const lazyRow = (matched: MatchedRow): Row =>
  new Proxy<Record<string, unknown>>({}, new LazyRow(matched));
