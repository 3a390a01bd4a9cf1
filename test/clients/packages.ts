import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.ts';

/** The project of the clients: a front-end as `docs/clients.md` describes it. */
export const clientsFolder = join(root, 'test/clients');

const command = 'npm ci --prefix test/clients';

/** Whether the packages of the clients are there. */
export const hasPackages = existsSync(join(clientsFolder, 'node_modules/relay-runtime'));

/**
 * Whether the clients can be tested. Otherwise stderr names what is skipped.
 *
 * @throws {Error} without their packages in CI, where no test may be skipped.
 */
export const canRunClients = (skipped: string): boolean => {
  if (!hasPackages && process.env['CI']) throw new Error(`CI needs the packages of the clients: ${command}.`);
  if (!hasPackages) process.stderr.write(`Skipped: ${skipped}, for want of their packages: ${command}.\n`);
  return hasPackages;
};
