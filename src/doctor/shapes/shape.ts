import type { KeyMask } from '../../telemetry/redaction/key-mask.ts';
import { formatOf, lengthRange } from '../../telemetry/redaction/value-format.ts';

export type ValueType = 'object' | 'list' | 'text' | 'number' | 'boolean' | 'null';

/** What was found at one path of one or several bodies: counts and forms, and no value. */
export interface PathShape {
  /** How often the path was found. */
  seen: number;
  readonly types: Partial<Record<ValueType, number>>;
  /** Texts of nothing but blanks. */
  blank: number;
  /** Forms of texts and numbers. */
  readonly formats: Record<string, number>;
  /** The range of the lengths of texts, of the digits of numbers, and of the items of lists. */
  length: readonly [least: number, most: number] | null;
}

/** The shape of bodies: what was found at each path, such as `result[].phonenumber`. The whole body is the path `$`. */
export type Shape = ReadonlyMap<string, PathShape>;

export const root = '$';

/** Further items of a list, forms of a path and levels of a body are counted, or left out. */
const limits = { items: 1000, formats: 12, depth: 12, paths: 5000 };

const otherFormats = 'other formats';

const typeOf = (value: unknown): ValueType => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'boolean' : 'number';
};

/** Returns the path of a key. Keys that are no words are quoted, since they may contain dots. */
export const pathOf = (parent: string, key: string): string => {
  if (!/^(?:\w+|\{[^{}]*\})$/.test(key)) return `${parent === root ? '' : parent}[${JSON.stringify(key)}]`;
  return parent === root ? key : `${parent}.${key}`;
};

export const itemsOf = (path: string): string => `${path === root ? '' : path}[]`;

const numberFormatOf = (value: number): string => {
  const sign = value < 0 ? 'negative ' : '';
  return sign + (Number.isInteger(value) ? 'whole' : 'decimal');
};

const digitsOf = (value: number): number => Math.trunc(Math.abs(value)).toString().length;

/** Collects the shape of bodies. It keeps no part of them. */
export class ShapeCollector {
  readonly #paths = new Map<string, PathShape>();
  readonly #mask: KeyMask;

  constructor(mask: KeyMask) {
    this.#mask = mask;
  }

  get shape(): Shape {
    return this.#paths;
  }

  add(body: unknown): void {
    this.#add(root, body, 0);
  }

  #at(path: string): PathShape | undefined {
    const known = this.#paths.get(path);
    if (known || this.#paths.size >= limits.paths) return known;
    const made: PathShape = { seen: 0, types: {}, blank: 0, formats: {}, length: null };
    this.#paths.set(path, made);
    return made;
  }

  #add(path: string, value: unknown, depth: number): void {
    const shape = this.#at(path);
    if (!shape) return;
    const type = typeOf(value);
    shape.seen += 1;
    shape.types[type] = (shape.types[type] ?? 0) + 1;
    if (typeof value === 'string') this.#addText(shape, value);
    if (typeof value === 'number') this.#addForm(shape, numberFormatOf(value), digitsOf(value));
    if (depth >= limits.depth) return;
    if (Array.isArray(value)) {
      this.#addLength(shape, value.length);
      for (const item of value.slice(0, limits.items)) this.#add(itemsOf(path), item, depth + 1);
    } else if (typeof value === 'object' && value !== null) {
      const keys = this.#mask.shownAll(Object.keys(value));
      for (const [index, inner] of Object.values(value).entries()) {
        this.#add(pathOf(path, keys[index] ?? ''), inner, depth + 1);
      }
    }
  }

  #addText(shape: PathShape, text: string): void {
    const format = formatOf(text);
    if (format === 'blank') shape.blank += 1;
    else this.#addForm(shape, format, text.length);
  }

  #addForm(shape: PathShape, format: string, length: number): void {
    const isNew = shape.formats[format] === undefined;
    const name = isNew && Object.keys(shape.formats).length >= limits.formats ? otherFormats : format;
    shape.formats[name] = (shape.formats[name] ?? 0) + 1;
    this.#addLength(shape, length);
  }

  #addLength(shape: PathShape, length: number): void {
    const [least, most] = lengthRange(length);
    const [from, to] = shape.length ?? [least, most];
    shape.length = [Math.min(from, least), Math.max(to, most)];
  }
}

export const bodyShapeOf = (mask: KeyMask, ...bodies: readonly unknown[]): Shape => {
  const collector = new ShapeCollector(mask);
  for (const body of bodies) collector.add(body);
  return collector.shape;
};
