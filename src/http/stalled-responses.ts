import type { ServerResponse } from 'node:http';

export interface StalledResponsesOptions {
  /** Returns the responses in flight. */
  readonly responses: () => readonly ServerResponse[];
  /** Milliseconds for which a client may take none of a response that waits for it. */
  readonly timeoutMs: number;
  /** Is called for each client that is disconnected. */
  readonly onStall: () => void;
}

const checkMs = 1000;

/**
 * Disconnects clients that do not read their responses, which take memory until they are read.
 *
 * A client that reads slowly is not disconnected: the time begins anew with each part that it takes.
 *
 * @returns a function that ends the checks.
 */
export const disconnectStalled = ({
  responses,
  timeoutMs,
  onStall,
}: StalledResponsesOptions): (() => void) => {
  const watched = new WeakSet<ServerResponse>();
  const check = (): void => {
    for (const response of responses()) {
      const { socket } = response;
      if (!socket || socket.writableLength === 0 || watched.has(response)) continue;
      watched.add(response);
      // The timer of a socket begins anew whenever some of what was written has been sent, and Node sets it again for
      // the next request.
      response.setTimeout(timeoutMs, () => {
        if (socket.destroyed || socket.writableLength === 0) return;
        onStall();
        socket.destroy();
      });
    }
  };
  const timer = setInterval(check, Math.min(checkMs, timeoutMs)).unref();
  return () => clearInterval(timer);
};
