import { readFileSync } from 'node:fs';
import { defineConfig } from '@graphql-mesh/compose-cli';
import { loadJSONSchemaSubgraph } from '@omnigraph/json-schema';

const fixtures = new URL('../../../src/sandbox/fixtures/scollect/', import.meta.url);

/** The documented answer, which the types are made from. */
const sampleOf = (operation) =>
  JSON.parse(readFileSync(new URL(`${operation}.json`, fixtures), 'utf8')).success;

const listOf = (operation, type) => ({
  type: 'Query',
  field: operation,
  method: 'GET',
  path: `/${operation}/{args.filenumber}`,
  argTypeMap: { filenumber: { type: 'string', nullable: false } },
  requiredArgs: ['filenumber'],
  responseSample: sampleOf(operation),
  responseTypeName: type,
});

/** A list of an account, by the account's file number: what the documentation of Mesh calls a link. */
const link = (field, operation, type) => `
  ${field}: ${type} @resolveTo(
    sourceName: "Scollect"
    sourceTypeName: "Query"
    sourceFieldName: "${operation}"
    requiredSelectionSet: "{ filenumber }"
    sourceArgs: { filenumber: "{root.filenumber}" }
  )`;

const lists = `${link('phones', 'getphones', 'PhoneAnswer')}${link('payments', 'getpayments', 'PaymentAnswer')}`;

export const composeConfig = defineConfig({
  subgraphs: [
    {
      sourceHandler: loadJSONSchemaSubgraph('Scollect', {
        endpoint: '{env.UPSTREAM}',
        operationHeaders: { authorization: 'Bearer {env.UPSTREAM_TOKEN}' },
        operations: [
          listOf('getaccount', 'AccountAnswer'),
          listOf('getphones', 'PhoneAnswer'),
          listOf('getpayments', 'PaymentAnswer'),
          {
            type: 'Query',
            field: 'searchbyphone',
            method: 'POST',
            path: '/searchbyphone',
            requestSample: { PhoneNumber: '716-628-9899' },
            requestTypeName: 'Search',
            responseSample: sampleOf('searchbyphone'),
            responseTypeName: 'SearchAnswer',
          },
        ],
      }),
    },
  ],
  additionalTypeDefs: `
    extend type query_getaccount_result_items {${lists}}
    extend type query_searchbyphone_result_success_items {${lists}}
  `,
});
