import { toText } from './text.ts';

const number = /^\$?\s*(?<whole>\d{1,3}(?:,\d{3})+|\d+)?(?<fraction>\.\d+)?$/;

/** The forms of a negative amount: `-$15.00`, `$-15.00`, `15.00-` and, in accounting, `(15.00)`. */
const negatives = [
  /^[-−]\s*(?<rest>[^-−].*)$/,
  /^(?<rest>\$\s*)[-−]\s*(?<more>[^-−].*)$/,
  /^(?<rest>.*[^-−\s])\s*[-−]$/,
  /^\((?<rest>[^()]*)\)$/,
  /^(?<rest>\$\s*)\((?<more>[^()]*)\)$/,
];

const longest = 100;

interface Signed {
  readonly isNegative: boolean;
  readonly text: string;
}

/** Splits off one sign. With a second one the text is no number. */
const splitSign = (text: string): Signed => {
  for (const form of negatives) {
    const groups = form.exec(text)?.groups;
    if (groups) return { isNegative: true, text: `${groups['rest']}${groups['more'] ?? ''}`.trim() };
  }
  return { isNegative: false, text };
};

const plain = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Reads an amount as an exact decimal with its digits as written, without binary floating point.
 *
 * Accepts dollar signs, thousands separators, a sign on either side, parentheses and surrounding blanks; `null` if it
 * is no number.
 */
export const toDecimal = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  // Most amounts are written in the output form.
  if (plain.test(text)) return text;
  // Longer texts are no amounts.
  const { isNegative, text: amount } = splitSign(text.length > longest ? '' : text);
  const groups = number.exec(amount)?.groups;
  if (!groups) return null;
  const { whole, fraction } = groups;
  if (whole === undefined && fraction === undefined) return null;
  const digits = (whole ?? '0').replaceAll(',', '').replace(/^0+(?=\d)/, '');
  const magnitude = `${digits}${fraction ?? ''}`;
  return isNegative && /[1-9]/.test(magnitude) ? `-${magnitude}` : magnitude;
};

/** Reads a percentage as a decimal: `100%` is `100`. */
export const toPercent = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  return toDecimal(text.endsWith('%') ? text.slice(0, -1) : text);
};
