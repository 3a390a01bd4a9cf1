import { existsSync } from 'node:fs';
import type { Sandbox } from './sandbox/sandbox.ts';
import { readSettings, type Settings, SettingsError } from './settings.ts';
import type { UpstreamObserver } from './upstreams/sender.ts';
import { closeUpstreams, createUpstreams, type Upstreams } from './upstreams/upstreams.ts';

export interface Connection {
  readonly settings: Settings;
  readonly upstreams: Upstreams;
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

/**
 * Reads the settings from the environment and `.env`, and connects to the upstreams that they name, or to a
 * sandbox of its own where they name none.
 *
 * @param observerFor makes what hears what happens between the gateway and them.
 * @throws {SettingsError} before anything is started.
 */
export const connect = async (
  observerFor: (settings: Settings) => UpstreamObserver = () => ({}),
): Promise<Connection> => {
  loadEnvironmentFile();
  const settings = readSettings(process.env);
  const sandbox = settings.usesSandbox ? await startOwnSandbox() : undefined;
  const upstreams = createUpstreams({ ...settings.upstreams, ...sandbox }, observerFor(settings));
  return {
    settings,
    upstreams,
    release: async () => {
      await closeUpstreams(upstreams);
      await sandbox?.close();
    },
  };
};
