import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';

const needsArguments = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);

/**
 * Writes a selection of every field below a type that needs no arguments, down to where a type would come back.
 *
 * @param without fields that are left out, as `Type.field`, and types that are not entered.
 */
export const everyField = (
  typeName: string,
  without: readonly string[] = [],
  above: readonly string[] = [],
): string => {
  const type = schema.getType(typeName) as GraphQLObjectType;
  const fields = Object.values(type.getFields()).flatMap((field) => {
    if (needsArguments(field) || without.includes(`${typeName}.${field.name}`)) return [];
    // A cursor is made of whole rows: it would change with any key.
    if (field.name === 'cursor') return [];
    const named = getNamedType(field.type);
    if (isLeafType(named)) return [field.name];
    if (
      !isObjectType(named) ||
      named.name === 'PageInfo' ||
      [...above, typeName, ...without].includes(named.name)
    )
      return [];
    return [`${field.name} ${everyField(named.name, without, [...above, typeName])}`];
  });
  return `{ ${fields.join(' ')} }`;
};
