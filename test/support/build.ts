import { execFileSync } from 'node:child_process';
import { root } from './root.ts';

/** Records that `dist/` is built: several suites of one run need it. */
const built = 'RECOLLECT_DIST_IS_BUILT';

/** Builds `dist/` once, before the first suite that starts programs of it. */
export const setup = (): void => {
  if (process.env[built] === 'yes') return;
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.env[built] = 'yes';
};
