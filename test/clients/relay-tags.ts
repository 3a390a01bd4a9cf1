import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'vitest/config';
import { clientsFolder, hasPackages } from './packages.ts';

interface Babel {
  transformSync(code: string, options: object): { readonly code?: string | null } | null;
}

/** Transforms a module in the project of the clients: the plugin of Relay reads its configuration from there. */
const transformInProject = (code: string, filename: string): string | undefined => {
  const require = createRequire(join(clientsFolder, 'package.json'));
  const cwd = process.cwd();
  process.chdir(clientsFolder);
  try {
    const { transformSync } = require('@babel/core') as Babel;
    const parserOpts = { plugins: ['typescript'] };
    return transformSync(code, { filename, cwd: clientsFolder, parserOpts })?.code ?? undefined;
  } finally {
    process.chdir(cwd);
  }
};

/** Replaces the `graphql` tags of Relay by what its compiler wrote, as a front-end's build does. */
export const relayTags = (): Plugin => {
  const folder = join(clientsFolder, 'src/relay/');
  return {
    name: 'relay-tags',
    enforce: 'pre',
    transform: (code, id) => {
      const transformed = hasPackages && id.startsWith(folder) ? transformInProject(code, id) : undefined;
      return transformed === undefined ? null : { code: transformed, map: null };
    },
  };
};
