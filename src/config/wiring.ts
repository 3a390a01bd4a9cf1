import { existsSync } from 'node:fs';
import { type OpenedShared, openShared } from '../redis/shared.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { UpstreamObserver } from '../upstreams/client/upstream-observer.ts';
import { createTenantUpstreams, type TenantCredentials, type TenantUpstreams } from '../upstreams/tenants.ts';
import { readCredentials } from './credentials.ts';
import { type CacheReports, openReadCaches } from './read-caches.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

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

const startOwnSandbox = async (): Promise<Sandbox> => {
  const { startSandbox } = await import('../sandbox/sandbox.ts');
  return startSandbox();
};

/** Adds the variables of a file `.env` in the working directory to the environment. */
export const loadEnvironmentFile = (): void => {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch {
    throw new SettingsError(['.env: expected a file of lines such as PORT=4000 that can be read.']);
  }
};

/** Returns the credentials by tenant; without tenants, those of all callers. */
const credentialsOf = (
  { credentialsFile, upstreams }: Settings,
  sandbox: Sandbox | undefined,
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
  const ofTokens = authentication && 'secret' in authentication.keys ? [authentication.keys.secret] : [];
  const ofStores = [ledger.key, ...passwordIn(settings.redisUrl)];
  return [...ofTenants, ...ofTokens, ...settings.collectorSecrets, ...ofStores].filter(
    (secret) => secret !== undefined,
  );
};

/**
 * Reads the settings from the environment and `.env`, and creates the clients of the upstreams. Without a configured
 * upstream it starts a sandbox.
 *
 * @param prepare receives the settings, and returns a function that creates the observer of a tenant.
 * @param reports receive what becomes of cached reads.
 * @throws {SettingsError} before anything is started.
 */
export const wire = async (
  prepare: (
    read: Pick<Wiring, 'settings' | 'credentials'>,
  ) => (tenant: string | null) => UpstreamObserver = () => () => ({}),
  reports: CacheReports = {},
): Promise<Wiring> => {
  loadEnvironmentFile();
  const settings = readSettings(process.env);
  const sandbox = settings.usesSandbox ? await startOwnSandbox() : undefined;
  const credentials = credentialsOf(settings, sandbox);
  const observerFor = prepare({ settings, credentials });
  const shared = settings.redisUrl === null ? null : openShared(settings.redisUrl);
  const caches = openReadCaches(settings, shared, reports);
  const sharing = shared && { ...shared, workers: 1 };
  const tenants = createTenantUpstreams(credentials, settings.upstreams, observerFor, { caches, sharing });
  return {
    settings,
    credentials,
    tenants,
    shared,
    release: async () => {
      await tenants.close();
      await shared?.redis.close();
      await sandbox?.close();
    },
  };
};
