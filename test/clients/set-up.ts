import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheModules } from '../../src/docs/client-caches.ts';
import { root } from '../support/root.ts';
import { clientsFolder, hasPackages } from './packages.ts';

/**
 * Prepares the project of the clients as `docs/clients.md` says: it gets the schema and the modules that the page
 * contains, and the commands of the page run in it.
 */
export const setup = (): void => {
  if (!hasPackages) return;
  const text = readFileSync(join(root, 'schema.graphql'), 'utf8');
  const generated = join(clientsFolder, 'generated');
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated);
  writeFileSync(join(clientsFolder, 'schema.graphql'), text);
  for (const [file, module] of Object.entries(cacheModules(text))) {
    writeFileSync(join(generated, file), module);
  }
  for (const script of readdirSync(join(clientsFolder, 'scripts'))) {
    execFileSync('sh', ['-e', join('scripts', script)], {
      cwd: clientsFolder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }
};
