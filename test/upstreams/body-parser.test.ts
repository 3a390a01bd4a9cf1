import { isProxy } from 'node:util/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBodyParser, type ParseBody, parseJson } from '../../src/upstreams/body-parser.ts';
import type { Row } from '../../src/upstreams/endpoint.ts';

const keys = Array.from({ length: 80 }, (_, n) => `the key of column ${n}`);

/** A row as it is written: its values are. */
const rowOf = (write: (n: number) => string, names: readonly string[] = keys): string =>
  `{${names.map((key, n) => `${JSON.stringify(key)}:${write(n)}`).join(',')}}`;

const bodyOf = (...rows: readonly string[]): string => `{"result":[${rows.join(',')}],"state":"SUCCESS"}\n`;

const known = bodyOf(rowOf((n) => (n % 3 === 0 ? 'null' : n % 3 === 1 ? `"${n}"` : `${n}`)));

/** A parser that knows how rows are written. */
const trained = (body = known): ParseBody => {
  const parse = createBodyParser();
  parse(body);
  return parse;
};

const firstRow = (json: unknown): Row => (json as { result: readonly Row[] }).result[0] as Row;
const isLazy = (json: unknown): boolean => isProxy(firstRow(json));

/** All that may be seen of what was parsed: keys one by one first, and then the whole. */
const seen = (json: unknown): unknown => {
  if (json === undefined) return 'no JSON';
  const rows: unknown = (json as { result?: unknown } | null)?.result;
  const singly = Array.isArray(rows)
    ? rows.map((row: Row | null) => keys.map((key) => [row?.[key], row !== null && key in Object(row)]))
    : null;
  return [singly, JSON.stringify(json), json];
};

const written = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
  fc.string({ unit: fc.constantFrom('"', '\\\\', '\\"', '\\n', '{', '}', '[', ']', ':', ',', 'a') }),
  fc.constantFrom('""', '"\\u00e9\\/\\b"', '"\u2028\u007f"', '"a\\"the key of column 3\\":1"', '"{[,:]}"'),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map(String),
  fc.constantFrom('-0', '0', '1.50', '1E+2', '2e-7', '12345678901234567890', 'null', 'true', 'false'),
  // None of these is JSON, or none is a row that is flat.
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

describe('what a body is parsed into', () => {
  it('is what JSON.parse makes of it, whatever stands for its values', () => {
    fc.assert(
      fc.property(body, (text) => {
        expect(seen(trained()(text))).toEqual(seen(parseJson(text)));
      }),
      { numRuns: 400 },
    );
  });

  it('is what JSON.parse makes of it, whatever has become of it on the way', () => {
    fc.assert(
      fc.property(body, fc.array(change, { minLength: 1, maxLength: 2 }), (text, changes) => {
        const changed = changes.reduce((current, one) => {
          const at = Math.floor(one.at * current.length);
          return current.slice(0, at) + one.piece + current.slice(at + one.cut);
        }, text);
        expect(seen(trained()(changed))).toEqual(seen(parseJson(changed)));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['is cut off', known.slice(0, -3)],
    ['goes on after its end', `${known}x`],
    ['begins with a mark of its byte order', `\ufeff${known}`],
    ['has a key twice', known.replace('"the key of column 5"', '"the key of column 4"')],
    ['has a key more', known.replace('}]', ',"one more":1}]')],
    ['writes a key with an escape', known.replace('"the key of column 5"', '"\\u0074he key of column 5"')],
    ['has a row inside', known.replace('"4"', '{"the key of column 5":"x"}')],
    ['says another state', known.replace('SUCCESS', 'FAILURE')],
    ['has an error beside its row', known.replace('}]', '},404]')],
    ['has no row', `{"result":[],"state":"SUCCESS"}${' '.repeat(3000)}`],
    ['has no text', ''],
  ])('is what JSON.parse makes of it where it %s', (_, text) => {
    const json = trained()(text);
    expect(json === undefined || !isLazy({ result: [{}], ...(json as object) })).toBe(true);
    expect(seen(json)).toEqual(seen(parseJson(text)));
  });

  it.each([
    ['has a key twice', rowOf(String, [...keys, 'the key of column 4'])],
    ['has a key that names the prototype', rowOf(String, [...keys, '__proto__'])],
    [
      'writes a key with an escape',
      rowOf(String).replace('the key of column 7"', '\\u0074he key of column 7"'),
    ],
    ['holds a row', rowOf((n) => (n === 3 ? '{"a":1}' : '1'))],
    ['is narrow', rowOf(() => `"${'long '.repeat(100)}"`, keys.slice(0, 5))],
  ])('is parsed whole each time where a row %s', (_, text) => {
    const parse = trained(bodyOf(text));
    const again = parse(bodyOf(text));
    expect(isLazy(again)).toBe(false);
    expect(seen(again)).toEqual(seen(parseJson(bodyOf(text))));
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
    ['escapes in its values', bodyOf(rowOf(() => '"JOS\\u00c9 \\"PEPE\\""'))],
    ['letters of all kinds', bodyOf(rowOf(() => '"日本 José 😀"'))],
  ])('reads from a body with %s the keys that are asked for', (_, text) => {
    const json = trained()(text);
    expect(isLazy(json)).toBe(true);
    expect(seen(json)).toEqual(seen(parseJson(text)));
  });

  it('learns rows that are written over several lines', () => {
    const text = JSON.stringify(parseJson(known), null, 2);
    expect(isLazy(trained(text)(text))).toBe(true);
    expect(isLazy(trained(text)(known))).toBe(false);
  });

  it('learns another way of writing rows beside the one that it knows', () => {
    const parse = trained();
    const other = bodyOf(rowOf(String, [...keys, 'one more']));
    parse(other);
    expect([parse(known), parse(other)].map(isLazy)).toEqual([true, true]);
  });

  it('stops looking at rows that are ever new', () => {
    const parse = createBodyParser();
    const fresh = (n: number) => bodyOf(rowOf(String, [...keys, `key ${n}`]));
    const isLearned = (n: number) => {
      parse(fresh(n));
      return isLazy(parse(fresh(n)));
    };
    const learned = Array.from({ length: 40 }, (_, n) => isLearned(n));
    expect(learned.filter(Boolean).length).toBeLessThan(12);
    expect(learned.slice(20).filter(Boolean).length).toBeLessThan(3);
  });
});

describe('a row of which single keys are read', () => {
  const text = bodyOf(rowOf((n) => (n === 4 ? '-0' : `"${n}"`)));
  const lazy = (): Record<string, unknown> => firstRow(trained()(text)) as Record<string, unknown>;
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
  ])('tells %s as a plain object does', (_, look) => {
    expect(isProxy(lazy())).toBe(true);
    expect(look(lazy())).toEqual(look(plain()));
  });
});
