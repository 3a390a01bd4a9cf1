/** One flat row of a text that holds nothing that JSON does not allow. */
export interface ScannedRow {
  /** The row's own text. */
  readonly text: string;
  /** The values of the keys that were looked for, as they are written. Those that are not here are not in the row. */
  readonly values: ReadonlyMap<string, string>;
  /** The keys that were looked for. */
  readonly keys: ReadonlySet<string>;
}

/**
 * Reads the row that begins at that place, of hundreds of keys those that are looked for.
 *
 * @returns `null` for a row that is not valid, empty or not flat, or that writes a key with escapes.
 */
export type ScanRow = (text: string, at: number) => ScannedRow | null;

/** What JSON allows around its marks. */
export const jsonSpace = '[ \\t\\n\\r]*';

const plain = '[^"\\\\\\x00-\\x1f]*';
const escaped = '\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4})';
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const value = `(?:"${plain}(?:${escaped}${plain})*"|null|true|false|${number})`;

const isPlain = new RegExp(`^${plain}$`);

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Whether a key can be looked for: written without escapes, it is itself. */
export const isPlainKey = (key: string): boolean => isPlain.test(key);

/**
 * Prepares to look for some keys, which takes about a millisecond.
 *
 * The pattern goes over each member of a row in turn, so that what it takes for a key is one. It stops at each key that
 * is looked for, and at the end of the row. It stays small, however wide rows are: one that spelled out all of their
 * keys would have to be fetched from memory for each row, which takes longer than parsing it.
 */
export const createRowScanner = (keys: ReadonlySet<string>): ScanRow => {
  // Without any key, what nothing matches.
  const wanted = keys.size === 0 ? '(?!)' : [...keys].map(literally).join('|');
  const others = `(?:${jsonSpace}(?!"(?:${wanted})")"${plain}"${jsonSpace}:${jsonSpace}${value}${jsonSpace},)*`;
  const found = `"(${wanted})"${jsonSpace}:${jsonSpace}(${value})${jsonSpace}([,}])`;
  const last = `"${plain}"${jsonSpace}:${jsonSpace}${value}${jsonSpace}\\}`;
  const next = new RegExp(`${others}${jsonSpace}(?:${found}|${last})`, 'y');
  return (text, at) => {
    const values = new Map<string, string>();
    next.lastIndex = at + 1;
    for (;;) {
      const match = next.exec(text);
      if (!match) return null;
      const [, key, written, end] = match;
      // Of a key that is there twice, JSON takes the last.
      if (key !== undefined && written !== undefined) values.set(key, written);
      if (end !== ',') return { text: text.slice(at, next.lastIndex), values, keys };
    }
  };
};
