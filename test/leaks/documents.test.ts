import { isObjectType, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { mutations } from '../support/input-types.ts';
import { queries, writes } from './documents.ts';

const documents = [...queries, ...writes.map(({ query }) => query)];

const coordinatesIn = (document: string): string[] => {
  const found: string[] = [];
  const info = new TypeInfo(schema);
  const enter = (): void => {
    found.push(`${info.getParentType()?.name}.${info.getFieldDef()?.name}`);
  };
  visit(parse(document), visitWithTypeInfo(info, { Field: enter }));
  return found;
};

const all = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  // Subscriptions lead to the same accounts and orders.
  .filter(({ name }) => !/^(?:__|Subscription$|AccountUpdate$|OrderUpdate$)/.test(name))
  .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`));

describe('the documents that canaries are hunted with', () => {
  it('ask for every field of every type', () => {
    const asked = new Set(documents.flatMap(coordinatesIn));
    expect(all.filter((field) => !asked.has(field))).toEqual([]);
    expect(all.length).toBeGreaterThan(700);
  });

  it('are valid', () => {
    expect(documents.flatMap((document) => validate(schema, parse(document)))).toEqual([]);
  });

  it('execute every mutation', () => {
    expect([...new Set(writes.map(({ field }) => field))].sort()).toEqual(
      mutations.map(({ field }) => field).sort(),
    );
  });
});
