import { toText } from './text.ts';

/** The form of a numeric id in input, as in "expected …". More digits are not exact in a JSON number. */
export const numericIdForm = 'a number of at most 15 digits';

/** Returns an id in the form in which ids are compared: without surrounding blanks and leading zeros. */
export const canonicalId = (id: unknown): string =>
  String(id)
    .trim()
    .replace(/^0+(?=\d)/, '');

/** Returns the canonical form of an id in input; `null` for a text that cannot be one. */
export const parseNumericId = (text: string): string | null => {
  const id = canonicalId(text);
  return /^\d{1,15}$/.test(id) ? id : null;
};

/** Reads an upstream id, which is a number or a text of digits; `null` for any other text. */
export const toNumericId = (wire: unknown): string | null => {
  const text = toText(wire);
  return text !== null && /^\d+$/.test(text) ? canonicalId(text) : null;
};
