import { notConfigured, type UpstreamClient } from './client/client.ts';
import { createHttp } from './client/http.ts';
import { createSender, type Sender, type UpstreamObserver } from './client/sender.ts';
import type { Judge } from './endpoint/verdict.ts';
import type { UpstreamSystem } from './errors.ts';
import { createRecoveryConnect, type RecoveryConnectCredentials } from './recoveryconnect/client.ts';
import { judgeRecoveryConnect } from './recoveryconnect/envelope.ts';
import { createRowCache, type RowCache } from './rows/row-cache.ts';
import { createScollect, type ScollectCredentials } from './scollect/client.ts';
import { judgeScollect } from './scollect/envelope.ts';

/** How much is asked of each system, and for how long. */
export interface UpstreamLimits {
  /** Milliseconds that a call may wait for its turn, and then that an exchange may take. */
  readonly timeoutMs: number;
  /** Calls under way at one moment. */
  readonly maxConcurrency: number;
  /** Calls that wait for their turn at one moment. */
  readonly maxWaiting: number;
  /** Bytes that the body of a large answer may have, as of a whole portfolio; that of others an eighth of it. */
  readonly maxAnswerBytes: number;
}

/** Addresses and credentials; a system that is left out answers that it is not configured. */
export interface UpstreamSettings extends UpstreamLimits {
  readonly scollect?: ({ readonly url: string } & ScollectCredentials) | undefined;
  readonly recoveryConnect?: ({ readonly url: string } & RecoveryConnectCredentials) | undefined;
}

export type Upstreams = Readonly<Record<UpstreamSystem, UpstreamClient>>;

/** @param kept where the clients keep lists for later pages. It may be that of others: each sees its own only. */
export const createUpstreams = (
  settings: UpstreamSettings,
  observer: UpstreamObserver = {},
  kept: RowCache = createRowCache(),
): Upstreams => {
  const { scollect, recoveryConnect, timeoutMs, maxConcurrency, maxWaiting, maxAnswerBytes } = settings;
  const senderTo = (system: UpstreamSystem, url: string, judge: Judge): Sender =>
    createSender({
      system,
      // One more than calls may be under way: a log-in, for which they wait, does not wait for them.
      http: createHttp({ url, timeoutMs, maxResponseBytes: maxAnswerBytes, connections: maxConcurrency + 1 }),
      judge,
      maxConcurrency,
      maxWaiting,
      maxWaitMs: timeoutMs,
      observer,
    });
  return {
    SCOLLECT: scollect
      ? createScollect(senderTo('SCOLLECT', scollect.url, judgeScollect), scollect, kept)
      : notConfigured,
    RECOVERY_CONNECT: recoveryConnect
      ? createRecoveryConnect(
          senderTo('RECOVERY_CONNECT', recoveryConnect.url, judgeRecoveryConnect),
          recoveryConnect,
        )
      : notConfigured,
  };
};

export const closeUpstreams = async (upstreams: Upstreams): Promise<void> => {
  await Promise.all(Object.values(upstreams).map((client) => client.close()));
};
