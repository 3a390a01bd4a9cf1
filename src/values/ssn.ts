import { toText } from './text.ts';

/** A social security number, of which some columns know the last four digits alone. */
export interface Ssn {
  /** Nine digits, or `null`. */
  readonly digits: string | null;
  readonly last4: string;
}

/** Reads an SSN with or without dashes, or its last four digits; `null` where there is none. */
export const toSsn = (wire: unknown): Ssn | null => {
  const text = toText(wire) ?? '';
  if (/^\d{4}$/.test(text)) return { digits: null, last4: text };
  if (!/^(?:\d{9}|\d{3}-\d{2}-\d{4})$/.test(text)) return null;
  const digits = text.replaceAll('-', '');
  return digits === '000000000' ? null : { digits, last4: digits.slice(5) };
};

export const maskSsn = ({ last4 }: Ssn): string => `***-**-${last4}`;

/** Writes an SSN whole where all of it is known, masked otherwise. */
export const writeSsn = (ssn: Ssn): string =>
  ssn.digits === null
    ? maskSsn(ssn)
    : `${ssn.digits.slice(0, 3)}-${ssn.digits.slice(3, 5)}-${ssn.digits.slice(5)}`;
