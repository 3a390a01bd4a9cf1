import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

describe('a rate limit', () => {
  it('knows no more keys than it may: it forgets the one whose minute began first', async () => {
    const limit = createRateLimit(1, 2);
    for (const key of ['a', 'b']) expect(await limit.take(key)).toBeNull();
    expect(await limit.take('a')).toBe(60);
    expect(await limit.take('c')).toBeNull();
    expect([await limit.take('b'), await limit.take('c')]).toEqual([60, 60]);
    expect(await limit.take('a')).toBeNull();
  });

  it('forgets in that order, however often keys come again', async () => {
    const limit = createRateLimit(1, 2);
    for (let round = 0; round < 3; round += 1) {
      for (const key of ['a', 'b', 'c']) expect(await limit.take(key)).toBeNull();
    }
    expect([await limit.take('b'), await limit.take('c')]).toEqual([60, 60]);
    expect(await limit.take('a')).toBeNull();
  });

  it('asks nobody to wait for longer than a minute, if the wall clock is set back', async () => {
    const limit = createRateLimit(1);
    await limit.take('a');
    const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 86_400_000);
    onTestFinished(() => set.mockRestore());
    expect(await limit.take('a')).toBe(60);
  });

  it('of none lets nothing through', async () => {
    expect(await createRateLimit(0).take('a')).toBe(60);
  });
});
