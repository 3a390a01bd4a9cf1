import { isProxy } from 'node:util/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxNesting } from '../../lib/json-nesting.ts';
import { createRowScanner } from '../../lib/json-rows/row-scanner.ts';
import { lazyRow } from '../endpoint/lazy-row.ts';
import type { Row } from '../endpoint/row.ts';
import { createBodyParser, type ParseBody, parseJson } from './body-parser.ts';

const keys = Array.from({ length: 160 }, (_, n) => `the key of column ${n}`);

/** Returns the JSON text of a row from the JSON texts of its values. */
const rowOf = (write: (n: number) => string, names: readonly string[] = keys): string =>
  `{${names.map((key, n) => `${JSON.stringify(key)}:${write(n)}`).join(',')}}`;

const bodyOf = (...rows: readonly string[]): string => `{"result":[${rows.join(',')}],"state":"SUCCESS"}\n`;

const known = bodyOf(rowOf((n) => (n % 3 === 0 ? 'null' : n % 3 === 1 ? `"${n}"` : `${n}`)));

const firstRow = (json: unknown): Row => (json as { result: readonly Row[] }).result[0] as Row;
const isLazy = (json: unknown): boolean => isProxy(firstRow(json));

const read = (row: Row, names: readonly string[]): unknown[] => names.map((key) => row[key]);

/** Creates a parser from whose rows some keys have been requested. */
const asked = (names: readonly string[]): ParseBody => {
  const parse = createBodyParser();
  read(firstRow(parse(known)), names);
  return parse;
};

/** Generates no, some, all or more keys than exist. */
const parsers = () =>
  [[], keys.filter((_, n) => n % 40 === 4), [...keys, 'none', '__proto__', '"', '']].map(asked);

/** Reads everything observable of a parsed body: single keys first, and then the whole. */
const seen = (json: unknown): unknown => {
  if (json === undefined) return 'no JSON';
  const rows: unknown = (json as { result?: unknown } | null)?.result;
  const singly = Array.isArray(rows)
    ? rows.map((row: Row | null) => keys.map((key) => [row?.[key], key in Object(row)]))
    : null;
  return [singly, JSON.stringify(json), json];
};

const written = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: fc.constantFrom('"', '\\\\', '\\"', '\\n', '{', '}', '[', ']', ':', ',', 'a') }),
  fc.constantFrom('""', '"\\u00e9\\/\\b"', '"\u2028\u007f"', '"a\\"the key of column 3\\":1"', '"{[,:]}"'),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.constantFrom('-0', '0', '1.50', '1E+2', '2e-7', '12345678901234567890', 'null', 'true', 'false'),
  // None of these is JSON, or none is a flat row.
  fc.constantFrom(
    '01',
    '+1',
    '.5',
    '1.',
    '-',
    'NaN',
    '1e',
    'nul',
    'True',
    '',
    '"\\x"',
    '"\\u12"',
    '"\t"',
    '"',
  ),
  fc.constantFrom('{}', '[]', '[1,{"the key of column 3":2}]', '{"the key of column 3":"x"}', "'a'", '1 2'),
);
const usual = fc.oneof(
  { weight: 80, arbitrary: fc.constantFrom('null', '"a text"', '"15.00"', '""', '7', '"JOS\\u00c9"') },
  { weight: 1, arbitrary: written },
);
const row = fc
  .array(usual, { minLength: keys.length, maxLength: keys.length })
  .map((values) => rowOf((n) => values[n] ?? ''));
const body = fc.array(row, { minLength: 1, maxLength: 3 }).map((rows) => bodyOf(...rows));

const piece = fc.oneof(
  fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '\u0000', '\ufeff', '\ud800', '1', '-'),
  fc.constantFrom(
    ',"the key of column 3":1',
    '"__proto__":1,',
    '"\\u0074he key":1,',
    'null',
    '}],',
    '{"a":1}',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
);
const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(3), piece });

