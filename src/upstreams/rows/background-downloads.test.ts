import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BackgroundDownloads } from './background-downloads.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Creates background downloads, each of which requests slices until it is cancelled. */
const setUp = (names: readonly string[]) => {
  const background = new BackgroundDownloads({ maxDownloads: 2, intervalMs: 10 });
  const slices: string[] = [];
  const cancelled: string[] = [];
  const begin = (name: string) => {
    const download = {
      cancel: () => {
        cancelled.push(name);
        background.end(download);
      },
    };
    const resume = (): void => {
      slices.push(name);
      if (!cancelled.includes(name)) background.wait(download, resume);
    };
    background.begin(download);
    background.wait(download, resume);
    return download;
  };
  const downloads = names.map(begin);
  return { background, slices, cancelled, begin, downloads };
};

describe('background downloads', () => {
  it('share one slice per interval, the oldest first', () => {
    const { slices, downloads } = setUp(['a', 'b']);
    expect(slices).toEqual([]);
    vi.advanceTimersByTime(35);
    expect(slices).toEqual(['a', 'a', 'a']);
    const [a] = downloads;
    if (a) a.cancel();
    slices.length = 0;
    vi.advanceTimersByTime(20);
    expect(slices).toEqual(['b', 'b']);
  });

  it('above the limit: the oldest is cancelled', () => {
    const { cancelled, begin } = setUp(['a', 'b', 'c']);
    expect(cancelled).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(cancelled).toEqual(['a']);
    begin('d');
    begin('e');
    vi.advanceTimersByTime(10);
    expect(cancelled).toEqual(['a', 'b', 'c']);
  });

  it('are kept if one of them has a reader again before the next slice', () => {
    const background = new BackgroundDownloads({ maxDownloads: 2, intervalMs: 10 });
    const downloads = ['a', 'b', 'c'].map(() => ({ cancel: vi.fn() }));
    for (const download of downloads) background.begin(download);
    if (downloads[0]) background.end(downloads[0]);
    vi.advanceTimersByTime(100);
    for (const { cancel } of downloads) expect(cancel).not.toHaveBeenCalled();
  });

  it('continue immediately when they have a reader again', () => {
    const { background, slices, downloads } = setUp(['a', 'b']);
    const [, b] = downloads;
    if (b) background.end(b);
    expect(slices).toEqual(['b']);
  });

  it('leave no timer after cancellation', () => {
    const { downloads } = setUp(['a', 'b']);
    for (const download of downloads) download.cancel();
    vi.advanceTimersByTime(20);
    expect(vi.getTimerCount()).toBe(0);
  });
});
