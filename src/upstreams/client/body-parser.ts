import { jsonSpace, type ScanRow } from '../../lib/json-rows/row-scanner.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { lazyRow } from '../endpoint/lazy-row.ts';
import { createRequestedKeyTracker, type RowUsage } from '../endpoint/requested-keys.ts';
import type { Row } from '../endpoint/row.ts';

/** @returns `undefined` where the text is not JSON. */
export type ParseBody = (text: string) => unknown;

export const parseJson: ParseBody = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A pattern of some marks of JSON, which may have space between them. */
const marks = (...each: readonly string[]): RegExp => new RegExp(jsonSpace + each.join(jsonSpace), 'y');

// The one shape of Scollect's answers that hold wide rows.
const begin = marks('\\{', '"result"', ':', '\\[', '(?=\\{)');
const next = marks(',', '(?=\\{)');
const end = marks('\\]', ',', '"state"', ':', '"SUCCESS"', '\\}', '$');

// Narrow rows are parsed as fast as they are scanned, and large answers are not read a little of.
const fewestChars = 2000;
const mostChars = 100_000;

/** Where what is expected ends; `null` where it does not stand there. */
const pass = (expected: RegExp, text: string, at: number): number | null => {
  expected.lastIndex = at;
  return expected.test(text) ? expected.lastIndex : null;
};

const rowsOf = (text: string, scan: ScanRow, reading: RowUsage): Row[] | null => {
  const rows: Row[] = [];
  let at = pass(begin, text, 0);
  while (at !== null) {
    const scanned = scan(text, at);
    if (!scanned || scanned.text.length < fewestChars) return null;
    rows.push(lazyRow(scanned, reading));
    const rowEnd = at + scanned.text.length;
    at = pass(next, text, rowEnd);
    if (at === null) return pass(end, text, rowEnd) === null ? null : rows;
  }
  return null;
};

/**
 * Parses the bodies that one operation answers, as `JSON.parse` does.
 *
 * Of wide rows, where a query asks for a few of hundreds of keys, it reads only those that were ever asked for; where
 * others are, the row is parsed then. What it keeps of an answer is which keys were asked for, and never a value.
 */
export const createBodyParser = (): ParseBody => {
  const requestedKeys = createRequestedKeyTracker();
  return (text) => {
    const scan = text.length < fewestChars || text.length > mostChars ? null : requestedKeys.scan();
    const result = scan && rowsOf(text, scan, requestedKeys);
    return result ? { result, state: 'SUCCESS' } : parseJson(text);
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
