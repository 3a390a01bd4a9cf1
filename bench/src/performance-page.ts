import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

const heading = '## Results\n';

/** Puts results into `docs/performance.md`, in place of all that stands under its last heading. */
export const writeResults = (markdown: string): void => {
  const file = join(root, 'docs/performance.md');
  const page = readFileSync(file, 'utf8');
  const start = page.indexOf(heading);
  if (start < 0) throw new Error(`docs/performance.md: expected a heading “${heading.trim()}”.`);
  writeFileSync(file, `${page.slice(0, start)}${heading}\n${markdown}\n`);
};
