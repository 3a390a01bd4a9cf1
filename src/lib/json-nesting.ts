/**
 * The maximum nesting of lists and objects in the body of an upstream response. Documented ones have at most 6 levels.
 *
 * Functions that walk a body call themselves for each level. At the limit, this takes a fifth of the stack. The
 * level at which the stack ends differs between releases of Node, and `JSON.stringify` has none on Node 26.
 */
export const maxNesting = 500;

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Whether lists and objects of JSON are nested in more levels than allowed. It reads no deeper than that. */
export const isNestedDeeper = (value: unknown, levels: number): boolean => {
  if (!isNested(value)) return false;
  if (levels === 0) return true;
  for (const key in value) {
    const one = value[key];
    // Most values are not nested: a call for each would take longer.
    if (isNested(one) && isNestedDeeper(one, levels - 1)) return true;
  }
  return false;
};

/** Whether a text has more opening brackets than `count`, in strings or not: each level of JSON takes one. */
export const hasMoreBrackets = (text: string, count: number): boolean => {
  let left = count;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (left === 0) return true;
      left -= 1;
    }
  }
  return false;
};
