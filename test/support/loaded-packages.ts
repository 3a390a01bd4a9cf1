import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

interface Coverage {
  readonly result: readonly { readonly url: string }[];
}

/**
 * Returns the packages in the files that processes loaded, as V8 reports them at their ends, if `NODE_V8_COVERAGE` names
 * the folder.
 *
 * @param pid the process; by default all that wrote to the folder.
 */
export const packagesIn = (coverage: string, pid?: number): string[] => {
  const reports = readdirSync(coverage).filter(
    (name) => pid === undefined || name.startsWith(`coverage-${pid}-`),
  );
  const urls = reports.flatMap((file) =>
    (JSON.parse(readFileSync(join(coverage, file), 'utf8')) as Coverage).result.map(({ url }) => url),
  );
  const files = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  expect(files.map((file) => basename(file))).toContain('main.js');
  const sources = files
    .map((file) => `${file}.map`)
    .filter((map) => existsSync(map))
    .flatMap((map) => (JSON.parse(readFileSync(map, 'utf8')) as { readonly sources: string[] }).sources);
  const names = [...files, ...sources].map(
    (file) => /.*\/node_modules\/((?:@[\w-]+\/)?[\w.-]+)\//.exec(file)?.[1],
  );
  return [...new Set(names)].filter((name) => name !== undefined);
};
