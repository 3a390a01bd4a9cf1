import { isNoDate } from './date.ts';
import { toText } from './text.ts';

const words = /^(?:n\/?a|nil|none|null|undefined|unknown)$/i;

/** No digit but zero, and no letter: `0`, `000-00-0000`, `0000-00-00 00:00:00`, `-`. */
const zeros = /^[^\p{L}\p{Nd}]*(?:0[^\p{L}\p{Nd}]*)*$/u;

const longest = 40;

/** Whether a wire value is blank, or stands for a missing value in a column that is no text. */
export const isFillerValue = (wire: unknown): boolean => {
  if (wire === undefined || wire === null) return true;
  if (typeof wire === 'object') return Object.keys(wire).length === 0;
  if (typeof wire === 'boolean') return false;
  const text = toText(wire);
  if (text === null) return true;
  return text.length <= longest && (zeros.test(text) || words.test(text) || isNoDate(text));
};
