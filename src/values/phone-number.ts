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

/** Digits and what is usually written between them, and before the first of them anything but digits. */
const numberPart = /^\P{Nd}*[\p{Nd}\p{Zs}\p{Pd}\p{Ps}\p{Pe}\t./~\u2212]*/u;

/** What is dialled on after a number: `x12`, `ext. 12`, `#12`, `p12`, `,12`, `;ext=12`. */
const extensionPart = /^\P{Nd}+(\d{1,7})\P{Nd}*$/u;

/** A number to dial, and what to dial on after it. */
export interface DialedNumber {
  /** In E.164. */
  readonly number: string;
  /** Its digits; `null` where none is written. */
  readonly extension: string | null;
}

/** Reads a number as it is typed, with its extension; `null` where not every digit of it belongs to one of the two. */
export const toDialedNumber = (typed: string): DialedNumber | null => {
  const text = typed.normalize('NFKC');
  const [before = ''] = numberPart.exec(text) ?? [];
  const after = text.slice(before.length);
  if (!/\p{Nd}/u.test(after)) {
    const number = toPhoneNumber(text);
    return number === null ? null : { number, extension: null };
  }
  const number = toPhoneNumber(before);
  const extension = extensionPart.exec(after)?.[1];
  return number === null || extension === undefined ? null : { number, extension };
};

/** Writes a number of North America, given as E.164, as `###-###-####`; `null` for any other. */
export const toNationalNumber = (e164: string): string | null => {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match && `${match[1]}-${match[2]}-${match[3]}`;
};
