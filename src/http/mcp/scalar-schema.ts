import { type GraphQLEnumType, type GraphQLScalarType, isScalarType, specifiedScalarTypes } from 'graphql';
import type { JsonSchema, JsonType } from './json-schema.ts';

const typesOfGraphQL: Readonly<Record<string, JsonType>> = {
  Int: 'integer',
  Float: 'number',
  Boolean: 'boolean',
  String: 'string',
  ID: 'string',
};

const intRange = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };

/** A scalar that is not of GraphQL itself is a string: all those of the schema are. */
const typeOfScalar = ({ name }: GraphQLScalarType): JsonType => typesOfGraphQL[name] ?? 'string';

const isOwn = ({ name }: GraphQLScalarType): boolean =>
  specifiedScalarTypes.every((type) => type.name !== name);

/** Returns the schema of a leaf in an input, with all that is accepted. */
export const leafInputSchema = (type: GraphQLScalarType | GraphQLEnumType): JsonSchema => {
  if (isScalarType(type)) {
    const { pattern } = type.extensions;
    return {
      type: typeOfScalar(type),
      ...(isOwn(type) && type.description && { description: type.description }),
      ...(type.name === 'Int' && intRange),
      ...(typeof pattern === 'string' && { pattern }),
    };
  }
  const values = type.getValues();
  const meanings = values.flatMap(({ name, description }) =>
    description ? [`\`${name}\`: ${description}`] : [],
  );
  return {
    type: 'string',
    enum: values.map(({ name }) => name),
    ...(meanings.length > 0 && { description: meanings.join(' ') }),
  };
};

/** Returns the schema of a leaf in a result. The description of its field says the rest: models read all of it. */
export const leafOutputSchema = (type: GraphQLScalarType | GraphQLEnumType): JsonSchema =>
  isScalarType(type)
    ? { type: typeOfScalar(type) }
    : { type: 'string', enum: type.getValues().map(({ name }) => name) };
