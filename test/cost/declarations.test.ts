import { readdirSync, readFileSync } from 'node:fs';
import { type GraphQLField, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/operation/cost/field-cost.ts';
import { schema } from '../../src/schema/schema.ts';
import { fieldsOf } from '../support/operation-fields.ts';
import { readOperations } from '../support/reads.ts';

const objectTypes = Object.values(schema.getTypeMap()).filter(isObjectType);

/** The fields of the schema, by their coordinates. */
const fields: readonly (readonly [coordinates: string, field: GraphQLField<unknown, unknown>])[] =
  objectTypes.flatMap((type) =>
    Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const),
  );

describe('a field', () => {
  it.each(readOperations)('whose description names %s declares its cost', (operation) => {
    const found = fieldsOf(operation);
    const without = found
      .filter(({ field }) => !('cost' in field.extensions))
      .map(({ typeName, field }) => `${typeName}.${field.name}`);
    expect(
      without,
      `declare that these fields read ${operation}: \`read\`, \`declaring\` or \`costing\``,
    ).toEqual([]);
  });

  it('that is prefetched declares its cost', () => {
    const prefetched = fields.filter(([, { extensions }]) => 'read' in extensions);
    expect(prefetched.length).toBeGreaterThan(20);
    expect(prefetched.filter(([, { extensions }]) => !('cost' in extensions)).map(([name]) => name)).toEqual(
      [],
    );
  });

  it('identifies its object by an argument that it has', () => {
    const naming = fields.filter(([, field]) => costOf(field).naming !== undefined);
    expect(naming.map(([name]) => name)).toContain('Query.account');
    for (const [name, field] of naming) {
      expect(
        field.args.map((arg) => arg.name),
        name,
      ).toContain(costOf(field).naming);
    }
  });
});

describe('src/operation', () => {
  const folder = new URL('../../src/operation/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /(?:cost\/|prefetch|plan|walk-)/.test(file) && file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const ownNames = new Set(
    [
      ...objectTypes.filter(({ name }) => !name.startsWith('__')).map(({ name }) => name),
      ...Object.keys(schema.getQueryType()?.getFields() ?? {}),
      ...Object.keys(schema.getMutationType()?.getFields() ?? {}),
      ...readOperations,
    ].filter((name) => name !== 'Query' && name !== 'Mutation'),
  );

  it.each(files)('%s names no type, root field or upstream operation', (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8');
    const texts = [...source.matchAll(/'(\w+)'/g)].map(([, text = '']) => text);
    expect(texts.filter((text) => ownNames.has(text))).toEqual([]);
  });
});
