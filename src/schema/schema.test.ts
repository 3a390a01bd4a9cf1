import { readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from './schema.ts';

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
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field.description]);
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
});

describe('the members of a union', () => {
  it.each(types.filter(isUnionType).map((type) => [type.name, type] as const))(
    '%s can be selected from all at once: fields of one name are of one type',
    (_, type) => {
      const typesOf = new Map<string, Set<string>>();
      for (const member of type.getTypes()) {
        for (const field of Object.values(member.getFields())) {
          typesOf.set(field.name, (typesOf.get(field.name) ?? new Set()).add(String(field.type)));
        }
      }
      expect([...typesOf].filter(([, all]) => all.size > 1)).toEqual([]);
    },
  );
});
