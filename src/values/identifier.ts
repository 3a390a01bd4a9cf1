import { toNumericId } from './numeric-id.ts';
import { toText } from './text.ts';

/** Reads a name from a column that contains an identifier in some responses. */
export const toName = (wire: unknown): string | null => (toNumericId(wire) === null ? toText(wire) : null);

/** Reads an integer. */
export const toInteger = (wire: unknown): number | null => {
  const text = toText(wire);
  if (text === null || !/^-?\d+$/.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) < 2 ** 31 ? value : null;
};
