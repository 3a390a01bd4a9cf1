import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types for clients: of the queries that GraphiQL opens with, until a front-end names its own. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['src/http/graphiql/ready-queries.ts'],
  generates: {
    'generated/': {
      preset: 'client',
      // Hashes beside the types, and `persisted-documents.json` for the setting PERSISTED_DOCUMENTS.
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      config: {
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
      },
    },
  },
};

export default config;
