import { describe, expect, it, vi } from 'vitest';
import { leftOutOf } from '../../../src/upstreams/endpoint/left-out.ts';
import { get_accounts_in_portfolio } from '../../../src/upstreams/scollect/portfolios.ts';
import { listEnd, listHead, rowsOf } from '../../support/streaming-scollect.ts';
import { scollect } from '../connected.ts';

const input = { params: {}, body: { portfolio: 'P' } };

/** Enough rows for an answer that is not held whole. */
const many = rowsOf(0, 200);

const list = (rows: readonly string[], end = listEnd): string => `${listHead}${rows.join(', ')}${end}`;

const error = '{"error": "Portfolio does not exist"}';

/** Rows of accounts that lack their file numbers. */
const withoutNumbers = (from: number, to: number): string[] =>
  rowsOf(from, to).map((row) => row.replace('"lotno"', '"lot"'));

/** Whole answers, few rows and many. */
const answers: readonly (readonly [name: string, text: string])[] = [
  ['rows', list(many)],
  ['few rows', list(many.slice(0, 3))],
  ['one row', list(many.slice(0, 1))],
  ['rows behind texts and numbers', `{"state": "SUCCESS", "n": -1.5e3, "ok": true, ${list(many).slice(1)}`],
  ['rows behind a list', `{"a": [1], ${list(many).slice(1)}`],
  ['blanks everywhere', `\r\n\t ${list(many).replaceAll(', ', ' ,\n\t').replace(':', '\n:')} \n`],
  ['no blanks', list(many).replaceAll(', ', ',')],
  ['a mark of byte order', `\ufeff${list(many)}`],
  ['a list alone', `[${many.join(',')}]`],
  ['rows elsewhere', `{"result": {"data": [${many.join(',')}]}, "state": "SUCCESS"}`],
  ['rows in a message', `{"message": [${many.join(',')}]}`],
  ['no rows', list([])],
  ['nothing', ''],
  ['HTML', '<h1>no</h1>'],
  ['an object', `{"result": ${error}, "state": "SUCCESS"}`],
  ['an error', list([error])],
  ['an error with its number', list([error, '404'])],
  ['an error of the service', list(['{"error": "Server error"}', '500'])],
  ['an error before rows', list([error, ...many])],
  ['an error before many texts', list([error, '404', ...many])],
  ['an error among rows', list([...many, error])],
  ['a number among rows', list([...many, '404'])],
  ['a list among rows', list([...many, '[1, [2]]'])],
  ['a row without a file number', list([...many, '{"a": 1}'])],
  ['a row without a file number among rows', list([...many.slice(0, 50), '{"a": 1}', ...many.slice(50)])],
  [
    'few rows, one of them without a file number',
    list([...many.slice(0, 2), '{"a": 1}', ...many.slice(2, 4)]),
  ],
  ['a row whose file number is a number', list([...many, '{"lotno": 1}'])],
  ['a row whose file number is blank', list([...many, '{"lotno": " "}'])],
  ['a row whose file number is null', list([...many, '{"lotno": null}'])],
  ['a row whose file number is the word null', list([...many, '{"lotno": "null"}'])],
  ['a row whose file number is an object', list([...many, '{"lotno": {"text": "R1"}}'])],
  ['a first row without a file number', list(['{"a": 1}', ...many])],
  ['first rows without a file number', list([...Array(50).fill('{"a": 1}'), ...many])],
  ['many first rows without a file number', list([...withoutNumbers(0, 300), ...many])],
  [
    'every other row without a file number',
    list(many.flatMap((row, at) => [row, ...withoutNumbers(at, at + 1)])),
  ],
  ['no row with a file number', list(withoutNumbers(0, 300))],
  ['one row, without a file number', list(['{"a": 1}'])],
  ['a row without content', list([...many, '{}'])],
  ['null among rows', list([...many, 'null'])],
  ['a text among rows', list([...many, '"R1"'])],
  ['null behind a row without a file number', list(['{"a": 1}', 'null', ...many])],
  ['a row of another portfolio without a file number', list([...many, '{"lot_group": "Q"}'])],
  ['a first row of another portfolio without a file number', list(['{"lot_group": "Q"}', ...many])],
  [
    'few rows, one of another portfolio without a file number',
    list([...many.slice(0, 2), '{"lot_group": "Q"}']),
  ],
  ['a blank error among rows', list([...many, '{"error": ""}'])],
  ['an exception among rows', list([...many, '{"exception": "KeyError", "lot_group": "P"}'])],
  ['a message among rows', list([...many, '{"message": "Server error"}'])],
  ['a task among rows', list([...many, '{"task_id": "1"}'])],
  ['a task that failed', list(many, '], "state": "FAILURE"}')],
  ['a task that failed, with its state first', `{"state": "FAILURE", ${list(many).slice(1)}`],
  ['another result behind', list(many, `], "result": ${error}}`)],
  [
    'other rows behind',
    list(many, '], "result": [{"lotno": "X"}]}').replace('"result": [{"lotno": "X"}]', '"result": []'),
  ],
  ['nothing behind the rows', list(many, '')],
  ['no end of the object', list(many, ']')],
  ['something behind the end', list(many, `${listEnd}x`)],
  ['a second object', list(many, `${listEnd}${listEnd}`)],
  ['a comma too many', list(many, `,${listEnd}`)],
  ['no comma', `${listHead}${many.join(' ')}${listEnd}`],
  ['a first row that is no JSON', list(['{"lotno": "A", b}', ...many])],
  ['a cut', list(many).slice(0, -1000)],
  ['a cut in the first row', list(many).slice(0, 100)],
  ['texts with brackets', list([...many, String.raw`{"lotno": "]}\"", "a": "{[\\"}`])],
  ['rows inside rows', list([...many, '{"a": {"b": [{"lotno": "inner"}, []]}, "lotno": "outer"}'])],
  ['the same row twice', list([...many, ...many])],
  ['broken characters', list([...many, '{"lotno": "\ud800", "a": "\udc00"}'])],
];

