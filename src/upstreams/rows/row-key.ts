import { isRecord } from '../endpoint/row.ts';

/** What tells a row from the others of its list. */
export interface RowKey {
  /** The name of the value that it stands under. */
  readonly name: string;
  /** Returns the key as it is compared; `null` for a value that is none, exactly where the endpoint's `reply` says so. */
  readonly read: (wire: unknown) => string | null;
}

const [quote, colon] = [0x22, 0x3a];

const utf8 = new TextDecoder();

/** @throws {SyntaxError} for what is no JSON. */
export const parseRow = (row: Buffer): unknown => JSON.parse(utf8.decode(row));

const afterBlanks = (row: Buffer, from: number): number => {
  let at = from;
  // Blanks are the lowest bytes, and no others may stand there.
  while ((row[at] ?? quote) <= 0x20) at += 1;
  return at;
};

/** Finds the text under a name by its bytes, where that is certain: in a row without escapes, and with none inside. */
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
 * Makes what reads the key of a row from its bytes; most rows are not parsed for that.
 *
 * It gives `null` where the row has none, and throws a SyntaxError where it is no JSON.
 */
export const keyReader = ({ name, read }: RowKey): ((row: Buffer, isPlain: boolean) => string | null) => {
  // Looked for from its first letter, which is rarer than the quote before it.
  const quoted = Buffer.from(JSON.stringify(name)).subarray(1);
  return (row, isPlain) => {
    const plain = isPlain ? plainText(row, quoted) : undefined;
    if (plain !== undefined) return read(plain);
    const parsed = parseRow(row);
    return isRecord(parsed) ? read(parsed[name]) : null;
  };
};
