import { type GraphQLObjectType, getNamedType, isObjectType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Scope, scopes } from '../../src/operation/caller.ts';
import { scopesOf } from '../../src/operation/field-scopes.ts';
import { schema } from '../../src/schema/schema.ts';
import { protectedTypes } from './protected-types.ts';
import { rootScopes } from './root-scopes.ts';

const roots = [schema.getQueryType(), schema.getMutationType()].filter(isObjectType);

const named = Object.fromEntries(
  roots.flatMap((type) =>
    Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, scopesOf(field)]),
  ),
);

describe('every root field', () => {
  it('names its scope, the one that is expected', () => {
    expect(named, 'state the scope of each root field in test/authorization/root-scopes.ts').toEqual(
      rootScopes,
    );
  });

  it('names scopes that there are', () => {
    const known: readonly string[] = [...scopes, '$any'];
    expect(
      Object.values(named)
        .flat()
        .filter((scope) => !known.includes(scope)),
    ).toEqual([]);
  });
});

interface Place {
  readonly type: GraphQLObjectType;
  readonly path: string;
  readonly granted: ReadonlySet<string>;
}

const objectTypesOf = (field: {
  type: GraphQLObjectType['astNode'] | unknown;
}): readonly GraphQLObjectType[] => {
  const type = getNamedType(field.type as never);
  if (isObjectType(type)) return [type];
  return isUnionType(type) ? type.getTypes() : [];
};

/** Every type with every set of scopes that a path to it requires. The schema does not state the types of `node`. */
const reachable = (): Place[] => {
  const places = new Map<string, Place>();
  const queue: Place[] = roots.map((type) => ({ type, path: type.name, granted: new Set() }));
  for (let place = queue.pop(); place; place = queue.pop()) {
    const { type, path, granted } = place;
    const key = [type.name, ...[...granted].sort()].join(' ');
    if (places.has(key)) continue;
    places.set(key, place);
    for (const field of Object.values(type.getFields())) {
      const asked = new Set([...granted, ...scopesOf(field)]);
      for (const next of objectTypesOf(field)) {
        queue.push({ type: next, path: `${path}.${field.name}`, granted: asked });
      }
    }
  }
  return [...places.values()];
};

describe('every way through the schema', () => {
  const places = reachable();

  it('asks for the scope of a protected type before it leads there', () => {
    const open = places.filter(({ type, granted }) => {
      const wanted: readonly Scope[] | undefined = protectedTypes[type.name];
      return wanted && !wanted.some((scope) => granted.has(scope));
    });
    expect(
      open.map(({ path, type }) => `${path}: ${type.name}`),
      'set `authScopes` of a field on these paths, or change test/authorization/protected-types.ts',
    ).toEqual([]);
  });

  it('requires a scope for every type', () => {
    const open = places.filter(({ type, granted }) => granted.size === 0 && !roots.includes(type));
    expect(
      open.map(({ path }) => path),
      'these paths lead to a type without `authScopes` of any field',
    ).toEqual([]);
  });

  it('leads to all of them', () => {
    const seen = new Set(places.map(({ type }) => type.name));
    expect(Object.keys(protectedTypes).filter((name) => !seen.has(name))).toEqual([]);
    expect(places.length).toBeGreaterThan(100);
  });
});
