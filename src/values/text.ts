// Words by which both systems express a missing value. Case-sensitive: a person may be called "Null", "Na" or "NA", and
// "NA" is also the disposition "No Answer".
// Comparisons take half as long as a set, which computes the hash of each text.
const isBlank = (text: string): boolean =>
  text === '' || text === 'null' || text === 'No Data' || text === '-undefined' || text === 'No address';

/**
 * Reads free text: trimmed, with `\n` line ends; `null` if the upstream has no value.
 *
 * Numbers count as text, since a column may contain either.
 */
export const toText = (wire: unknown): string | null => {
  if (typeof wire === 'number') return String(wire);
  if (typeof wire !== 'string') return null;
  const text = (wire.includes('\r') ? wire.replace(/\r\n?/g, '\n') : wire).trim();
  return isBlank(text) ? null : text;
};

/** Reads a property of a vehicle, for which RecoveryConnect writes `NA` if it is missing. */
export const toVehicleText = (wire: unknown): string | null => {
  const text = toText(wire);
  return text === 'NA' ? null : text;
};

/** Returns a text unchanged, including blanks; a number as text, since a column may contain either. */
export const asWritten = (wire: unknown): string | null =>
  typeof wire === 'number' ? String(wire) : typeof wire === 'string' ? wire : null;

/** Returns a pattern for numbers of at least this many digits, with or without separators. */
export const numbersOf = (digits: number): RegExp =>
  new RegExp(`\\p{Nd}(?:[^\\p{L}\\p{Nd}]{0,3}\\p{Nd}){${digits - 1},}`, 'gu');

/** The number of digits from which a number may be an SSN, an account or a card. */
export const personalDigits = 9;

// Handwritten numbers may lack some digits.
const handwrittenNumbers = numbersOf(6);

/** Removes numbers that may belong to a person, a card or an account, with or without separators. */
export const withoutNumbers = (text: string): string => text.replace(handwrittenNumbers, '…');
