import { toText } from './text.ts';

const number = /^(?<sign>-?)\$?\s*(?<negative>-?)(?<whole>\d{1,3}(?:,\d{3})+|\d+)?(?<fraction>\.\d+)?$/;

const plain = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * Reads an amount as an exact decimal, its digits as they were written: never through a binary float.
 *
 * Takes dollar signs, thousands separators and blanks around; `null` where it is no number.
 */
export const toDecimal = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  // Most amounts are written as they are given out.
  if (plain.test(text)) return text;
  const groups = number.exec(text)?.groups;
  if (!groups) return null;
  const { sign, negative, whole, fraction } = groups;
  if ((whole === undefined && fraction === undefined) || (sign === '-' && negative === '-')) return null;
  const digits = (whole ?? '0').replaceAll(',', '').replace(/^0+(?=\d)/, '');
  const magnitude = `${digits}${fraction ?? ''}`;
  const isNegative = (sign === '-' || negative === '-') && /[1-9]/.test(magnitude);
  return isNegative ? `-${magnitude}` : magnitude;
};

/** Reads a percentage as a decimal of per cent: `100%` is `100`. */
export const toPercent = (wire: unknown): string | null => {
  const text = toText(wire) ?? '';
  return toDecimal(text.endsWith('%') ? text.slice(0, -1) : text);
};
