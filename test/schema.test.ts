import { readFileSync } from 'node:fs';
import { type GraphQLNamedType, isEnumType, isInterfaceType, isObjectType, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/schema.ts';

describe('schema.graphql', () => {
  it('is what the code builds (npm run schema writes it)', () => {
    expect(readFileSync('schema.graphql', 'utf8')).toBe(`${printSchema(schema)}\n`);
  });
});

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

type Element = readonly [coordinate: string, description: string | null | undefined];

const fieldsOf = (type: GraphQLNamedType): Element[] => {
  if (isEnumType(type))
    return type.getValues().map((value) => [`${type.name}.${value.name}`, value.description]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Element[] => [
    [`${type.name}.${field.name}`, field.description],
    ...field.args.map((arg): Element => [`${type.name}.${field.name}(${arg.name}:)`, arg.description]),
  ]);
};

/** Every type, field, argument and enum value, by its coordinate, with its description. */
const elements = types
  .filter(({ name }) => !builtIn.has(name))
  .flatMap((type): Element[] => [[type.name, type.description], ...fieldsOf(type)]);

describe('the schema', () => {
  it('describes every type, field, argument and enum value', () => {
    expect(elements.length).toBeGreaterThan(100);
    expect(elements.filter(([, description]) => !description).map(([coordinate]) => coordinate)).toEqual([]);
  });

  it.each([
    'Account.payments',
    'Account.phones',
    'Account.portfolio',
    'Borrower.account',
    'Borrower.order',
    'Borrower.phones',
    'Order.borrower',
    'Order.borrowers',
    'Phone.account',
    'Phone.borrower',
    'Query.account',
    'Query.order',
    'Query.portfolios',
  ])('lets a failing call for %s null that field alone', (coordinate) => {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const type = schema.getType(typeName);
    const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
    expect(String(field?.type)).toMatch(/[^!]$/);
  });
});
