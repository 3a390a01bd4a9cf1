import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.ts';

const heading = '## Results\n';
const startOfSection = /^### Node (\d+)\n/m;

/** Returns the page with the results of one major version of Node, whose section they replace; others stay. */
export const withResults = (page: string, major: number, markdown: string): string => {
  const start = page.indexOf(heading);
  if (start < 0) throw new Error(`docs/performance.md: expected a heading “${heading.trim()}”.`);
  // Split by a pattern with a group: a text, and then the version and the content of each section.
  const [before = '', ...parts] = page.slice(start + heading.length).split(startOfSection);
  const sections = new Map<number, string>();
  for (let index = 0; index < parts.length; index += 2) {
    sections.set(Number(parts[index]), (parts[index + 1] ?? '').trim());
  }
  sections.set(major, markdown);
  const written = [...sections]
    .sort(([one], [other]) => one - other)
    .map(([version, content]) => `### Node ${version}\n\n${content}\n`);
  const introduction = before.trim() === '' ? [] : [`${before.trim()}\n`];
  return `${page.slice(0, start)}${[heading, ...introduction, ...written].join('\n')}`;
};

/** Puts results into `docs/performance.md`. */
export const writeResults = (major: number, markdown: string): void => {
  const file = join(root, 'docs/performance.md');
  writeFileSync(file, withResults(readFileSync(file, 'utf8'), major, markdown));
};
