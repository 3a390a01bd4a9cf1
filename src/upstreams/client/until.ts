import { setMaxListeners } from 'node:events';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import { cancelled } from './transport-error.ts';

const once = { once: true } as const;

interface GivingUp {
  /** Asked when the wait is given up: whether any of a request may have reached the upstream. */
  readonly mayBeSent?: () => boolean;
}

/** Hears of the end of a wait: once, and with any number of others. */
export const onAbort = (signal: CancelSignal, listener: () => void): void => {
  // All calls of a request hear its one signal: Node would take more than ten of them for a leak.
  // AbortSignal.any() is no way round it: on Node 20 it leaves something behind with each use.
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, once);
};

/**
 * Waits for what goes on by itself, no longer than until a signal aborts; then nothing listens any more.
 *
 * @throws {TransportError} when the wait is given up.
 */
export const until = <Value>(
  signal: CancelSignal | undefined,
  value: Promise<Value>,
  { mayBeSent = () => false }: GivingUp = {},
): Promise<Value> => {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      reject(cancelled(signal, mayBeSent()));
    };
    if (signal.aborted) {
      cancel();
    } else {
      onAbort(signal, cancel);
    }
    value.then(
      (settled) => {
        signal.removeEventListener('abort', cancel);
        resolve(settled);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', cancel);
        reject(error);
      },
    );
  });
};
