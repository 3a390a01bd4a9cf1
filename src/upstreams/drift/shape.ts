import { createKeyMask } from '../../telemetry/redaction/key-mask.ts';
import { formatOf, lengthRange } from '../../telemetry/redaction/value-format.ts';
import type { Row } from '../endpoint/row.ts';
import type { HttpReply } from '../endpoint/verdict.ts';
import { documentedKeys, optionalMark, pathSeparator } from './documented-keys.ts';

const documented = new Set(
  Object.values(documentedKeys)
    .flatMap(({ envelope, rows }) => [...envelope, ...rows])
    .map((path) => path.replace(optionalMark, '').split(pathSeparator).at(-1) ?? ''),
);

// Keys of documented failures, which are in no success.
for (const key of ['error', 'errors', 'msg', 'message', 'status', 'task_id']) documented.add(key);

/** Shows documented keys, and masks others that may be data. */
export const keyMask = createKeyMask(documented);

/** Longer keys are data. */
const longestKey = 200;

/** Returns a key as it may be shown: itself, or its form. */
export const maskedKey = (key: string): string => keyMask.shown(key.slice(0, longestKey));

/** Limits of a shape: an upstream may return anything. */
const limits = { depth: 5, keys: 12, values: 60, characters: 600 } as const;

/** Longer texts have no format. */
const longestFormatted = 200;

/** `#` for digits: `9` could be mistaken for a digit, and is redacted in a log. */
const shapeOfText = (text: string): string => {
  if (text === '') return 'blank';
  const format = text.length > longestFormatted ? 'text' : formatOf(text);
  const [least, most] = lengthRange(text.length);
  return `${format.endsWith('digits') ? format : format.replaceAll('9', '#')} (${least}-${most})`;
};

/** Describes a value. Colons after names would be redacted in a log. */
class ShapeWriter {
  #left: number = limits.values;

  of(value: unknown, depth = 0): string {
    this.#left -= 1;
    if (typeof value === 'string') return shapeOfText(value);
    if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'decimal';
    if (typeof value === 'boolean') return 'boolean';
    if (typeof value !== 'object' || value === null) return 'null';
    if (Array.isArray(value)) return this.#list(value, depth);
    return depth < limits.depth ? this.#row(value as Row, depth) : 'object';
  }

  #list(items: readonly unknown[], depth: number): string {
    if (items.length === 0) return '[]';
    return depth < limits.depth ? `[${items.length} × ${this.of(items[0], depth + 1)}]` : 'list';
  }

  #row(row: Row, depth: number): string {
    const keys = Object.keys(row);
    // Whether a key is shown depends on its neighbours: the keys of a map are data.
    const shown = keyMask.shownAll(keys.slice(0, Math.max(1, Math.min(limits.keys, this.#left))));
    const parts = shown.map((key, index) => `${key} ${this.of(row[keys[index] ?? ''], depth + 1)}`);
    if (keys.length > shown.length) parts.push(`${keys.length - shown.length} more`);
    return `{${parts.join(', ')}}`;
  }
}

/** Describes a value by types, lengths and formats; never by a part of it. */
export const shapeOf = (value: unknown): string => {
  const shape = new ShapeWriter().of(value);
  return shape.length <= limits.characters ? shape : `${shape.slice(0, limits.characters)} …`;
};

/** Describes the body of a response without its values. */
export const sampleOf = ({ json, page }: HttpReply): string => {
  if (json !== undefined) return shapeOf(json);
  // Of a list that is read row by row and is incomplete, no text is kept.
  if (!page || page.length === 0) return 'no body, or an incomplete list';
  return `${page.isHtml ? 'HTML' : 'text'} of ${page.length} characters`;
};
