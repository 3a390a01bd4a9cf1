import { type GraphQLSchema, getNamedType, isUnionType } from 'graphql';

/** Returns the members of the result of each mutation. */
export const mutationOutcomes = (schema: GraphQLSchema): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, type }) => {
      const result = getNamedType(type);
      return [name, isUnionType(result) ? result.getTypes().map((member) => member.name) : []];
    }),
  );
