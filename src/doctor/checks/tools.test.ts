import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resultsOf } from '../../../test/support/check.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { readSettings } from '../../config/settings.ts';
import { toolsCheck } from './tools.ts';

const query = 'query Names { portfolios { name } }';
const write =
  'mutation Note($input: AddNoteInput!) { addNote(input: $input) { ... on MutationError { message } } }';

const examine = async (tools: unknown, env: Record<string, string> = { MCP: 'true' }) => {
  const folder = temporaryFolder();
  const [documents, file] = [join(folder, 'documents.json'), join(folder, 'tools.json')];
  writeFileSync(documents, JSON.stringify({ a: query, b: write }));
  if (tools !== undefined) writeFileSync(file, JSON.stringify(tools));
  const settings = readSettings({ PERSISTED_DOCUMENTS: documents, MCP_TOOLS: file, ...env });
  const results = await resultsOf(toolsCheck, { settings });
  return results.map(({ id, status, message }) => [id, status, message]);
};

it.each<readonly [string, unknown, readonly (readonly [string, string, string])[]]>([
  [
    'counts tools and those that write',
    { Names: {}, Note: { write: true } },
    [['tools', 'ok', 'Tools: 2, of which 1 write.']],
  ],
  [
    'notes tools that return personal data',
    { Names: { personalData: true } },
    [
      ['tools', 'ok', 'Tools: 1, of which 0 write.'],
      [
        'tools.personal-data',
        'note',
        'Tools that return personal data unmasked to callers with pii:read: 1 of 1.',
      ],
    ],
  ],
  [
    'reports each tool that stops the start',
    { Names: { write: true }, Nothing: {} },
    [
      ['tools', 'trouble', 'Names: is a query: expected no "write".'],
      [
        'tools',
        'trouble',
        'Nothing: expected an operation of this name in a document of PERSISTED_DOCUMENTS.',
      ],
    ],
  ],
  [
    'reports a file that is none',
    [],
    [['tools', 'trouble', expect.stringContaining('expected a JSON object')]],
  ],
  [
    'reports a file that cannot be read',
    undefined,
    [['tools', 'trouble', 'expected a file that can be read; the system says ENOENT.']],
  ],
])('the check of tools %s', async (_, tools, expected) => {
  expect(await examine(tools)).toEqual(expected);
});

it('the check of tools is skipped without MCP', async () => {
  expect(await examine({}, {})).toEqual([['tools', 'skipped', 'MCP is not true.']]);
});
