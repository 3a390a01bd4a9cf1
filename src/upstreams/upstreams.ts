import type { CacheClient, ReadCache } from './cache/read-cache.ts';
import { notConfigured, type UpstreamClient } from './client/client.ts';
import { createHttp } from './client/http.ts';
import { createSender, type Sender } from './client/sender.ts';
import type { UpstreamObserver } from './client/upstream-observer.ts';
import { examiner } from './drift/drift-of.ts';
import type { Judge } from './endpoint/verdict.ts';
import type { UpstreamSystem } from './errors.ts';
import { createRecoveryConnect, type RecoveryConnectCredentials } from './recoveryconnect/client.ts';
import { judgeRecoveryConnect } from './recoveryconnect/envelope.ts';
import { createRowCache, type RowCache } from './rows/row-cache.ts';
import { createScollect, type ScollectCredentials } from './scollect/client.ts';
import { judgeScollect } from './scollect/envelope.ts';

/** Limits of the calls to each system. */
export interface UpstreamLimits {
  /** Milliseconds that a call may wait for a slot, and then that an exchange may take. */
  readonly timeoutMs: number;
  /** Concurrent calls. */
  readonly maxConcurrency: number;
  /** Waiting calls. */
  readonly maxWaiting: number;
  /** Maximum bytes of a large response body, such as a whole portfolio; other responses an eighth of it. */
  readonly maxResponseBytes: number;
}

/** Addresses and credentials. Calls to a missing system fail as not configured. */
export interface UpstreamSettings extends UpstreamLimits {
  readonly scollect?: ({ readonly url: string } & ScollectCredentials) | undefined;
  readonly recoveryConnect?: ({ readonly url: string } & RecoveryConnectCredentials) | undefined;
}

export type Upstreams = Readonly<Record<UpstreamSystem, UpstreamClient>>;

/** Creates the cache of the reads of one system; `undefined` without one. */
export type CacheFor = (client: Omit<CacheClient, 'tenant'>) => ReadCache | undefined;

/**
 * Creates the clients of both systems.
 *
 * @param kept the cache of lists, which clients may share: each sees its own lists only.
 * @param cacheFor creates the caches of other reads; by default none.
 */
export const createUpstreams = (
  settings: UpstreamSettings,
  observer: UpstreamObserver = {},
  kept: RowCache = createRowCache(),
  cacheFor: CacheFor = () => undefined,
): Upstreams => {
  const {
    scollect,
    recoveryConnect,
    timeoutMs,
    maxConcurrency,
    maxWaiting,
    maxResponseBytes: maxAnswerBytes,
  } = settings;
  const senderTo = (system: UpstreamSystem, url: string, judge: Judge): Sender =>
    createSender({
      system,
      // One connection more than concurrent calls: a log-in must not wait for the calls that wait for it.
      http: createHttp({ url, timeoutMs, maxResponseBytes: maxAnswerBytes, connections: maxConcurrency + 1 }),
      judge,
      maxConcurrency,
      maxWaiting,
      maxWaitMs: timeoutMs,
      observer,
      examiner,
    });
  const cacheOf = (system: UpstreamSystem, { url, ...own }: { readonly url: string }) =>
    cacheFor({ system, url, credentials: own });
  return {
    SCOLLECT: scollect
      ? createScollect(
          senderTo('SCOLLECT', scollect.url, judgeScollect),
          scollect,
          kept,
          cacheOf('SCOLLECT', scollect),
        )
      : notConfigured,
    RECOVERY_CONNECT: recoveryConnect
      ? createRecoveryConnect(
          senderTo('RECOVERY_CONNECT', recoveryConnect.url, judgeRecoveryConnect),
          recoveryConnect,
          cacheOf('RECOVERY_CONNECT', recoveryConnect),
        )
      : notConfigured,
  };
};

export const closeUpstreams = async (upstreams: Upstreams): Promise<void> => {
  await Promise.all(Object.values(upstreams).map((client) => client.close()));
};
