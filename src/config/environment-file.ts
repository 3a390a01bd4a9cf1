import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { SettingsError } from './settings.ts';

const environmentFile = '.env';

const unreadable = (): SettingsError =>
  new SettingsError(['.env: expected a file of lines such as PORT=4000 that can be read.']);

/** Returns the environment with the variables of a file `.env`, and changes neither. */
export const readEnvironment = (): Readonly<Record<string, string | undefined>> => {
  if (!existsSync(environmentFile)) return process.env;
  try {
    return { ...parseEnv(readFileSync(environmentFile, 'utf8')), ...process.env };
  } catch {
    throw unreadable();
  }
};

/** Adds the variables of a file `.env` in the working directory to the environment. */
export const loadEnvironmentFile = (): void => {
  if (!existsSync(environmentFile)) return;
  try {
    process.loadEnvFile(environmentFile);
  } catch {
    throw unreadable();
  }
};
