import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { toText } from './text.ts';

/**
 * Reads a phone number as E.164; `null` where it cannot be one.
 *
 * Ten digits are a North American number, whichever they are: a parser would take the leading 1 of 123-456-7890
 * for the country's prefix. Beyond that a number needs only be possible, not assigned: test data is 555.
 */
export const toPhoneNumber = (wire: unknown): string | null => {
  const text = toText(wire);
  if (text === null) return null;
  const digits = text.replace(/[\s().-]/g, '');
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  const parsed = parsePhoneNumberFromString(text, 'US');
  return parsed?.isPossible() ? parsed.number : null;
};

/** What follows a number to dial on: `x12`, `ext. 12`, `#12`, `,12`, `;ext=12`. */
const extension = /\d[\s().-]*(?:[x#,;]|ext|extension)\D{0,5}\d/i;

/** Reads a number that is written on its own. With an extension it is `null`: the extension would be lost. */
export const toNumberAlone = (wire: unknown): string | null => {
  const text = toText(wire);
  if (text === null || extension.test(text) || parsePhoneNumberFromString(text, 'US')?.ext) return null;
  return toPhoneNumber(text);
};

/** Writes a number of North America, given as E.164, as `###-###-####`; `null` for any other. */
export const toNationalNumber = (e164: string): string | null => {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match && `${match[1]}-${match[2]}-${match[3]}`;
};
