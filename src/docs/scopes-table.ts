import { type GraphQLSchema, isObjectType } from 'graphql';
import { scopeMeanings } from '../operation/caller.ts';
import { scopesOf } from '../operation/field-scopes.ts';
import { code, table } from './markdown.ts';

/** Root fields by themselves; fields of payloads are left out, since they repeat the scope of what they return. */
const fieldsWith = (schema: GraphQLSchema, scope: string): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.endsWith('Success'))
    .flatMap((type) => {
      const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
      return Object.values(type.getFields())
        .filter((field) => scopesOf(field).includes(scope))
        .map(({ name }) => code(isRoot ? name : `${type.name}.${name}`));
    });

/** What each scope permits, and the fields of the schema that require it. */
export const scopesTable = (schema: GraphQLSchema): string =>
  table(
    ['scope', 'permits', 'fields that require it'],
    Object.entries(scopeMeanings).map(([scope, meaning]) => [
      code(scope),
      meaning,
      fieldsWith(schema, scope).join(', ') || '–',
    ]),
  );
