import { describe, expect, it, vi } from 'vitest';
import { type CancelSignal, LightAbortSignal } from './abort-signal.ts';

const once = { once: true } as const;

describe('LightAbortSignal', () => {
  it.each<[string, () => { signal: CancelSignal; abort: (reason: unknown) => void }]>([
    [
      'AbortSignal of Node',
      () => {
        const controller = new AbortController();
        return { signal: controller.signal, abort: (reason) => controller.abort(reason) };
      },
    ],
    [
      'LightAbortSignal',
      () => {
        const signal = new LightAbortSignal();
        return { signal, abort: (reason) => signal.abort(reason) };
      },
    ],
  ])('calls each listener once, with the reason on the signal: %s', (_, make) => {
    const { signal, abort } = make();
    const [stays, leaves, late] = [vi.fn(), vi.fn(), vi.fn()];
    const takesAway = vi.fn(() => signal.removeEventListener('abort', takenAway));
    const takenAway = vi.fn();
    for (const listener of [stays, stays, leaves, takesAway, takenAway]) {
      signal.addEventListener('abort', listener, once);
    }
    signal.removeEventListener('abort', leaves);
    expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
    abort('why');
    abort('again');
    signal.addEventListener('abort', late, once);
    expect([signal.aborted, signal.reason]).toEqual([true, 'why']);
    const heard = [stays, leaves, takesAway, takenAway, late].map(({ mock }) => mock.calls.length);
    expect(heard).toEqual([1, 0, 1, 0, 0]);
  });

  it('calls listeners that were added after the first one was removed', () => {
    const signal = new LightAbortSignal();
    const [first, second, third] = [vi.fn(), vi.fn(), vi.fn()];
    signal.addEventListener('abort', first);
    signal.removeEventListener('abort', first);
    signal.addEventListener('abort', second);
    signal.addEventListener('abort', third);
    signal.removeEventListener('abort', second);
    signal.addEventListener('abort', first);
    signal.abort();
    expect([first, second, third].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  });
});
