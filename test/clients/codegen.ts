import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['src/**/*.graphql'],
  generates: {
    'generated/': {
      preset: 'client',
      // Writes generated/persisted-documents.json for the setting PERSISTED_DOCUMENTS.
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      // Caches store objects by `__typename` and `id`.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        useTypeImports: true,
        strictScalars: true,
        scalars: {
          BirthDate: { input: 'never', output: 'string' },
          CardNumber: { input: 'string', output: 'never' },
          Date: 'string',
          DateTime: 'string',
          Decimal: { input: 'string | number', output: 'string' },
          LocalDateTime: 'string',
          LocalTime: 'string',
          PhoneNumber: 'string',
          SecurityCode: { input: 'string', output: 'never' },
          SSN: 'string',
        },
      },
    },
  },
};

export default config;
