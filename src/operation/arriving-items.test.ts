import { describe, expect, it } from 'vitest';
import { ArrivingItems } from './arriving-items.ts';

const isOpen = async (waiting: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([waiting.then(() => 'over'), new Promise((resolve) => setImmediate(resolve))])) !==
  'over';

describe('ArrivingItems', () => {
  it('waits for a number of items, or the end', async () => {
    const list = new ArrivingItems<string>();
    const [two, all] = [list.reach(2), list.reach(Number.POSITIVE_INFINITY)];
    list.add(['A']);
    expect(await isOpen(two)).toBe(true);
    list.add(['B', 'C']);
    await two;
    expect([list.items, list.isOpen, list.isComplete]).toEqual([['A', 'B', 'C'], true, false]);
    expect(await isOpen(all)).toBe(true);
    list.end(['D']);
    await all;
    list.add(['E']);
    list.fail(new Error('late'));
    expect([list.items, list.isOpen, list.isComplete]).toEqual([['A', 'B', 'C', 'D'], false, true]);
    await list.reach(9);
  });

  it('fails for those who wait for items after an error only', async () => {
    const list = new ArrivingItems<string>();
    const waiting = list.reach(2);
    list.add(['A']);
    list.fail(new Error('no'));
    list.end(['B']);
    await expect(waiting).rejects.toThrow('no');
    await list.reach(1);
    await expect(list.reach(2)).rejects.toThrow('no');
    expect([list.items, list.isOpen, list.isComplete]).toEqual([['A'], false, false]);
  });
});
