import type { CancelSignal } from '../../lib/abort-signal.ts';

/** Waits for the given milliseconds, or until the signal aborts. */
export const pauseUnlessAborted = (milliseconds: number, signal: CancelSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  });
