import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { run } from './support/process.ts';
import { root } from './support/root.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

const documents = `
query Overview($fileNumber: String!) {
  account(fileNumber: $fileNumber) { ...Head phones { id number } }
}
fragment Head on Account { id status currentBalance }
mutation Note($input: AddNoteInput!) {
  addNote(input: $input) { ... on AddNoteSuccess { note { body } } ... on MutationError { code message } }
}
`;

// Its types are those of its documents: tsc rejects it if one is not.
const program = `
import { NoteDocument, OverviewDocument, type NoteMutationVariables } from './generated/graphql.ts';

export const variables: NoteMutationVariables = {
  input: { fileNumber: 'R1000', collectorName: 'mall', body: 'Will call.' },
};
export const documents = [OverviewDocument, NoteDocument];
`;

/** Creates a front-end that has only the schema of the gateway, and follows docs/clients.md. */
const createProject = (): string => {
  const folder = temporaryFolder();
  copyFileSync(join(root, 'schema.graphql'), join(folder, 'schema.graphql'));
  copyFileSync(join(root, 'test/clients/codegen.ts'), join(folder, 'codegen.ts'));
  // The packages that it installs.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/documents.graphql'), documents);
  writeFileSync(join(folder, 'program.ts'), program);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return folder;
};

const inProject = (folder: string, tool: string, ...words: string[]): string =>
  execFileSync(process.execPath, [join(root, 'node_modules', tool), ...words], {
    cwd: folder,
    encoding: 'utf8',
  });

const reply = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })).optional(),
});

it('a project with a copy of schema.graphql generates types and a manifest, which a gateway executes', async () => {
  const folder = createProject();
  inProject(folder, '@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.ts', '--silent');
  const compiler = ['--strict', '--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const others = ['--target', 'es2022', '--skipLibCheck', '--allowImportingTsExtensions', '--types', 'node'];
  expect(inProject(folder, 'typescript/bin/tsc', ...compiler, ...others, 'program.ts')).toBe('');

  const file = join(folder, 'generated/persisted-documents.json');
  const manifest = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
  const hashOf = (name: string): string =>
    Object.entries(manifest).find(([, text]) => text.includes(`${name}(`))?.[0] ?? '';

  const gateway = run('main.js', {
    PORT: '0',
    STORE_URL: `file:${join(folder, 'gateway.db')}`,
    PERSISTED_DOCUMENTS: file,
    PERSISTED_DOCUMENTS_ONLY: 'true',
  });
  const url = await gateway.line(/^Recollect is ready at (\S+)$/m);
  const send = async (body: object) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, ...reply.parse(await response.json()) };
  };

  expect(
    await send({ documentId: hashOf('query Overview'), variables: { fileNumber: 'R1001' } }),
  ).toMatchObject({
    status: 200,
    data: {
      __typename: 'Query',
      account: { __typename: 'Account', phones: [{ __typename: 'Phone' }, {}, {}] },
    },
  });
  const input = { fileNumber: 'R1000', collectorName: 'mall', body: 'Will call.' };
  expect(await send({ documentId: hashOf('mutation Note'), variables: { input } })).toMatchObject({
    data: { addNote: { __typename: 'AddNoteSuccess', note: { body: 'Will call.' } } },
  });
  expect(await send({ query: '{ portfolios { name } }' })).toMatchObject({
    status: 400,
    errors: [{ extensions: { code: 'PERSISTED_DOCUMENT_REQUIRED' } }],
  });
});
