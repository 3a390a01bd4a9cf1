import { hasMoreBrackets, isNestedDeeper, maxNesting } from '../../lib/json-nesting.ts';
import { jsonSpace, type ScanRow } from '../../lib/json-rows/row-scanner.ts';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { lazyRow } from '../endpoint/lazy-row.ts';
import { createRequestedKeyTracker, type RowUsage } from '../endpoint/requested-keys.ts';
import type { Row } from '../endpoint/row.ts';

/** @returns `undefined` if the text is not JSON, or nested too deeply. */
export type ParseBody = (text: string) => unknown;

export const parseJson: ParseBody = (text) => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  // Counting brackets takes a fiftieth of the time of parsing. Few bodies have so many that their values are walked.
  return hasMoreBrackets(text, maxNesting) && isNestedDeeper(json, maxNesting) ? undefined : json;
};

/** Returns a pattern of JSON tokens with optional whitespace between them. */
const marks = (...each: readonly string[]): RegExp => new RegExp(jsonSpace + each.join(jsonSpace), 'y');

// The only envelope in which Scollect returns wide rows.
const begin = marks('\\{', '"result"', ':', '\\[', '(?=\\{)');
const next = marks(',', '(?=\\{)');
const end = marks('\\]', ',', '"state"', ':', '"SUCCESS"', '\\}', '$');

// Up to some 130 keys, JSON.parse is as fast; with 290 it takes two to three times as long (docs/performance.md). Of large
// responses most keys are read.
const fewestChars = 4000;
const mostChars = 100_000;

/** Returns the index after an expected pattern; `null` if the text does not match it there. */
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
 * Creates a parser for the response bodies of one operation. Its result equals that of `parseJson`.
 *
 * Queries request few of the hundreds of keys of wide rows. The parser reads only keys that were requested before. If
 * another key is requested, it parses the whole row. It stores which keys were requested, and never a value.
 */
export const createBodyParser = (): ParseBody => {
  const requestedKeys = createRequestedKeyTracker();
  return (text) => {
    const scan = text.length < fewestChars || text.length > mostChars ? null : requestedKeys.scan();
    const result = scan && rowsOf(text, scan, requestedKeys);
    return result ? { result, state: 'SUCCESS' } : parseJson(text);
  };
};

/** Keeps one parser for each operation. */
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
