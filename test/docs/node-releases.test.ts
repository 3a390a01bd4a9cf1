import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeRelease } from '../../src/config/node-releases.ts';
import { root } from '../support/root.ts';

it('docs/deploying.md states until when releases of Node get security fixes', () => {
  const page = readFileSync(join(root, 'docs/deploying.md'), 'utf8');
  const section = /^## Node$(.*?)^## /ms.exec(page)?.[1] ?? '';
  const rows = [...section.matchAll(/^\| (\d+).*? \| (\S+) \|/gm)].map(([, major, end]) => [major, end]);
  expect(rows.map(([major]) => major)).toEqual(['26', '24', '22', '20']);
  for (const [major = '', end] of rows) expect(nodeRelease(major, new Date()).end).toBe(end);
});
