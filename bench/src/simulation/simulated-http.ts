import type { Http } from '../../../src/upstreams/client/http.ts';
import { cancelled, TransportError } from '../../../src/upstreams/client/transport-error.ts';
import { isLogIn, logInReply, replyTo } from './replies.ts';
import type { SimulatedUpstream } from './upstream.ts';

interface Connection {
  readonly tenant: string;
  readonly upstream: SimulatedUpstream;
  readonly timeoutMs: number;
  /** Whether the upstream refuses the credentials of the tenant. */
  isRefused(): boolean;
  readonly hasShortTokens: boolean;
}

const writes = new Set(['/InsertNoteline', '/insertattempt', '/run_payment_external']);

/** Sends the requests of one client to a simulated upstream, with the timeout and the cancellation of the real transport. */
export const createSimulatedHttp = (connection: Connection): Http => {
  const { tenant, upstream, timeoutMs } = connection;
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const { signal, path } = request;
        if (signal?.aborted) {
          reject(cancelled(signal));
          return;
        }
        let isOver = false;
        const end = (settle: () => void): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          signal?.removeEventListener('abort', leave);
          settle();
        };
        const leave = (): void => end(() => reject(new TransportError('left', true)));
        const timer = setTimeout(() => end(() => reject(new TransportError('timeout', true))), timeoutMs);
        signal?.addEventListener('abort', leave, { once: true });
        const respond = isLogIn(path)
          ? () => logInReply(path, connection.isRefused(), connection.hasShortTokens)
          : () => replyTo(request);
        upstream.handle(tenant, writes.has(path), respond, (reply) => end(() => resolve(reply)));
      }),
    close: () => Promise.resolve(),
  };
};
