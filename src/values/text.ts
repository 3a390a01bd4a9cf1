// The words both systems write where they have nothing to say. Compared to the letter: a person may be called
// "Null" or "Na".
const blanks = new Set(['', 'null', 'No Data', 'NA', '-undefined', 'No address']);

/**
 * Reads free text: trimmed, with `\n` line ends; `null` where the upstream wrote nothing in one of its ways.
 *
 * Numbers count as text, since the same column comes as either.
 */
export const toText = (wire: unknown): string | null => {
  if (typeof wire === 'number') return String(wire);
  if (typeof wire !== 'string') return null;
  const text = wire.replace(/\r\n?/g, '\n').trim();
  return blanks.has(text) ? null : text;
};

/** Gives a text untouched, blanks and all. */
export const asWritten = (wire: unknown): string | null => (typeof wire === 'string' ? wire : null);

/** Takes out of a text what may be the number of a person, a card or an account, in groups or not. */
export const withoutNumbers = (text: string): string => text.replace(/\d(?:[^\p{L}\d\n]{0,3}\d){5,}/gu, '…');
