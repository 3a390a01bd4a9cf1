import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackgroundDownloads } from './background-downloads.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Downloads that nobody waits for, each of which asks for turn after turn until it is given up. */
const setUp = (names: readonly string[]) => {
  const readingOn = new BackgroundDownloads({ maxDownloads: 2, intervalMs: 10 });
  const turns: string[] = [];
  const givenUp: string[] = [];
  const begin = (name: string) => {
    const download = {
      cancel: () => {
        givenUp.push(name);
        readingOn.end(download);
      },
    };
    const go = (): void => {
      turns.push(name);
      if (!givenUp.includes(name)) readingOn.wait(download, go);
    };
    readingOn.begin(download);
    readingOn.wait(download, go);
    return download;
  };
  const downloads = names.map(begin);
  return { readingOn, turns, givenUp, begin, downloads };
};

describe('downloads that nobody waits for', () => {
  it('have one turn at a time among them all, the oldest first', () => {
    const { turns, downloads } = setUp(['a', 'b']);
    expect(turns).toEqual([]);
    vi.advanceTimersByTime(35);
    expect(turns).toEqual(['a', 'a', 'a']);
    const [a] = downloads;
    if (a) a.cancel();
    turns.length = 0;
    vi.advanceTimersByTime(20);
    expect(turns).toEqual(['b', 'b']);
  });

  it('are given up where there are too many of them, the oldest first', () => {
    const { givenUp, begin } = setUp(['a', 'b', 'c']);
    expect(givenUp).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(givenUp).toEqual(['a']);
    begin('d');
    begin('e');
    vi.advanceTimersByTime(10);
    expect(givenUp).toEqual(['a', 'b', 'c']);
  });

  it('stay where somebody waits for one of them again before the next turn', () => {
    const readingOn = new BackgroundDownloads({ maxDownloads: 2, intervalMs: 10 });
    const downloads = ['a', 'b', 'c'].map(() => ({ cancel: vi.fn() }));
    for (const download of downloads) readingOn.begin(download);
    if (downloads[0]) readingOn.end(downloads[0]);
    vi.advanceTimersByTime(100);
    for (const { cancel } of downloads) expect(cancel).not.toHaveBeenCalled();
  });

  it('go on at once when somebody waits for them', () => {
    const { readingOn, turns, downloads } = setUp(['a', 'b']);
    const [, b] = downloads;
    if (b) readingOn.end(b);
    expect(turns).toEqual(['b']);
  });

  it('leave nothing behind that would wake the process', () => {
    const { downloads } = setUp(['a', 'b']);
    for (const download of downloads) download.cancel();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
  });
});
