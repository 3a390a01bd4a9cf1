import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import fc from 'fast-check';
import { getVariableValues, type OperationDefinitionNode, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { faultsOfInput } from '../../src/http/mcp/input-check.ts';
import type { JsonSchema } from '../../src/http/mcp/json-schema.ts';
import { makeTool, type Tool } from '../../src/http/mcp/tool.ts';
import { schema } from '../../src/schema/schema.ts';
import { misfitInput } from '../support/arbitrary-input.ts';
import { eachOperation, writtenQueries } from '../support/documents.ts';
import { startGateway } from '../support/gateway.ts';
import { filled, mutations, waysToFill } from '../support/input-types.ts';
import { canary, canaryNumber, validValue } from '../support/leaf-values.ts';

const ajv = new AjvJsonSchemaValidator();

const toolOf = (name: string, text: string, entry = {}): Tool => {
  const made = makeTool(name, { id: 'id', text }, entry);
  if ('fault' in made) throw new Error(made.fault);
  return made.tool;
};

/** Gives the one operation of a document a name. */
const named = (text: string): string => {
  const document = parse(text);
  const definitions = document.definitions.map((one) =>
    one.kind === 'OperationDefinition' ? { ...one, name: { kind: 'Name', value: 'Tool' } } : one,
  );
  return print({ ...document, definitions } as typeof document);
};

/** Introspection, which needs types of their own, and an alias that the validator of the SDK ignores. */
const without = /__(?:schema|type|proto__)\b/;

/** Every query of the documents and tests that is valid, and alone in its document. */
const queries = writtenQueries().filter((text) => {
  const document = parse(text);
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
  return operations.length === 1 && !without.test(text) && validate(schema, document).length === 0;
});

/** All schemas within a schema. */
const within = (one: JsonSchema): JsonSchema[] => [
  one,
  ...[one.items, ...Object.values(one.properties ?? {}), ...(one.oneOf ?? []), ...(one.anyOf ?? [])].flatMap(
    (inner) => (inner ? within(inner) : []),
  ),
];

describe('the schemas of tools', () => {
  it('are those of results: every query of the documents and tests', async () => {
    expect(queries.length).toBeGreaterThan(100);
    const { query } = await startGateway();
    for (const text of queries) {
      const document = named(text);
      const { definition } = toolOf('Tool', document);
      expect(within(definition.outputSchema).filter(({ type }) => type === undefined)).toEqual([]);
      const [{ variables } = { variables: {} }] = eachOperation(document);
      const { data } = await query(document, variables);
      if (data === undefined) continue;
      const { valid, errorMessage } = ajv.getValidator(definition.outputSchema as object)({ data });
      expect([text, valid, errorMessage]).toEqual([text, true, undefined]);
    }
  }, 120_000);

  it('distinguish members of unions by their names, and hold for one of them only', () => {
    const text = `query Tool { node(id: "x") { __typename ... on Account { fileNumber } ... on Order { orderId } } }`;
    const { definition } = toolOf('Tool', text);
    const validator = ajv.getValidator(definition.outputSchema as object);
    const isValid = (node: unknown): boolean => validator({ data: { node } }).valid;
    expect(isValid({ __typename: 'Account', fileNumber: 'R1' })).toBe(true);
    expect(isValid({ __typename: 'Phone' })).toBe(true);
    expect(isValid(null)).toBe(true);
    expect(isValid({ __typename: 'Order', fileNumber: 'R1' })).toBe(false);
    expect(isValid({ __typename: 'Account' })).toBe(false);
    expect(isValid({ fileNumber: 'R1' })).toBe(false);
  });

  it('require no field that a condition may leave out', () => {
    const text = `query Tool($with: Boolean!) { account(fileNumber: "R1") { fileNumber client @include(if: $with)
      ... @skip(if: $with) { status } ... on Account { currentBalance } } }`;
    const { properties } = toolOf('Tool', text).definition.outputSchema;
    const account = properties['data']?.properties?.['account'];
    expect(Object.keys(account?.properties ?? {})).toEqual([
      'fileNumber',
      'client',
      'status',
      'currentBalance',
    ]);
    expect(account?.required).toEqual(['fileNumber', 'currentBalance']);
  });

  it('describe variables by the arguments and fields in which they are used', () => {
    const text = `mutation Tool($body: String!, $number: String!) {
      addNote(input: { fileNumber: $number, collectorName: "c", body: $body }) { __typename } }`;
    const { properties } = toolOf('Tool', text, { write: true }).definition.inputSchema;
    expect(properties['body']?.description).toBe(descriptionOf('AddNoteInput', 'body'));
    expect(properties['number']?.description).toBe(descriptionOf('AddNoteInput', 'fileNumber'));
  });
});

const descriptionOf = (type: string, field: string): string | undefined => {
  const input = schema.getType(type);
  const fields = input && 'getFields' in input ? input.getFields() : {};
  return (fields as Record<string, { description?: string }>)[field]?.description;
};

describe.each(mutations)('the arguments of $field', ({ field, type, document }) => {
  const text = document.replace('mutation (', 'mutation Tool(');
  const { definition } = toolOf('Tool', text, { write: true });
  const { inputSchema } = definition;
  const [operation] = parse(text).definitions as readonly OperationDefinitionNode[];

  it('have a type everywhere, and are those of the mutation', () => {
    expect(within(inputSchema).filter((one) => one.type === undefined)).toEqual([]);
    for (const leftOut of waysToFill(type)) {
      const input = filled(type, validValue, leftOut);
      expect(faultsOfInput({ input }, inputSchema)).toEqual([]);
      const { valid, errorMessage } = ajv.getValidator(inputSchema as object)({ input });
      expect([valid, errorMessage]).toEqual([true, undefined]);
    }
  });

  it('are compared as by JSON Schema, and never admit what GraphQL rejects', () => {
    const validator = ajv.getValidator(inputSchema as object);
    fc.assert(
      fc.property(misfitInput(type), (input) => {
        // As it arrives.
        const given: unknown = JSON.parse(JSON.stringify({ input }));
        const faults = faultsOfInput(given, inputSchema);
        expect(faults.length === 0).toBe(validator(given).valid);
        expect(faults.join()).not.toMatch(new RegExp(`${canary}|${canaryNumber}`));
        if (faults.length > 0) return;
        const { errors } = getVariableValues(
          schema,
          operation?.variableDefinitions ?? [],
          given as Record<string, unknown>,
        );
        expect(errors).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('say truly whether a repeated call is safe', () => {
    const isKeyed = Object.hasOwn(type.getFields(), 'idempotencyKey');
    expect(definition.annotations).toEqual({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: isKeyed,
      openWorldHint: true,
    });
    expect(definition.description.includes('idempotencyKey')).toBe(isKeyed);
    expect(field).not.toBe('');
  });
});
