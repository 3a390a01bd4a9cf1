import { describe, expect, it } from 'vitest';
import { get_accounts_in_portfolio } from '../../../src/upstreams/scollect/portfolios.ts';
import { listEnd, listHead, rowsOf } from '../../support/streaming-scollect.ts';
import { scollect } from '../connected.ts';

const input = { params: {}, body: { portfolio: 'P' } };

/** Enough rows for an answer that is not held whole. */
const many = rowsOf(0, 200);

const list = (rows: readonly string[], end = listEnd): string => `${listHead}${rows.join(', ')}${end}`;

const error = '{"error": "Portfolio does not exist"}';

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
  ['a row whose file number is a number', list([...many, '{"lotno": 1}'])],
  ['a first row without a file number', list(['{"a": 1}', ...many])],
  ['a task that failed', list(many, '], "state": "FAILURE"}')],
  ['a task that failed, told first', `{"state": "FAILURE", ${list(many).slice(1)}`],
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
  return { whole, byRows: await outcomeOf(all) };
};

describe('an answer that is read row by row', () => {
  it.each(answers)('says what it says as a whole: %s', async (_, text) => {
    const { whole, byRows } = await bothOf(text);
    expect(byRows).toEqual(whole);
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

  it('tells rows as JSON.parse does, and all of them', async () => {
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
    expect(client.keptRows(get_accounts_in_portfolio, input)).toBeUndefined();
    expect(upstream.calls()).toHaveLength(1);
  });
});
