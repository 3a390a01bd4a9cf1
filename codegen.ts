import { readFileSync } from 'node:fs';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';
import { cacheModules } from './src/docs/client-caches.ts';

const modules = cacheModules(readFileSync('schema.graphql', 'utf8'));

const types = {
  useTypeImports: true,
  strictScalars: true,
  scalars: {
    // It only goes out.
    BirthDate: { input: 'never', output: 'string' },
    // They only go in.
    CardNumber: { input: 'string', output: 'never' },
    Date: 'string',
    DateTime: 'string',
    Decimal: { input: 'string | number', output: 'string' },
    LocalDateTime: 'string',
    LocalTime: 'string',
    PhoneNumber: 'string',
    SSN: 'string',
    SecurityCode: { input: 'string', output: 'never' },
  },
};

/**
 * Types for clients: of the queries that GraphiQL opens with, and of the example application. Each has its
 * `persisted-documents.json` for the setting PERSISTED_DOCUMENTS.
 */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'generated/': {
      documents: ['src/http/graphiql/ready-queries.ts'],
      preset: 'client',
      // Hashes next to the types. Each document selects `__typename`, by which caches store objects.
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: types,
      documentTransforms: [addTypenameSelectionDocumentTransform],
    },
    // The members of unions and interfaces, for caches.
    'generated/possible-types.ts': {
      plugins: [{ add: { content: modules['possible-types.ts'] } }],
    },
    'examples/agent-desk/generated/': {
      documents: ['examples/agent-desk/src/**/*.graphql'],
      preset: 'client',
      // Hashes instead of documents: the gateway executes only those of the manifest.
      presetConfig: {
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'replaceDocumentWithHash' },
        fragmentMasking: false,
      },
      config: { ...types, documentMode: 'string' },
      documentTransforms: [addTypenameSelectionDocumentTransform],
    },
  },
};

export default config;
