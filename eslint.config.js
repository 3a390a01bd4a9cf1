import graphql from '@graphql-eslint/eslint-plugin';

const recommended = graphql.configs['flat/schema-recommended'].rules;
const relay = graphql.configs['flat/schema-relay'].rules;

/**
 * ESLint stands beside Biome for schema.graphql alone: Biome has no rules for what a schema promises, and the
 * code is not ESLint's, as typescript-eslint refuses TypeScript 7.
 */
export default [
  {
    files: ['schema.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: './schema.graphql' } },
    },
    rules: {
      ...recommended,
      ...relay,

      // Off: names such as Order.orderId and Payment.paymentDate are the terms that clients know.
      '@graphql-eslint/no-typename-prefix': 'off',
      // Off: fees, edges or results have no id of their own; the interface Node demands it of those that do.
      '@graphql-eslint/strict-id-in-types': 'off',

      // Recommended for types and root fields; here for everything.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
      // As recommended, and inputs tell that they are; root fields have no verb that says nothing.
      '@graphql-eslint/naming-convention': [
        'error',
        {
          ...recommended['@graphql-eslint/naming-convention'][1],
          InputObjectTypeDefinition: { style: 'PascalCase', requiredPattern: /(Input|Filter)$/ },
          'FieldDefinition[parent.name.value=Query]': {
            forbiddenPatterns: [/^(query|get|list|find|fetch)(?![a-z])/, /Query$/],
          },
        },
      ],
      // Short lists are plain lists, and the node of an edge need not be a Node.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false },
      ],
      // Forward alone will do, where the upstream pages forward only.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],

      // Not in the presets. A mutation is createOrder(input: CreateOrderInput!) and gives a type, not a scalar.
      '@graphql-eslint/input-name': ['error', { checkInputType: true, caseSensitiveInputType: false }],
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
    },
  },
];
