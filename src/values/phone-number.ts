import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { toText } from './text.ts';

/**
 * Reads a phone number as E.164; `null` if it cannot be one.
 *
 * Ten digits are always a North American number: a parser would interpret the leading 1 of 123-456-7890 as the country
 * code. Otherwise a number must be possible, but not assigned: test data uses 555.
 */
export const toPhoneNumber = (wire: unknown): string | null => {
  const text = toText(wire);
  if (text === null) return null;
  const digits = text.replace(/[\s().-]/g, '');
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  const parsed = parsePhoneNumberFromString(text, 'US');
  return parsed?.isPossible() ? parsed.number : null;
};

/** Digits with their usual separators, after any text without digits. */
const numberPart = /^\P{Nd}*[\p{Nd}\p{Zs}\p{Pd}\p{Ps}\p{Pe}\t./~\u2212]*/u;

/** An extension: `x12`, `ext. 12`, `#12`, `p12`, `,12`, `;ext=12`. */
const extensionPart = /^\P{Nd}+(\d{1,7})\P{Nd}*$/u;

/** A phone number and its extension. */
export interface DialedNumber {
  /** In E.164. */
  readonly number: string;
  /** The digits of the extension; `null` if there is none. */
  readonly extension: string | null;
}

/** Reads an entered number with its extension; `null` if any digit belongs to neither. */
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

/** Writes a North American number from E.164 as `###-###-####`; `null` for any other. */
export const toNationalNumber = (e164: string): string | null => {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match && `${match[1]}-${match[2]}-${match[3]}`;
};
