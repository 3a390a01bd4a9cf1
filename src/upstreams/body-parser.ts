import type { Endpoint, Row } from './endpoint.ts';
import { lazyRow } from './lazy-row.ts';
import { learnTemplate, type RowTemplate } from './row-template.ts';

/** @returns `undefined` where the text is not JSON. */
export type ParseBody = (text: string) => unknown;

export const parseJson: ParseBody = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// The one shape of Scollect's answers that hold wide rows.
const begin = /[ \t\n\r]*\{[ \t\n\r]*"result"[ \t\n\r]*:[ \t\n\r]*\[[ \t\n\r]*(?=\{)/y;
const next = /[ \t\n\r]*,[ \t\n\r]*(?=\{)/y;
const end = /[ \t\n\r]*\][ \t\n\r]*,[ \t\n\r]*"state"[ \t\n\r]*:[ \t\n\r]*"SUCCESS"[ \t\n\r]*\}[ \t\n\r]*$/y;

/** Where what is expected ends; `null` where it does not stand there. */
const pass = (expected: RegExp, text: string, at: number): number | null => {
  expected.lastIndex = at;
  return expected.test(text) ? expected.lastIndex : null;
};

const rowsOf = (text: string, template: RowTemplate): Row[] | null => {
  const rows: Row[] = [];
  let at = pass(begin, text, 0);
  while (at !== null) {
    const matched = template.match(text, at);
    if (!matched) return null;
    rows.push(lazyRow(matched));
    const rowEnd = at + matched.text.length;
    at = pass(next, text, rowEnd);
    if (at === null) return pass(end, text, rowEnd) === null ? null : rows;
  }
  return null;
};

// Narrow rows are parsed as fast as they are matched, and large answers are not what is read a little of.
const fewestChars = 2000;
const mostChars = 100_000;
const fewestKeys = 64;
const mostKeys = 1000;

/** As many kinds of rows as one operation is known to answer, and one more. */
const mostTemplates = 2;

const templateFor = (text: string): RowTemplate | null => {
  const at = pass(begin, text, 0);
  const template = at === null ? null : learnTemplate(text, at);
  const width = template?.places.size ?? 0;
  return width >= fewestKeys && width <= mostKeys ? template : null;
};

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count));

/**
 * Parses the bodies that one operation answers, as `JSON.parse` does.
 *
 * It learns how the rows are written: of the next ones that are written so, only the keys that are asked for are read.
 * What is learned are keys, and never a value.
 */
export const createBodyParser = (): ParseBody => {
  let templates: readonly RowTemplate[] = [];
  let unknown = 0;

  const learn = (text: string): void => {
    unknown += 1;
    // Learning takes milliseconds: where rows are ever new, more and more of them go by.
    const template = isPowerOfTwo(unknown) ? templateFor(text) : null;
    if (template) templates = [template, ...templates].slice(0, mostTemplates);
  };

  return (text) => {
    if (text.length < fewestChars || text.length > mostChars) return parseJson(text);
    for (const template of templates) {
      const result = rowsOf(text, template);
      if (result) return { result, state: 'SUCCESS' };
    }
    const json = parseJson(text);
    if (json !== undefined) learn(text);
    return json;
  };
};

/** Keeps what is learned of each operation apart. */
export const createBodyParsers = (): ((endpoint: Endpoint) => ParseBody) => {
  const parsers = new Map<Endpoint, ParseBody>();
  return (endpoint) => {
    const known = parsers.get(endpoint);
    if (known) return known;
    const parser = endpoint.isLarge === true ? parseJson : createBodyParser();
    parsers.set(endpoint, parser);
    return parser;
  };
};
