import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createRateLimit } from '../src/rate-limit.ts';

describe('a rate limit', () => {
  it('knows no more keys than it may: it forgets the one whose minute began first', async () => {
    const limit = createRateLimit(1, 2);
    for (const key of ['a', 'b']) expect(await limit.take(key)).toBeNull();
    expect(await limit.take('a')).toBe(60);
    expect(await limit.take('c')).toBeNull();
    expect([await limit.check('a'), await limit.check('b'), await limit.check('c')]).toEqual([null, 60, 60]);
  });

  it('forgets in that order, however often keys come again', async () => {
    const limit = createRateLimit(1, 2);
    for (let round = 0; round < 3; round += 1) {
      for (const key of ['a', 'b', 'c']) expect(await limit.take(key)).toBeNull();
    }
    expect([await limit.check('a'), await limit.check('b'), await limit.check('c')]).toEqual([null, 60, 60]);
  });

  it('checks without counting', async () => {
    const limit = createRateLimit(1);
    for (let checked = 0; checked < 3; checked += 1) expect(await limit.check('a')).toBeNull();
    expect(await limit.take('a')).toBeNull();
    expect(await limit.check('a')).toBe(60);
  });

  it('asks nobody to wait for longer than a minute, if the wall clock is set back', async () => {
    const limit = createRateLimit(1);
    await limit.take('a');
    const set = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 86_400_000);
    onTestFinished(() => set.mockRestore());
    expect([await limit.take('a'), await limit.check('a')]).toEqual([60, 60]);
  });

  it('of none lets nothing through', async () => {
    expect(await createRateLimit(0).take('a')).toBe(60);
  });
});
