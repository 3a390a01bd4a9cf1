import { expect, it, vi } from 'vitest';
import { remembered } from './remembered.ts';

it('finds something once for each text, also nothing', () => {
  const find = vi.fn((text: string) => (text === 'a' ? 1 : undefined));
  const get = remembered(find);
  expect(['a', 'b', 'a', 'b'].map((text) => get(text))).toEqual([1, undefined, 1, undefined]);
  expect(find).toHaveBeenCalledTimes(2);
});

it('remembers no more texts than it may, and no long ones', () => {
  const find = vi.fn((text: string) => text.length);
  const get = remembered(find, 2);
  for (const text of ['a', 'b', 'c', 'c', 'a']) get(text);
  expect(find.mock.calls.flat()).toEqual(['a', 'b', 'c', 'a']);
  find.mockClear();
  for (const text of ['a'.repeat(201), 'a'.repeat(201)]) expect(get(text)).toBe(201);
  expect(find).toHaveBeenCalledTimes(2);
});
