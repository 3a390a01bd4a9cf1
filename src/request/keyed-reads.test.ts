import { describe, expect, it } from 'vitest';
import { KeyedReads } from './keyed-reads.ts';

const make = () => {
  const asked: string[] = [];
  const reads = new KeyedReads<string>(async (key) => {
    asked.push(key);
    if (key === 'bad') throw new Error('no');
    return `value of ${key}, ${asked.length}`;
  });
  return { reads, asked };
};

describe('KeyedReads.peek', () => {
  it('returns a value once it has been read, and begins no read', async () => {
    const { reads, asked } = make();
    expect(reads.peek('a')).toBeUndefined();
    const reading = reads.load('a');
    expect(reads.peek('a')).toBeUndefined();
    await reading;
    expect(reads.peek('a')).toBe('value of a, 1');
    expect(asked).toEqual(['a']);
  });

  it('returns a value that was primed', () => {
    const { reads, asked } = make();
    reads.prime('a', 'primed');
    expect(reads.peek('a')).toBe('primed');
    expect(asked).toEqual([]);
  });

  it('returns nothing of a read that failed', async () => {
    const { reads } = make();
    await expect(reads.load('bad')).rejects.toThrow('no');
    expect(reads.peek('bad')).toBeUndefined();
  });

  it.each([
    ['clear', (reads: KeyedReads<string>) => reads.clear('a')],
    ['clearAll', (reads: KeyedReads<string>) => reads.clearAll()],
  ])('returns nothing after %s, nor of a read that was in flight', async (_, clear) => {
    const { reads } = make();
    await reads.load('a');
    clear(reads);
    expect(reads.peek('a')).toBeUndefined();
    const reading = reads.load('a');
    clear(reads);
    await reading;
    expect(reads.peek('a')).toBeUndefined();
    await reads.load('a');
    expect(reads.peek('a')).toBe('value of a, 3');
  });
});
