import { isRecord } from '../endpoint/row.ts';

/** The value that identifies a row in its list. */
export interface RowKey {
  /** The key of the value in the row. */
  readonly name: string;
  /**
   * Returns the value in the form in which it is compared; `null` if it identifies no row. It must agree with `reply`
   * of the endpoint.
   */
  readonly read: (wire: unknown) => string | null;
}

const [quote, colon] = [0x22, 0x3a];

const utf8 = new TextDecoder();

/** @throws {SyntaxError} if the row is not JSON. */
export const parseRow = (row: Buffer): unknown => JSON.parse(utf8.decode(row));

const afterBlanks = (row: Buffer, from: number): number => {
  let at = from;
  // Whitespace characters are the lowest bytes, and no other byte below them is valid there.
  while ((row[at] ?? quote) <= 0x20) at += 1;
  return at;
};

/** Finds the text of a key by its bytes, if that is unambiguous: in a flat row without escapes. */
const plainText = (row: Buffer, name: Buffer): string | undefined => {
  const at = row.indexOf(name);
  if (row[at - 1] !== quote || row.includes(name, at + 1)) return undefined;
  const separator = afterBlanks(row, at + name.length);
  const start = afterBlanks(row, separator + 1);
  if (row[separator] !== colon || row[start] !== quote) return undefined;
  const end = row.indexOf(quote, start + 1);
  return end < 0 ? undefined : utf8.decode(row.subarray(start + 1, end));
};

/**
 * Creates a function that reads the key of a row from its bytes; most rows are not parsed for that.
 *
 * The function returns `null` if the row has no key, and throws a SyntaxError if the row is not JSON.
 */
export const keyReader = ({ name, read }: RowKey): ((row: Buffer, isPlain: boolean) => string | null) => {
  // Without the first quote: its first letter is rarer, which makes the search faster.
  const quoted = Buffer.from(JSON.stringify(name)).subarray(1);
  return (row, isPlain) => {
    const plain = isPlain ? plainText(row, quoted) : undefined;
    if (plain !== undefined) return read(plain);
    const parsed = parseRow(row);
    return isRecord(parsed) ? read(parsed[name]) : null;
  };
};
