import type { CacheClient, ReadCache } from './cache/read-cache.ts';
import { addressOfUpstream } from './cache/scopes.ts';
import { notConfigured, type UpstreamClient } from './client/client.ts';
import { createHttp } from './client/http.ts';
import { createSender, type Sender } from './client/sender.ts';
import { createSharedSlots } from './client/shared-slots.ts';
import type { Sharing, UpstreamSharing } from './client/sharing.ts';
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

/** What the clients of one tenant share with other processes. */
export interface TenantSharing extends Sharing, Pick<UpstreamSharing, 'onStart'> {
  readonly tenant: string | null;
}

/** What goes beyond one process; by default nothing. */
export interface UpstreamsOptions {
  readonly cacheFor?: CacheFor;
  readonly sharing?: TenantSharing | undefined;
}

/**
 * Creates the clients of both systems.
 *
 * @param kept the cache of lists, which clients may share: each sees its own lists only.
 * @param options the caches of other reads, and what is shared with other processes.
 */
export const createUpstreams = (
  settings: UpstreamSettings,
  observer: UpstreamObserver = {},
  kept: RowCache = createRowCache(),
  { cacheFor = () => undefined, sharing }: UpstreamsOptions = {},
): Upstreams => {
  const {
    scollect,
    recoveryConnect,
    timeoutMs,
    maxConcurrency,
    maxWaiting,
    maxResponseBytes: maxAnswerBytes,
  } = settings;
  const sharingOf = (system: UpstreamSystem, url: string): UpstreamSharing | undefined =>
    sharing && {
      ...sharing,
      upstream: { system, tenant: sharing.tenant, url },
    };
  const senderTo = (
    system: UpstreamSystem,
    url: string,
    judge: Judge,
    shared: UpstreamSharing | undefined,
  ): Sender =>
    createSender({
      system,
      // One connection more than concurrent calls: a log-in must not wait for the calls that wait for it.
      http: createHttp({ url, timeoutMs, maxResponseBytes: maxAnswerBytes, connections: maxConcurrency + 1 }),
      judge,
      maxConcurrency,
      sharedSlots: shared && createSharedSlots({ sharing: shared, limit: maxConcurrency }),
      maxWaiting,
      maxWaitMs: timeoutMs,
      observer,
      examiner,
    });
  const cacheOf = (system: UpstreamSystem, { url, ...own }: { readonly url: string }) =>
    cacheFor({ system, url, credentials: own });
  const scollectClient = (): UpstreamClient => {
    if (!scollect) return notConfigured;
    const shared = sharingOf('SCOLLECT', scollect.url);
    const sender = senderTo('SCOLLECT', scollect.url, judgeScollect, shared);
    const cache = cacheOf('SCOLLECT', scollect);
    const client = createScollect(sender, scollect, kept, { cache, sharing: shared });
    return { ...client, address: addressOfUpstream(scollect.url) };
  };
  const recoveryConnectClient = (): UpstreamClient => {
    if (!recoveryConnect) return notConfigured;
    const shared = sharingOf('RECOVERY_CONNECT', recoveryConnect.url);
    const sender = senderTo('RECOVERY_CONNECT', recoveryConnect.url, judgeRecoveryConnect, shared);
    const cache = cacheOf('RECOVERY_CONNECT', recoveryConnect);
    const client = createRecoveryConnect(sender, recoveryConnect, { cache, sharing: shared });
    return { ...client, address: addressOfUpstream(recoveryConnect.url) };
  };
  return { SCOLLECT: scollectClient(), RECOVERY_CONNECT: recoveryConnectClient() };
};

export const closeUpstreams = async (upstreams: Upstreams): Promise<void> => {
  await Promise.all(Object.values(upstreams).map((client) => client.close()));
};
