import { toFlag } from '../../values/flag.ts';

// Placeholders for a missing text. They are compared in lower case, without punctuation.
const fillers = new Set([
  '',
  'null',
  'none',
  'nil',
  'undefined',
  'na',
  'tbd',
  'blank',
  'empty',
  'false',
  'no data',
]);
const zeros = /^0*$/;

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .trim();

export const isFiller = (text: string): boolean => fillers.has(bare(text)) || zeros.test(bare(text));

// Responses are nested less deeply; the limit ends the recursion.
const maxDepth = 20;

/** Returns all texts of a JSON value, at any key, in order. */
export const textValues = (value: unknown, depth = 0): string[] => {
  if (typeof value === 'string') return isFiller(value) ? [] : [value];
  if (typeof value === 'number') return value === 0 ? [] : [String(value)];
  if (typeof value !== 'object' || value === null || depth > maxDepth) return [];
  return Object.values(value).flatMap((part) => textValues(part, depth + 1));
};

/** Longer texts are not evaluated: that could take very long. */
export const longestText = 1000;

/** More texts than this are no explanation, and would take long to read. */
export const mostTexts = 50;

/**
 * Returns the texts of a value as one sentence each; blank if there are none.
 *
 * A truncated text stays longer than any text that is evaluated, so it never counts as complete.
 */
export const wordsOf = (value: unknown): string =>
  textValues(value)
    .join('. ')
    .slice(0, longestText + 1);

/** Whether a value has a meaningful error, at any depth and under any key that names an error. */
export const hasErrorText = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  return Object.entries(value).some(([key, part]) =>
    /error/i.test(key) ? part === true || wordsOf(part) !== '' : hasErrorText(part, depth + 1),
  );
};

const isSuccessKey = (key: string): boolean =>
  /^(?:is_?)?(?:success(?:ful)?|approved|accepted|ok)$/i.test(key);

const isFailureKey = (key: string): boolean =>
  /^(?:is_?)?(?:declined|denied|failed|rejected|refused|voided)$/i.test(key);

/** Whether a flag denies success, as `success: false` or `declined: true` does, at any depth. */
export const deniesSuccess = (value: unknown, depth = 0): boolean => {
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  return Object.entries(value).some(
    ([key, part]) =>
      (isSuccessKey(key) && toFlag(part) === false) ||
      (isFailureKey(key) && toFlag(part) === true) ||
      deniesSuccess(part, depth + 1),
  );
};

/** Finds a value by its key in any spelling: letters alone count, in any case. */
export const valueAt = (row: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.entries(row).find(([key]) => key.toLowerCase().replace(/[^a-z]/g, '') === name)?.[1];
