import { isFileLedger } from '../ledger/open-ledger.ts';
import type { OpenedShared } from '../redis/shared.ts';
import type { UpstreamObserver } from '../upstreams/client/upstream-observer.ts';
import { createTenantUpstreams, type TenantCredentials, type TenantUpstreams } from '../upstreams/tenants.ts';
import { readCredentials } from './credentials.ts';
import { loadEnvironmentFile } from './environment-file.ts';
import { type SharedSandbox, startOwnSandbox } from './own-sandbox.ts';
import { type CacheReports, openReadCaches } from './read-caches.ts';
import { readSettings, type Settings } from './settings.ts';
import { shareOfLimits, shareOfRowCache } from './share-of-limits.ts';

export interface Wiring {
  readonly settings: Settings;
  /** By tenant; `null` without tenants. */
  readonly credentials: ReadonlyMap<string | null, TenantCredentials>;
  readonly tenants: TenantUpstreams;
  /** What the processes of the gateway share; `null` without a Redis. */
  readonly shared: OpenedShared | null;
  /** Waits for the calls in flight, closes all connections and stops the sandbox. */
  release(): Promise<void>;
}

/** Returns the credentials by tenant; without tenants, those of all callers. */
const credentialsOf = (
  { credentialsFile, upstreams }: Settings,
  sandbox: SharedSandbox | undefined,
): ReadonlyMap<string | null, TenantCredentials> =>
  credentialsFile === undefined ? new Map([[null, sandbox ?? upstreams]]) : readCredentials(credentialsFile);

const passwordIn = (url: string | null): string[] => {
  const { password } = new URL(url ?? 'redis:');
  return password === '' ? [] : [decodeURIComponent(password)];
};

/** Returns the secrets that the log must not contain in any form. */
export const secretsOf = ({ settings, credentials }: Pick<Wiring, 'settings' | 'credentials'>): string[] => {
  const { authentication, ledger } = settings;
  const ofTenants = [...credentials.values()].flatMap(({ scollect, recoveryConnect }) => {
    const { apiKey, pin } = scollect ?? {};
    const { token, password }: { readonly token?: string; readonly password?: string } =
      recoveryConnect ?? {};
    return [apiKey, pin, token, password];
  });
  const databasePassword = isFileLedger(ledger) ? undefined : ledger.postgres.password;
  const ofTokens = authentication && 'secret' in authentication.keys ? [authentication.keys.secret] : [];
  const ofStores = [ledger.key, databasePassword, ...passwordIn(settings.redisUrl)];
  return [...ofTenants, ...ofTokens, ...settings.collectorSecrets, ...ofStores].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
};

/** Loads the client of Redis, which takes megabytes, only where it is used. */
const openRedis = async (url: string): Promise<OpenedShared> => {
  const { openShared } = await import('../redis/shared.ts');
  return openShared(url);
};

/** What the process reports, and what another one has started for it. */
export interface WireOptions {
  /** Receive what becomes of cached reads. */
  readonly reports?: CacheReports;
  readonly sharedSandbox?: SharedSandbox | undefined;
}

/**
 * Reads the settings from the environment and `.env`, and creates the clients of the upstreams. Without a configured
 * upstream it starts a sandbox, unless another process runs one for it.
 *
 * @param prepare receives the settings, and returns a function that creates the observer of a tenant.
 * @param options what the process reports, and what another one has started for it.
 * @throws {SettingsError} before anything is started.
 */
export const wire = async (
  prepare: (
    read: Pick<Wiring, 'settings' | 'credentials'>,
  ) => (tenant: string | null) => UpstreamObserver = () => () => ({}),
  { reports = {}, sharedSandbox }: WireOptions = {},
): Promise<Wiring> => {
  loadEnvironmentFile();
  const settings = readSettings(process.env);
  const ownSandbox = settings.usesSandbox && !sharedSandbox ? await startOwnSandbox() : undefined;
  const credentials = credentialsOf(
    settings,
    ownSandbox ?? (settings.usesSandbox ? sharedSandbox : undefined),
  );
  const observerFor = prepare({ settings, credentials });
  const { workers } = settings;
  const shared = settings.redisUrl === null ? null : await openRedis(settings.redisUrl);
  const caches = openReadCaches(settings, shared, reports);
  const sharing = shared && { ...shared, workers };
  const share = shareOfLimits(settings, workers).upstreams;
  // With Redis, the slots of all processes are counted together.
  const limits = shared ? { ...share, maxConcurrency: settings.upstreams.maxConcurrency } : share;
  const keptBytes = shareOfRowCache(workers);
  const tenants = createTenantUpstreams(credentials, limits, observerFor, { caches, sharing, keptBytes });
  return {
    settings,
    credentials,
    tenants,
    shared,
    release: async () => {
      await tenants.close();
      await shared?.redis.close();
      await ownSandbox?.close();
    },
  };
};
