// The words both systems write where they have nothing to say. Compared to the letter: a person may be called
// "Null", "Na" or "NA", and "NA" is also a disposition: No Answer.
const blanks = new Set(['', 'null', 'No Data', '-undefined', 'No address']);

/**
 * Reads free text: trimmed, with `\n` line ends; `null` where the upstream wrote nothing in one of its ways.
 *
 * Numbers count as text, since the same column comes as either.
 */
export const toText = (wire: unknown): string | null => {
  if (typeof wire === 'number') return String(wire);
  if (typeof wire !== 'string') return null;
  const text = (wire.includes('\r') ? wire.replace(/\r\n?/g, '\n') : wire).trim();
  return blanks.has(text) ? null : text;
};

/** Reads a property of a vehicle, where RecoveryConnect writes `NA` for none. */
export const toVehicleText = (wire: unknown): string | null => {
  const text = toText(wire);
  return text === 'NA' ? null : text;
};

/** Gives a text untouched, blanks and all; a number as text, since the same column comes as either. */
export const asWritten = (wire: unknown): string | null =>
  typeof wire === 'number' ? String(wire) : typeof wire === 'string' ? wire : null;

/** Finds numbers of at least so many digits, in groups or not. */
export const numbersOf = (digits: number): RegExp =>
  new RegExp(`\\p{Nd}(?:[^\\p{L}\\p{Nd}]{0,3}\\p{Nd}){${digits - 1},}`, 'gu');

/** So many digits may be a social security number, an account or a card. */
export const personalDigits = 9;

// What people write by hand may leave some of the digits out.
const handwrittenNumbers = numbersOf(6);

/** Takes out of a text what may be the number of a person, a card or an account, in groups or not. */
export const withoutNumbers = (text: string): string => text.replace(handwrittenNumbers, '…');
