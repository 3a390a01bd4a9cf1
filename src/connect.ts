import { existsSync } from 'node:fs';
import { readCredentials } from './credentials.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import type { UpstreamObserver } from './upstreams/sender.ts';
import { createTenantUpstreams, type TenantCredentials, type TenantUpstreams } from './upstreams/tenants.ts';

export interface Connection {
  readonly settings: Settings;
  /** Of each tenant; of `null` where there are none. */
  readonly credentials: ReadonlyMap<string | null, TenantCredentials>;
  readonly tenants: TenantUpstreams;
  /** Lets calls under way finish, closes all connections and stops the sandbox. */
  release(): Promise<void>;
}

const startOwnSandbox = async (): Promise<Sandbox> => {
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  return startSandbox();
};

const loadEnvironmentFile = (): void => {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch {
    throw new SettingsError(['.env: expected a file of lines such as PORT=4000 that can be read.']);
  }
};

/** What each tenant's calls are made with; where there are no tenants, those of everybody. */
const credentialsOf = (
  { credentialsFile, upstreams }: Settings,
  sandbox: Sandbox | undefined,
): ReadonlyMap<string | null, TenantCredentials> =>
  credentialsFile === undefined ? new Map([[null, sandbox ?? upstreams]]) : readCredentials(credentialsFile);

/**
 * Reads the settings from the environment and `.env`, and connects to the upstreams that they name, or to a
 * sandbox of its own where they name none.
 *
 * @param observerFor makes what hears what happens between the gateway and the upstreams of a tenant.
 * @throws {SettingsError} before anything is started.
 */
export const connect = async (
  observerFor: (settings: Settings, tenant: string | null) => UpstreamObserver = () => ({}),
): Promise<Connection> => {
  loadEnvironmentFile();
  const settings = readSettings(process.env);
  const sandbox = settings.usesSandbox ? await startOwnSandbox() : undefined;
  const credentials = credentialsOf(settings, sandbox);
  const tenants = createTenantUpstreams(credentials, settings.upstreams, (tenant) =>
    observerFor(settings, tenant),
  );
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
