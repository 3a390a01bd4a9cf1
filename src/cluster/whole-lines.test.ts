import { expect, it } from 'vitest';
import { createBackoff } from './backoff.ts';
import { wholeLines } from './whole-lines.ts';

it('wholeLines passes on whole lines only, and the rest at the end', () => {
  const written: string[] = [];
  const lines = wholeLines((text) => written.push(text.toString()));
  for (const chunk of ['a', 'b\nc', '', 'd', '\n\ne\nf']) lines.take(Buffer.from(chunk));
  expect(written).toEqual(['ab\n', 'cd\n\ne\n']);
  lines.end();
  lines.end();
  expect(written.slice(2)).toEqual(['f\n']);
});

it('createBackoff doubles the time up to half a minute, and begins again after a stable run', () => {
  const backoff = createBackoff();
  const waits = Array.from({ length: 12 }, () => backoff.next(10));
  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(waits.at(-1)).toBe(30_000);
  expect(backoff.next(60_000)).toBe(100);
});
