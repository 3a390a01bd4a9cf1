import { toText } from './text.ts';

/** Reads an upstream's number for a thing, which comes as a number or as a text; `null` for any other text. */
export const toNumericId = (wire: unknown): string | null => {
  const text = toText(wire);
  return text !== null && /^\d+$/.test(text) ? text : null;
};

/** Reads a name from a column that holds the thing's number in some answers. */
export const toName = (wire: unknown): string | null => (toNumericId(wire) === null ? toText(wire) : null);

/** Reads a whole number that can be counted with. */
export const toInteger = (wire: unknown): number | null => {
  const text = toText(wire);
  if (text === null || !/^-?\d+$/.test(text)) return null;
  const value = Number(text);
  return Math.abs(value) < 2 ** 31 ? value : null;
};
