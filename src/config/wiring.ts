import { existsSync } from 'node:fs';
import { isFileLedger } from '../ledger/open-ledger.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { UpstreamObserver } from '../upstreams/client/upstream-observer.ts';
import { createTenantUpstreams, type TenantCredentials, type TenantUpstreams } from '../upstreams/tenants.ts';
import { readCredentials } from './credentials.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';

export interface Wiring {
  readonly settings: Settings;
  /** By tenant; `null` without tenants. */
  readonly credentials: ReadonlyMap<string | null, TenantCredentials>;
  readonly tenants: TenantUpstreams;
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
  return [...ofTenants, ...ofTokens, ...settings.collectorSecrets, ledger.key, databasePassword].filter(
    (secret): secret is string => secret !== undefined && secret !== '',
  );
};

/**
 * Reads the settings from the environment and `.env`, and creates the clients of the upstreams. Without a configured
 * upstream it starts a sandbox.
 *
 * @param prepare receives the settings, and returns a function that creates the observer of a tenant.
 * @throws {SettingsError} before anything is started.
 */
export const wire = async (
  prepare: (
    read: Pick<Wiring, 'settings' | 'credentials'>,
  ) => (tenant: string | null) => UpstreamObserver = () => () => ({}),
): Promise<Wiring> => {
  loadEnvironmentFile();
  const settings = readSettings(process.env);
  const sandbox = settings.usesSandbox ? await startOwnSandbox() : undefined;
  const credentials = credentialsOf(settings, sandbox);
  const observerFor = prepare({ settings, credentials });
  const tenants = createTenantUpstreams(credentials, settings.upstreams, observerFor);
  return {
    settings,
    credentials,
    tenants,
    release: async () => {
      await tenants.close();
      await sandbox?.close();
    },
  };
};
