import { describe, expect, it, vi } from 'vitest';
import { withPings } from './pings.ts';

const createSource = () => {
  const waiting: ((text: string) => void)[] = [];
  const source = (async function* (): AsyncGenerator<string, void> {
    for (;;) {
      yield await new Promise<string>((resolve) => {
        waiting.push(resolve);
      });
    }
  })();
  return { source, give: (text: string) => waiting.shift()?.(text) };
};

describe('withPings', () => {
  it('adds a ping whenever nothing was ready for 12 seconds, and loses no part', async () => {
    vi.useFakeTimers();
    try {
      const { source, give } = createSource();
      const parts = withPings(source, 'ping');
      for (let pings = 0; pings < 2; pings += 1) {
        const next = parts.next();
        await vi.advanceTimersByTimeAsync(12_000);
        expect(await next).toEqual({ done: false, value: 'ping' });
      }
      const next = parts.next();
      await vi.advanceTimersByTimeAsync(11_000);
      give('part');
      expect(await next).toEqual({ done: false, value: 'part' });
      expect(vi.getTimerCount()).toBe(0);
      await parts.return();
    } finally {
      vi.useRealTimers();
    }
  });
});
