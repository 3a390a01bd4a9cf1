import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyReader } from '../../upstreams/rows/row-key.ts';
import { get_accounts_in_portfolio } from '../../upstreams/scollect/portfolios.ts';
import { toText } from '../../values/text.ts';
import { maxNesting } from '../json-nesting.ts';
import { RowSlicer } from './row-slicer.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'ü', '€', '😀', '\n', ' ', 'lotno'),
  }),
);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    hostile,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(hostile, tie('any'), { maxKeys: 4 }),
  ),
})).any;

const row = fc.dictionary(fc.oneof(hostile, fc.constant('lotno')), value, { maxKeys: 6 });

/** Writes every character that is not ASCII as an escape. */
const escaped = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const written = fc
  .tuple(fc.array(row, { maxLength: 6 }), fc.constantFrom('', '  ', '\n\t', '\r\n '), fc.boolean())
  .map(([rows, blank, isEscaped]) => {
    const texts = rows.map((one) => {
      const json = JSON.stringify(one, null, blank.trim() === '' ? blank : '');
      return isEscaped ? escaped(json) : json;
    });
    return { rows, bytes: Buffer.from(`${blank}${texts.join(`${blank},${blank}`)}${blank}]`) };
  });

const slice = (chunks: readonly Buffer[]) => {
  const found: { row: Buffer; isPlain: boolean }[] = [];
  let rest = '';
  const slicer = new RowSlicer((one, isPlain) => found.push({ row: Buffer.from(one), isPlain }));
  for (const chunk of chunks) rest += chunk.subarray(slicer.push(chunk)).toString();
  return {
    found,
    state: slicer.state,
    rest,
    parsed: found.map((one) => JSON.parse(one.row.toString()) as unknown),
  };
};

const cutAt = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return borders.slice(1).map((border, nth) => bytes.subarray(borders[nth], border));
};

describe('RowSlicer', () => {
  it('returns the rows of JSON.parse for any whitespace and any chunks', () => {
    fc.assert(
      fc.property(written, fc.array(fc.nat(), { maxLength: 20 }), ({ rows, bytes }, places) => {
        const { parsed, state } = slice(cutAt(bytes, places));
        expect({ parsed, state }).toEqual({ parsed: JSON.parse(JSON.stringify(rows)), state: 'closed' });
      }),
      { numRuns: 500 },
    );
  });

  it('returns the same rows for chunks that split characters and escapes', () => {
    const rows = [{ 'ü€😀\\"': '\\"}]', a: ['{"', { b: '\u0000\\' }] }, { lotno: 'ä"' }, {}];
    const bytes = Buffer.from(` ${rows.map((one) => JSON.stringify(one)).join(' , ')} ] tail`);
    for (let place = 0; place <= bytes.length; place += 1) {
      const { parsed, rest } = slice(cutAt(bytes, [place]));
      expect({ parsed, rest }).toEqual({ parsed: rows, rest: ' tail' });
    }
    const { parsed, rest } = slice([...bytes].map((byte) => Buffer.of(byte)));
    expect({ parsed, rest }).toEqual({ parsed: rows, rest: ' tail' });
  });

  it.each([
    ['{"a":1}{"a":2}]', 'invalid'],
    ['{"a":1},]', 'invalid'],
    [',{"a":1}]', 'invalid'],
    ['{"a":1},,{"a":2}]', 'invalid'],
    ['{"a":1}}]', 'invalid'],
    ['{"a":1]]', 'invalid'],
    ['{"a":1} x', 'invalid'],
    ['{"a":1}, 404]', 'unfit'],
    ['null]', 'unfit'],
    ['{"a":1}, [{"b":1}]]', 'unfit'],
    ['{"a":1}, "}"]', 'unfit'],
    ['{"a":1}, {"b":', 'open'],
    ['{"a":"]', 'open'],
    ['{"a":1},', 'open'],
    [']', 'closed'],
  ])('reports the state of an incomplete or invalid list: %s', (text, state) => {
    for (const chunks of [[Buffer.from(text)], [...Buffer.from(text)].map((byte) => Buffer.of(byte))]) {
      expect(slice(chunks).state).toBe(state);
    }
  });
});

describe('nesting of a row', () => {
  // The row is in a list in an object.
  const row = (levels: number): string => `{"a":${'['.repeat(levels - 3)}${']'.repeat(levels - 3)}}`;

  it('is limited as that of its body', () => {
    const write = (levels: number): Buffer => Buffer.from(`{"b":1},${row(levels)},{"b":2}]`);
    expect(slice([write(maxNesting)])).toMatchObject({ state: 'closed', found: { length: 3 } });
    for (const chunks of [
      [write(maxNesting + 1)],
      [...write(maxNesting + 1)].map((byte) => Buffer.of(byte)),
    ]) {
      expect(slice(chunks)).toMatchObject({ state: 'invalid', parsed: [{ b: 1 }] });
    }
  });
});

describe('the key of a row', () => {
  const read = keyReader({ name: 'lotno', read: get_accounts_in_portfolio.rowKey.read });

  it('equals the value that JSON.parse returns', () => {
    const keyed = fc
      .tuple(row, fc.option(fc.oneof(hostile, value), { nil: undefined }))
      .map(([one, lotno]) => (lotno === undefined ? one : { ...one, lotno }));
    fc.assert(
      fc.property(keyed, fc.boolean(), (one, isEscaped) => {
        const json = isEscaped ? escaped(JSON.stringify(one)) : JSON.stringify(one);
        const { lotno } = JSON.parse(json) as { lotno?: unknown };
        for (const { row: bytes, isPlain } of slice([Buffer.from(`${json}]`)]).found) {
          expect(read(bytes, isPlain)).toBe(toText(lotno)?.toUpperCase() ?? null);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{ "lotno" : " r1 " }', 'R1'],
    ['{"lotno":"a","lotno":"b"}', 'B'],
    ['{"x":"lotno","lotno":"b"}', 'B'],
    ['{"lotno":1,"x":"lotno"}', '1'],
    ['{"lotno":" "}', null],
    ['{"lotno":"null"}', null],
    ['{"lotno":{"text":"R1"}}', null],
    ['{"x":{"lotno":"inner"}}', null],
    ['{"x":{"lotno":"inner"},"lotno":"outer"}', 'OUTER'],
    [String.raw`{"\u006cotno":"escaped"}`, 'ESCAPED'],
    [String.raw`{"lotno":"\u0052\"1"}`, 'R"1'],
    ['{"mylotno":"x"}', null],
    ['{"lotno":null}', null],
    ['{}', null],
  ])('is read from unusual JSON: %s', (json, key) => {
    const [found] = slice([Buffer.from(`${json}]`)]).found;
    expect(found && read(found.row, found.isPlain)).toBe(key);
  });
});
