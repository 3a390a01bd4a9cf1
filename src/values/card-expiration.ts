import { toDate } from './date.ts';
import { toText } from './text.ts';

const forms = [
  /^(?<month>\d{1,2})\s*[/-]\s*(?<year>\d{4}|\d{2})$/,
  /^(?<year>\d{4})\s*[/-]\s*(?<month>\d{1,2})$/,
  /^(?<month>0[1-9]|1[0-2])(?<year>20\d{2}|\d{2})$/,
  /^(?<year>20\d{2})(?<month>0[1-9]|1[0-2])$/,
];

/**
 * Reads the month in which a card expires, as `mm/yyyy`.
 *
 * Two digits of a year are of this century: a card that is on file does not predate it.
 */
export const toCardExpiration = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  const [, year, month] = /^(\d{4})-(\d{2})/.exec(toDate(wire) ?? '') ?? [];
  if (year !== undefined) return `${month}/${year}`;
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  const number = Number(groups?.['month']);
  if (!groups || number < 1 || number > 12) return null;
  return `${String(number).padStart(2, '0')}/${(groups['year'] ?? '').padStart(4, '20')}`;
};
