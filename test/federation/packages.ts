import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.ts';

const folder = join(root, 'test/federation');
const command = 'npm ci --prefix test/federation';
const hasPackages = existsSync(join(folder, 'node_modules/@apollo/gateway'));

/**
 * Whether routers can be run. Otherwise stderr names what is skipped.
 *
 * @throws {Error} without their packages in CI, where no test may be skipped.
 */
export const canRunRouters = (skipped: string): boolean => {
  if (!hasPackages && process.env['CI']) throw new Error(`CI needs the packages of routers: ${command}.`);
  if (!hasPackages) process.stderr.write(`Skipped: ${skipped}, for want of their packages: ${command}.\n`);
  return hasPackages;
};
