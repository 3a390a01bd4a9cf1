import { setMaxListeners } from 'node:events';
import type { CancelSignal } from '../../lib/abort-signal.ts';
import { cancelled } from './transport-error.ts';

const once = { once: true } as const;

interface GivingUp {
  /** Called on cancellation: whether any part of the request may have reached the upstream. */
  readonly mayBeSent?: () => boolean;
}

/** Adds a listener to a signal that may have any number of listeners. */
export const onAbort = (signal: CancelSignal, listener: () => void): void => {
  // All calls of a request listen to its one signal: Node would report more than ten listeners as a leak.
  // AbortSignal.any() is no alternative: on Node 20 it leaks memory with each use.
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
  signal.addEventListener('abort', listener, once);
};

/**
 * Waits for a promise until a signal aborts, and removes the listener afterwards. The underlying work continues.
 *
 * @throws {TransportError} if the signal aborts.
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
