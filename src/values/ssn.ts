import { toText } from './text.ts';

/** A social security number. Some columns contain its last four digits only. */
export interface Ssn {
  /** Nine digits, or `null`. */
  readonly digits: string | null;
  readonly last4: string;
}

const longest = 30;

/** Nine characters, some of which are masked, as `***-**-3333`; or only masks before the last four digits. */
const masked = /^(?=.*[*x•●∙·#_])(?:[*x•●∙·#_\d]{5}|[*x•●∙·#_]{1,9})(?<last4>\d{4})$/i;

/** No SSN ends with 0000: it represents an unknown one. */
const known = (ssn: Ssn): Ssn | null => (ssn.last4 === '0000' ? null : ssn);

/** Reads an SSN with or without dashes, masked, or its last four digits; `null` if there is none. */
export const toSsn = (wire: unknown): Ssn | null => {
  const text = toText(wire) ?? '';
  if (/^(?:\d{9}|\d{3}-\d{2}-\d{4}|\d{3} \d{2} \d{4})$/.test(text)) {
    const digits = text.replace(/[- ]/g, '');
    // No SSN begins with 00000: it represents unknown digits.
    return known({ digits: digits.startsWith('00000') ? null : digits, last4: digits.slice(5) });
  }
  if (/^\d{4}$/.test(text)) return known({ digits: null, last4: text });
  const last4 = masked.exec(text.slice(0, longest).replace(/[-‐–\s]/g, ''))?.groups?.['last4'];
  return last4 === undefined ? null : known({ digits: null, last4 });
};

export const maskSsn = ({ last4 }: Ssn): string => `***-**-${last4}`;

/** Writes an SSN unmasked if all digits are known, and masked otherwise. */
export const writeSsn = (ssn: Ssn): string =>
  ssn.digits === null
    ? maskSsn(ssn)
    : `${ssn.digits.slice(0, 3)}-${ssn.digits.slice(3, 5)}-${ssn.digits.slice(5)}`;
