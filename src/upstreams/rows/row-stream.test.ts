import { describe, expect, it } from 'vitest';
import { parsedRows } from './held-rows.ts';
import { ResponseAbortedError } from './response-aborted-error.ts';
import { RowStream } from './row-stream.ts';

const rowsOf = (...keys: readonly string[]) =>
  parsedRows(
    keys.map((lotno) => ({ lotno })),
    { name: 'lotno', read: (wire) => String(wire) },
    0,
  );

const isOpen = async (waiting: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([waiting.then(() => 'over'), new Promise((resolve) => setImmediate(resolve))])) !==
  'over';

describe('RowStream', () => {
  it('waits until rows have arrived and are valid, or the list ends', async () => {
    const stream = new RowStream();
    const list = stream.list();
    const [two, all] = [list.rows(0, 2), list.reach(Number.POSITIVE_INFINITY)];
    stream.begin(200, rowsOf('A', 'B', 'C'));
    stream.addRows(false);
    expect(await isOpen(two)).toBe(true);
    stream.addRows(true);
    expect(await two).toEqual([{ lotno: 'A' }, { lotno: 'B' }]);
    expect(await isOpen(all)).toBe(true);
    stream.end();
    expect(await all).toBe(3);
    expect([await list.find('C'), await list.find('D'), await list.keyAt(1), await list.keyAt(3)]).toEqual([
      2,
      -1,
      'B',
      undefined,
    ]);
  });

  it('reports how many of the rows have arrived', async () => {
    const stream = new RowStream();
    const list = stream.list();
    const waiting = list.reach(1, 5);
    stream.begin(200, rowsOf('A', 'B', 'C'));
    stream.addRows(true);
    expect([await waiting, await list.reach(1, 2), await list.reach(2)]).toEqual([3, 2, 2]);
    const further = list.reach(4, 9);
    stream.end();
    expect(await further).toBe(3);
  });

  it('a list fails once its response is aborted; a new list reads the retry', async () => {
    const stream = new RowStream();
    const before = stream.list();
    stream.begin(200, rowsOf('A', 'B'));
    stream.addRows(true);
    expect(await before.reach(1)).toBe(1);
    stream.abort();
    await expect(before.rows(0, 1)).rejects.toThrow(ResponseAbortedError);
    const after = stream.list();
    stream.begin(200, rowsOf('C'));
    stream.addRows(true);
    expect(await after.rows(0, 1)).toEqual([{ lotno: 'C' }]);
  });

  it('rows that arrived before the abort are returned, never an empty list', async () => {
    const stream = new RowStream();
    const list = stream.list();
    const waiting = [list.rows(0, 2), list.reach(2), list.keyAt(1)];
    stream.begin(200, rowsOf('A', 'B'));
    stream.addRows(true);
    stream.abort();
    expect(await Promise.all(waiting)).toEqual([[{ lotno: 'A' }, { lotno: 'B' }], 2, 'B']);
  });

  it('a failure gives each reader its own error object', async () => {
    const stream = new RowStream();
    const waiting = [stream.list().reach(1), stream.list().find('A')];
    stream.fail(() => new Error('no'));
    const [one, other] = await Promise.all(waiting.map((wait) => wait.catch((error: unknown) => error)));
    expect([one, other]).toEqual([new Error('no'), new Error('no')]);
    expect(one).not.toBe(other);
  });
});
