import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/**
 * Returns the path of a program of the system. Without it, stderr names what is skipped.
 *
 * @throws {Error} without it in CI, where no test may be skipped.
 */
export const programAt = (name: string, skipped: string): string | undefined => {
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined && process.env['CI']) throw new Error(`There is no ${name}, which CI needs.`);
  if (found === undefined) process.stderr.write(`Skipped: ${skipped}, for want of ${name}.\n`);
  return found;
};