const outcomeOf = (given: Promise<unknown>): Promise<unknown> =>
  given.catch((failure: unknown) => (failure instanceof Error ? [failure.name, failure.message] : failure));

/** What a client makes of an answer that it reads whole, and of one that it reads row by row. */
const bothOf = async (text: string, status = 200) => {
  const { client } = await scollect(() => ({ status, html: text }));
  const whole = await outcomeOf(client.call(get_accounts_in_portfolio, input));
  const reading = await client.readRows(get_accounts_in_portfolio, input);
  const all = reading.read((rows) => rows.rows(0, Number.POSITIVE_INFINITY));
  const gaps = reading.read(async (rows) => {
    const counts = Array.from(
      { length: (await rows.reach(Number.POSITIVE_INFINITY)) + 2 },
      (_, count) => count,
    );
    return Promise.all(counts.map((count) => rows.isIncomplete(count)));
  });
  return { whole, byRows: await outcomeOf(all), gaps: await outcomeOf(gaps) };
};

/** For each count of rows, whether one was left out before so many. */
const gapsIn = (whole: unknown): unknown =>
  Array.isArray(whole) && typeof whole[0] === 'object'
    ? Array.from({ length: whole.length + 2 }, (_, count) => leftOutOf(whole).some(({ at }) => at < count))
    : undefined;

describe('an answer that is read row by row', () => {
  it.each(answers)('says what it says as a whole: %s', async (_, text) => {
    const { whole, byRows, gaps } = await bothOf(text);
    expect(byRows).toEqual(whole);
    const expected = gapsIn(whole);
    if (expected !== undefined) expect(gaps).toEqual(expected);
  });

  it.each([
    ['a first row', ['{"a": 1}', ...many], 200],
    ['a row among others', [...many.slice(0, 50), '{"a": 1}', ...many.slice(50)], 200],
    ['the last row', [...many, '{"lotno": ""}'], 200],
    ['many rows', [...withoutNumbers(0, 300), ...many], 200],
  ])('leaves out what has no file number: %s', async (_, rows, count) => {
    const { whole, byRows } = await bothOf(list(rows));
    expect(byRows).toEqual(many.map((row) => JSON.parse(row) as unknown));
    expect(byRows).toHaveLength(count);
    expect(leftOutOf(whole)).toHaveLength(rows.length - count);
  });

  it.each([
    ['null', 'null'],
    ['a text', '"R1"'],
    ['a list', '[{"lotno": "R1"}]'],
    ['an error', error],
    ['a blank error', '{"error": ""}'],
  ])('fails for %s among rows', async (_, odd) => {
    for (const rows of [
      [odd, ...many],
      [...many.slice(0, 50), odd, ...many.slice(50)],
      [...many, odd],
    ]) {
      const { whole, byRows } = await bothOf(list(rows));
      expect(byRows).toEqual([expect.stringMatching(/Error$/), expect.any(String)]);
      expect(byRows).toEqual(whole);
    }
  });

  it('fails where a row that is left out names another portfolio', async () => {
    const foreign = '{"lot_group": "Q"}';
    for (const rows of [
      [foreign, ...many],
      [...many, foreign],
      [...many.slice(0, 2), foreign],
    ]) {
      const { whole, byRows } = await bothOf(list(rows));
      expect(byRows).toEqual(['BadResponseError', expect.stringContaining('another key')]);
      expect(byRows).toEqual(whole);
    }
  });

  it('reports once how many rows were left out', async () => {
    for (const [rows, count] of [
      [[...withoutNumbers(0, 2), ...many, '{"a": 1}'], 3],
      [[...many.slice(0, 2), '{"a": 1}'], 1],
      [many, undefined],
    ] as const) {
      const onIncomplete = vi.fn();
      const { client } = await scollect(() => ({ html: list(rows) }), {}, { onIncomplete });
      const reading = await client.readRows(get_accounts_in_portfolio, input);
      await reading.read((all) => all.rows(0, Number.POSITIVE_INFINITY));
      const expected = count === undefined ? [] : [[get_accounts_in_portfolio, count]];
      expect(onIncomplete.mock.calls).toEqual(expected);
    }
  });

  it.each([201, 204, 302, 400, 401, 403, 404, 422, 429, 500])(
    'says what it says as a whole with the status %i',
    async (status) => {
      for (const text of [list(many), list([error, '404']), '<h1>no</h1>']) {
        const { whole, byRows } = await bothOf(status === 204 ? '' : text, status);
        expect(byRows).toEqual(whole);
      }
    },
  );

  it('returns all rows, as JSON.parse does', async () => {
    const { whole, byRows } = await bothOf(list(many));
    expect(byRows).toEqual(many.map((row) => JSON.parse(row) as unknown));
    expect(whole).toEqual(byRows);
  });

  it('fails for a row of the page that is no JSON, and leaves nothing for later pages', async () => {
    const rows = [...many.slice(0, 100), '{"lotno": "BAD", b}', ...many.slice(100)];
    const { client, upstream } = await scollect(() => ({ html: list(rows) }));
    const reading = await client.readRows(get_accounts_in_portfolio, input);
    expect(await reading.read((all) => all.rows(0, 10))).toHaveLength(10);
    const bad = reading.read((all) => all.rows(95, 105));
    await expect(bad).rejects.toMatchObject({ name: 'BadResponseError' });
    expect(await client.keptRows(get_accounts_in_portfolio, input)).toBeUndefined();
    expect(upstream.calls()).toHaveLength(1);
  });
});
