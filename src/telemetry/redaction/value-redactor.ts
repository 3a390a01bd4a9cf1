import { Secret } from '../../values/secret.ts';
import { redacted } from './named-values.ts';
import { isHexId } from './request-ids.ts';
import { isSensitiveName } from './sensitive-names.ts';
import { framesOf } from './stack-frames.ts';

/** Limits of one log line; deeper or further values are omitted. */
const limits = { depth: 20, entries: 1000, values: 10_000, characters: 200_000 } as const;

const numberFrom = 100_000_000;

/** Whether a value is a timestamp of the gateway in milliseconds, which has the name `time`. */
const isOwnTime = (name: string | undefined, value: number): boolean =>
  name === 'time' && Number.isSafeInteger(value) && value >= 1.4e12 && value < 4e12;

const isPrimitive = (value: unknown): boolean => Object(value) !== value;

/** Returns the name next to a `value`, as in `{ name: "cvv", value: "…" }`. */
const siblingName = (value: Readonly<Record<string, unknown>>): string | undefined =>
  ['name', 'key', 'header', 'field'].map((name) => value[name]).find((name) => typeof name === 'string') as
    | string
    | undefined;

/** Converts a value to a redacted one that every serializer can write. */
export class ValueRedactor {
  readonly #text: (text: string) => string;
  readonly #above = new Set<object>();
  #values = 0;
  #characters = 0;

  constructor(text: (text: string) => string) {
    this.#text = text;
  }

  /** Never throws, even if reading the value throws. */
  of(value: unknown, name?: string): unknown {
    this.#values += 1;
    if (this.#values > limits.values) return '(more)';
    try {
      return isPrimitive(value) ? this.#primitive(value, name) : this.#object(value as object);
    } catch {
      return '(unreadable)';
    }
  }

  #string(text: string): string {
    if (this.#characters > limits.characters) return '(more)';
    this.#characters += text.length;
    return this.#text(text);
  }

  #number(value: number, name: string | undefined): unknown {
    if (!Number.isFinite(value)) return String(value);
    if (isOwnTime(name, value)) return value;
    if (Math.abs(value) >= numberFrom) return redacted;
    // The fraction could contain any number of digits.
    const rounded = Math.round(value * 1000) / 1000;
    return this.#text(String(rounded)) === String(rounded) ? rounded : redacted;
  }

  #primitive(value: unknown, name: string | undefined): unknown {
    if (typeof value === 'string') return isHexId(name, value) ? value : this.#string(value);
    if (typeof value === 'number') return this.#number(value, name);
    if (typeof value === 'bigint') return this.#number(Number(value), name);
    if (typeof value === 'symbol') return '(symbol)';
    return value;
  }

  #object(value: object): unknown {
    if (typeof value === 'function') return '(function)';
    if (value instanceof Secret) return '(secret)';
    if (this.#above.has(value)) return '(cycle)';
    if (this.#above.size >= limits.depth) return '(deeper)';
    this.#above.add(value);
    try {
      return this.#entered(value);
    } finally {
      this.#above.delete(value);
    }
  }

  #entered(value: object): unknown {
    if (value instanceof Error) return this.#error(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? '(no date)' : value.toISOString();
    if (ArrayBuffer.isView(value)) return `(${value.byteLength} bytes)`;
    if (value instanceof ArrayBuffer) return `(${value.byteLength} bytes)`;
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return this.of(value.valueOf());
    }
    if (value instanceof Set) return this.#list([...value]);
    if (value instanceof Map) return this.#entries([...value]);
    if (Array.isArray(value)) return this.#list(value);
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.of(value.toJSON(''));
    return this.#members(value as Readonly<Record<string, unknown>>);
  }

  #list(values: readonly unknown[]): unknown[] {
    const [name, , ...others] = values;
    const isPair = values.length === 2 && others.length === 0 && typeof name === 'string';
    const shown = values
      .slice(0, limits.entries)
      .map((value, index) => (isPair && index === 1 ? this.#under(name, value) : this.of(value)));
    return values.length > limits.entries ? [...shown, '(more)'] : shown;
  }

  #members(value: Readonly<Record<string, unknown>>): unknown {
    const names = Object.keys(value);
    const sibling = siblingName(value);
    const read = (name: string): unknown => {
      try {
        return value[name];
      } catch {
        return '(unreadable)';
      }
    };
    return this.#entries(
      names.map((name) => [
        name,
        name === 'value' && sibling && isSensitiveName(sibling) ? redacted : read(name),
      ]),
    );
  }

  #entries(entries: readonly (readonly [name: unknown, value: unknown])[]): object {
    const shown = entries.slice(0, limits.entries).map(([key, value]): [string, unknown] => {
      const name = isPrimitive(key) ? String(this.of(key)) : '(object)';
      return [name, this.#under(typeof key === 'string' ? key : name, value)];
    });
    if (entries.length > limits.entries) shown.push(['(more)', entries.length - limits.entries]);
    // Several names may be equal after redaction.
    const counts = new Map<string, number>();
    return Object.fromEntries(
      shown.map(([name, value]) => {
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        return [count === 1 ? name : `${name}(${count})`, value];
      }),
    );
  }

  /** Returns a value by its name. For a sensitive name only null, undefined and booleans are shown. */
  #under(name: string, value: unknown): unknown {
    const isShown = value === null || value === undefined || typeof value === 'boolean';
    return isSensitiveName(name) && !isShown ? redacted : this.of(value, name);
  }

  /** The message of an error may repeat its input, and is omitted. */
  #error(error: Error): object {
    const { name, code, cause, errors } = error as Error & Readonly<Record<'code' | 'errors', unknown>>;
    const isCode = typeof code === 'number' || typeof code === 'string';
    return {
      name: this.of(name),
      ...(isCode && { code: this.of(code) }),
      at: framesOf(error).map((frame) => this.#text(frame)),
      ...(cause !== undefined && { cause: this.of(cause) }),
      ...(Array.isArray(errors) && { errors: this.of(errors) }),
    };
  }
}
