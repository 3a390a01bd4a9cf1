/**
 * Describes the form of a text without any of its characters: its kind, or a pattern with `9` for each digit.
 *
 * Nobody can derive a name, a number or a note from the result, so it may leave the machine.
 */

/** Texts that both systems write for a missing value. */
const placeholders =
  /^(?:null|none|n\/?a|no data|-?undefined|no address|0000-00-00(?: 00:00:00)?|000-00-0000)$/i;

const flags = /^(?:y|n|yes|no|true|false)$/i;

const separators: Readonly<Record<string, string>> = { '/': '/', '.': '.', '-': '-' };

/** Returns the order of day and month, where a number above 12 shows it. */
const orderOf = (first: number, second: number): ((separator: string) => string) => {
  if (first > 12) return (separator) => `d${separator}m`;
  if (second > 12) return (separator) => `m${separator}d`;
  return (separator) => `m${separator}d or d${separator}m`;
};

/** Day and month of one or two digits, then the year. */
const numericDate = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?: (.+))?$/;

const times: readonly (readonly [RegExp, string])[] = [
  [/^\d\d:\d\d$/, 'hh:mm'],
  [/^\d\d:\d\d:\d\d$/, 'hh:mm:ss'],
  [/^(?:AT )?\d{1,2}:\d\d ?[ap]m$/i, 'h:mm am'],
  [/^\d{1,2}:\d\d:\d\d ?[ap]m$/i, 'h:mm:ss am'],
];

const timeFormatOf = (text: string): string | undefined => times.find(([pattern]) => pattern.test(text))?.[1];

const numericDateFormatOf = (text: string): string | undefined => {
  const [, first = '', separator = '', second = '', year = '', time] = numericDate.exec(text) ?? [];
  const sign = separators[separator];
  if (sign === undefined || Math.max(Number(first), Number(second)) > 31) return undefined;
  const format = orderOf(Number(first), Number(second))(sign) + sign + (year.length === 4 ? 'yyyy' : 'yy');
  if (time === undefined) return format;
  const ofTime = timeFormatOf(time);
  return ofTime && `${format} ${ofTime}`;
};

const forms: readonly (readonly [RegExp, string])[] = [
  [/^\d{4}-\d\d-\d\d$/, 'yyyy-mm-dd'],
  [/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/, 'yyyy-mm-dd hh:mm:ss'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/, 'yyyy-mm-ddThh:mm:ssZ'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/, 'yyyy-mm-ddThh:mm:ss'],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:?\d\d$/, 'yyyy-mm-ddThh:mm:ss+hh:mm'],
  [/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/, 'www, dd mmm yyyy hh:mm:ss GMT'],
  [/^[A-Z][a-z]{2,8} \d{1,2}, \d{4} \d{1,2}:\d\d [ap]m$/i, 'mmm d, yyyy h:mm am'],
  [/^[A-Z][a-z]{2,8} \d{1,2}, \d{4}$/, 'mmm d, yyyy'],
  [/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i, 'uuid'],
  [/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/, 'jwt'],
  [/^[a-z][a-z\d+.-]{1,10}:\/\/\S+$/i, 'url'],
  [/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'e-mail'],
  [/^\d{1,3}(?:\.\d+)?%$/, '9%'],
];

/** An amount: its sign, currency, thousands separator and number of decimals. */
const amount = /^(\(|-)?(\$)?(-)?(\d+|\d{1,3}(?:,\d{3})+)(\.\d{1,8})?(\)|-)?$/;

const amountFormatOf = (text: string): string | undefined => {
  const [found, before = '', currency = '', minus = '', whole = '', decimals = '', after = ''] =
    amount.exec(text) ?? [];
  if (found === undefined || (before === '(') !== (after === ')')) return undefined;
  const digits = whole.includes(',') ? '9,999' : '9';
  return before + currency + minus + digits + decimals.replace(/\d/g, '9') + after;
};

/** The lengths of numbers that are no serial numbers: SSN, phone, phone with country code, VIN, card. */
const tellingLengths = new Set([9, 10, 11, 15, 16]);

const longestPattern = 24;

/** Digits, and the signs and the mask characters between them. */
const patternOf = (text: string): string | undefined =>
  text.length <= longestPattern && /^(?=.*\d)[\d()+\-./ ,#:*]+$/.test(text)
    ? text.replace(/\d/g, '9')
    : undefined;

const isJson = (text: string): boolean => {
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const wordsOf = (text: string): string => {
  if (/[\r\n]/.test(text)) return 'text of several lines';
  if (/^\p{L}+$/u.test(text)) return 'letters';
  if (/^[\p{L}\p{N}]+$/u.test(text)) return 'letters and digits';
  if (/^[\p{L}\p{M}\s.,'’&-]+$/u.test(text)) return 'words';
  return 'text';
};

/** Patterns of forms take quadratic time for hostile texts. No form is longer. */
const longestForm = 1000;

const trimmedFormatOf = (text: string): string => {
  if (text.length > longestForm) return isJson(text) ? 'JSON text' : wordsOf(text);
  if (placeholders.test(text)) return 'placeholder';
  if (flags.test(text)) return 'yes or no';
  if (/^\d+$/.test(text)) return tellingLengths.has(text.length) ? `${text.length} digits` : 'digits';
  const form = forms.find(([pattern]) => pattern.test(text))?.[1];
  const known = form ?? numericDateFormatOf(text) ?? timeFormatOf(text) ?? amountFormatOf(text);
  return known ?? patternOf(text) ?? (isJson(text) ? 'JSON text' : wordsOf(text));
};

/** Returns the form of a text, such as `m/d/yyyy`, `999-99-9999`, `uuid` or `words`; never a part of the text. */
export const formatOf = (text: string): string => {
  const trimmed = text.trim();
  return trimmed === '' ? 'blank' : trimmedFormatOf(trimmed);
};

/** Formats that say nothing but that there is a text. */
export const isFreeText = (format: string): boolean =>
  ['letters', 'letters and digits', 'words', 'text', 'text of several lines', 'yes or no'].includes(format);

/** Returns a range that contains a length, such as `8-15`: the length of a name would help to guess it. */
export const lengthRange = (length: number): readonly [least: number, most: number] => {
  if (length === 0) return [0, 0];
  if (length < 4) return [1, 3];
  const least = 2 ** Math.floor(Math.log2(length));
  return [least, 2 * least - 1];
};
