import { readFileSync } from 'node:fs';
import { isObjectType, isUnionType, Kind, parse, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { findableTypes } from '../kit/node.ts';
import { schema } from '../schema.ts';
import { subgraph, subgraphSdl } from './subgraph.ts';

const types = new Map(
  parse(subgraphSdl).definitions.flatMap((one) =>
    one.kind === Kind.OBJECT_TYPE_DEFINITION ? [[one.name.value, one] as const] : [],
  ),
);

const directivesOf = (typeName: string): string[] =>
  (types.get(typeName)?.directives ?? []).map(({ name, arguments: given = [] }) =>
    [name.value, ...given.map(({ value }) => ('value' in value ? value.value : ''))].join(' '),
  );

const fieldsOf = (typeName: string): string[] =>
  (types.get(typeName)?.fields ?? []).map(({ name }) => name.value);

describe('subgraph.graphql', () => {
  it('is what the code builds (npm run schema writes it)', () => {
    expect(readFileSync('subgraph.graphql', 'utf8')).toBe(subgraphSdl);
  });

  it('has the keys of each type that can be found by its id', () => {
    const own: Readonly<Record<string, string>> = {
      Account: 'fileNumber',
      Assignment: 'assignmentId',
      Order: 'orderId',
      Portfolio: 'portfolioId',
    };
    const keys = [...types.keys()].filter((name) =>
      directivesOf(name).some((text) => text.startsWith('key')),
    );
    expect(keys.sort()).toEqual([...findableTypes.keys()].sort());
    for (const name of keys) {
      expect(directivesOf(name)).toEqual([...(own[name] ? [`key ${own[name]}`] : []), 'key id']);
      expect(fieldsOf(name)).toEqual(expect.arrayContaining(['id', own[name] ?? 'id']));
    }
  });

  it('shares PageInfo, and only PageInfo', () => {
    const shared = [...types.keys()].filter((name) => directivesOf(name).includes('shareable'));
    expect(shared).toEqual(['PageInfo']);
    expect(subgraphSdl.match(/[^"]@shareable/g)).toHaveLength(1);
  });

  it('leaves node and nodes to the subgraph that knows all types', () => {
    const all = Object.keys(schema.getQueryType()?.getFields() ?? {});
    expect(fieldsOf('Query').sort()).toEqual(all.filter((name) => !['node', 'nodes'].includes(name)).sort());
  });
});

describe('the schema of the subgraph', () => {
  const query = subgraph.getQueryType()?.getFields() ?? {};

  it('adds two fields to the public schema, and changes nothing else', () => {
    const added = ['_entities', '_service'];
    expect(Object.keys(query).filter((name) => !schema.getQueryType()?.getFields()[name])).toEqual(added);
    const without = (text: string): string =>
      text
        .replace(/\n\n(?:scalar _Any|union _Entity[^\n]*|type _Service \{[\s\S]*?\n\})/g, '')
        .replace(/\n {2}_entities\(.*\n {2}_service.*\n(?:\n)?/, '\n');
    expect(without(printSchema(subgraph))).toBe(printSchema(schema));
  });

  it('has the costs and the prefetched reads of the public schema', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || type.name.startsWith('__')) continue;
      const other = subgraph.getType(type.name);
      const fields = isObjectType(other) ? other.getFields() : {};
      for (const field of Object.values(type.getFields())) {
        expect(fields[field.name]?.extensions['cost']).toBe(field.extensions['cost']);
        expect(fields[field.name]?.extensions['read']).toBe(field.extensions['read']);
      }
    }
  });

  it('has every entity in the union of entities', () => {
    const union = subgraph.getType('_Entity');
    const members = isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];
    expect(members.sort()).toEqual([...findableTypes.keys()].sort());
  });
});