describe('nesting of a body', () => {
  const list = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
  const object = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const manyRows = Array.from({ length: 2 * maxNesting }, () => '{"a":[]}').join();

  it.each<readonly [string, (levels: number) => string]>([
    ['lists', list],
    ['objects', object],
    ['a list after values', (levels) => `[1,"]]",${list(levels - 1)}]`],
    ['one of many rows', (levels) => `{"result":[${manyRows},${object(levels - 2)}],"state":"SUCCESS"}`],
  ])('is limited: %s', (_, write) => {
    const atLimit = write(maxNesting);
    expect(JSON.stringify(parseJson(atLimit))).toBe(atLimit);
    expect(parseJson(write(maxNesting + 1))).toBeUndefined();
    expect(createBodyParser()(write(maxNesting + 1))).toBeUndefined();
  });

  it.each([
    ['rows', `[${manyRows}]`],
    ['brackets in texts', JSON.stringify({ a: list(2 * maxNesting) })],
  ])('is not the number of %s', (_, text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });
});

describe('the body parser', () => {
  it('returns the result of JSON.parse for any values', () => {
    fc.assert(
      fc.property(body, (text) => {
        for (const parse of parsers()) expect(seen(parse(text))).toEqual(seen(parseJson(text)));
      }),
      { numRuns: 400 },
    );
  });

  it('returns the result of JSON.parse for any damaged text', () => {
    fc.assert(
      fc.property(body, fc.array(change, { minLength: 1, maxLength: 2 }), (text, changes) => {
        const changed = changes.reduce((current, one) => {
          const at = Math.floor(one.at * current.length);
          return current.slice(0, at) + one.piece + current.slice(at + one.cut);
        }, text);
        for (const parse of parsers()) expect(seen(parse(changed))).toEqual(seen(parseJson(changed)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['is cut off', known.slice(0, -3)],
    ['continues after its end', `${known}x`],
    ['begins with a byte order mark', `\ufeff${known}`],
    ['writes a key with an escape', known.replace('"the key of column 5"', '"\\u0074he key of column 4"')],
    ['has a nested row', known.replace('"4"', '{"the key of column 5":"x"}')],
    ['has another state', known.replace('SUCCESS', 'FAILURE')],
    ['says the state first', known.replace('{', '{"state":"SUCCESS",')],
    ['has an error next to its row', known.replace('}]', '},404]')],
    ['has an empty row', known.replace('}]', '},{}]')],
    ['has no row', `{"result":[],"state":"SUCCESS"}${' '.repeat(3000)}`],
    ['has narrow rows', bodyOf(...keys.map((key) => rowOf(String, [key])))],
    ['is small', bodyOf('{}')],
    ['is large', bodyOf(...Array.from({ length: 50 }, () => rowOf(String)))],
    ['has no text', ''],
  ])('parses the whole text if it %s', (_, text) => {
    for (const parse of parsers()) {
      const json = parse(text) as { result?: readonly unknown[] } | undefined;
      expect(json?.result?.some((one) => isProxy(one)) ?? false).toBe(false);
      expect(seen(json)).toEqual(seen(parseJson(text)));
    }
  });

  it.each([
    ['one row', known],
    [
      'several rows',
      bodyOf(
        rowOf(String),
        rowOf(() => '"x"'),
      ),
    ],
    ['other space around its rows', `\n{ "result" :\t[ ${rowOf(String)} ] , "state" : "SUCCESS" }\r\n`],
    ['several lines', JSON.stringify(parseJson(known), null, 2)],
    ['escapes in its values', bodyOf(rowOf(() => '"JOS\\u00c9 \\"PEPE\\""'))],
    ['letters of all kinds', bodyOf(rowOf(() => '"日本 José 😀"'))],
    ['a key twice', bodyOf(rowOf(String, [...keys, 'the key of column 4']))],
    ['a key that names the prototype', bodyOf(rowOf(String, [...keys, '__proto__']))],
  ])('reads only the requested keys of %s', (_, text) => {
    for (const parse of parsers()) {
      const json = parse(text);
      expect(isLazy(json)).toBe(true);
      expect(seen(json)).toEqual(seen(parseJson(text)));
    }
  });

  it.each<readonly [string, (answer: number) => number, boolean]>([
    ['is parsed as a whole for a while if too many keys are requested each time', () => 120, false],
    ['is still scanned if other keys are requested rarely', (n) => (n % 10 === 0 ? 120 : 20), true],
  ])('%s', (_, width, goesOn) => {
    const names = Array.from({ length: 120 }, (_none, n) => `the key of column ${n}`);
    const parse = createBodyParser();
    const areLazy = (answers: number): boolean[] =>
      Array.from({ length: answers }, (_none, n) => {
        const json = parse(bodyOf(rowOf((column) => `"the value of column ${column}"`, names)));
        read(firstRow(json), names.slice(0, width(n)));
        return isLazy(json);
      });
    expect(new Set(areLazy(1000))).toEqual(new Set([true]));
    expect(new Set(areLazy(100))).toEqual(new Set([goesOn]));
    expect(areLazy(20_000)).toContain(true);
  });
});

describe('a scanned row', () => {
  it.each([
    [
      'is parsed when another key is asked for',
      ['the key of column 3', 'the key of column 5'],
      ['the key of column 5', 'parsed'],
    ],
    [
      'is not parsed for scanned keys, nor for a scanned key that it lacks',
      ['the key of column 3', 'none'],
      [],
    ],
  ])('%s', (_, names, others) => {
    const heard: string[] = [];
    const scanned = createRowScanner(new Set(['the key of column 3', 'none']))(
      rowOf((n) => `"${n}"`),
      0,
    );
    expect([...(scanned?.values ?? [])]).toEqual([['the key of column 3', '"3"']]);
    const row =
      scanned &&
      lazyRow(scanned, { requested: (key) => heard.push(key), parsed: () => heard.push('parsed') });
    expect(row && read(row, names)).toEqual(names.map((key) => /\d+/.exec(key)?.[0]));
    expect(heard).toEqual(others);
  });
});

describe.each([[[]], [['the key of column 3', 'the key of column 4', 'toString']]])(
  'a row after %j',
  (names) => {
    const text = bodyOf(rowOf((n) => (n === 4 ? '-0' : `"${n}"`)));
    const lazy = (): Record<string, unknown> => firstRow(asked(names)(text)) as Record<string, unknown>;
    const plain = (): Record<string, unknown> => firstRow(parseJson(text)) as Record<string, unknown>;

    it.each<readonly [string, (row: Record<string, unknown>) => unknown]>([
      ['a key', (row) => row['the key of column 3']],
      ['minus zero', (row) => Object.is(row['the key of column 4'], -0)],
      ['a key that is not there', (row) => [row['none'], 'none' in row]],
      [
        'what all objects have',
        (row) => [typeof row['toString'], 'toString' in row, row.constructor === Object],
      ],
      ['a symbol', (row) => (row as { [Symbol.iterator]?: unknown })[Symbol.iterator]],
      ['its keys', (row) => Object.keys(row)],
      ['its entries', (row) => Object.entries(row)],
      ['a copy', (row) => ({ ...row })],
      ['its text', (row) => JSON.stringify(row)],
      ['an own key', (row) => [Object.hasOwn(row, 'the key of column 3'), Object.hasOwn(row, 'toString')]],
      ['a descriptor', (row) => Object.getOwnPropertyDescriptor(row, 'the key of column 3')],
      ['its prototype', (row) => Object.getPrototypeOf(row) === Object.prototype],
      ['that it is no list', (row) => Array.isArray(row)],
      [
        'what was written into it',
        (row) => {
          row['the key of column 3'] = 'new';
          row['one more'] = 1;
          delete row['the key of column 5'];
          return [row['the key of column 3'], row['the key of column 5'], Object.keys(row)];
        },
      ],
      [
        'that it is frozen',
        (row) => {
          Object.freeze(row);
          return [Object.isFrozen(row), Reflect.set(row, 'the key of column 3', 1), Object.values(row)];
        },
      ],
    ])('returns %s as a plain object does', (_, look) => {
      expect(isProxy(lazy())).toBe(true);
      expect(look(lazy())).toEqual(look(plain()));
    });
  },
);
