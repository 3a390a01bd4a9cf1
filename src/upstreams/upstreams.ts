import type { UpstreamSystem } from '../errors.ts';
import { notConfigured, type UpstreamClient } from './client.ts';
import { createHttp } from './http.ts';
import { createRecoveryConnect, type RecoveryConnectCredentials } from './recoveryconnect/client.ts';
import { createScollect, type ScollectCredentials } from './scollect/client.ts';

/** Addresses and credentials; a system that is left out answers that it is not configured. */
export interface UpstreamSettings {
  readonly scollect?: ({ readonly url: string } & ScollectCredentials) | undefined;
  readonly recoveryConnect?: ({ readonly url: string } & RecoveryConnectCredentials) | undefined;
  /** Milliseconds a call may take. */
  readonly timeoutMs: number;
  /** Calls under way at one moment, for each system. */
  readonly maxConcurrency: number;
}

export type Upstreams = Readonly<Record<UpstreamSystem, UpstreamClient>>;

export const createUpstreams = (settings: UpstreamSettings): Upstreams => {
  const { scollect, recoveryConnect } = settings;
  const httpTo = (url: string) => createHttp({ ...settings, url });
  return {
    SCOLLECT: scollect ? createScollect(httpTo(scollect.url), scollect) : notConfigured,
    RECOVERY_CONNECT: recoveryConnect
      ? createRecoveryConnect(httpTo(recoveryConnect.url), recoveryConnect)
      : notConfigured,
  };
};

export const closeUpstreams = async (upstreams: Upstreams): Promise<void> => {
  await Promise.all(Object.values(upstreams).map((client) => client.close()));
};
