/** One flat row of valid JSON. */
export interface ScannedRow {
  /** The text of the row. */
  readonly text: string;
  /** The values of the requested keys, as written. A key without an entry is not in the row. */
  readonly values: ReadonlyMap<string, string>;
  /** The requested keys. */
  readonly keys: ReadonlySet<string>;
}

/**
 * Reads the values of the requested keys from the row that begins at an index.
 *
 * @returns `null` if the row is invalid, empty or nested, or has a key with escapes.
 */
export type ScanRow = (text: string, at: number) => ScannedRow | null;

/** The whitespace that JSON allows between tokens. Mostly there is none: a group that is skipped is faster than a loop. */
export const jsonSpace = '(?:[ \\t\\n\\r]+)?';

const plain = '[^"\\\\\\x00-\\x1f]*';
const escaped = '\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4})';
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const value = `(?:"${plain}(?:${escaped}${plain})*"|null|true|false|${number})`;

const isPlain = new RegExp(`^${plain}$`);

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Whether the scanner can find a key: its JSON text has no escapes. */
export const isPlainKey = (key: string): boolean => isPlain.test(key);

/**
 * Creates a scanner for a set of keys, which takes about a millisecond.
 *
 * The pattern consumes each member of a row in turn, so it never mistakes a value for a key. It stops at each requested
 * key and at the end of the row. Its size does not depend on the width of the rows. A pattern with all keys of a row
 * would have to be loaded from memory for each row, which takes longer than parsing the row.
 */
export const createRowScanner = (keys: ReadonlySet<string>): ScanRow => {
  // Without any key: a pattern that never matches.
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
      // Of a repeated key, JSON uses the last value.
      if (key !== undefined && written !== undefined) values.set(key, written);
      if (end !== ',') return { text: text.slice(at, next.lastIndex), values, keys };
    }
  };
};
