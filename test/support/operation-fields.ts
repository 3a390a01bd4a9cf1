import { type GraphQLField, getNamedType, isLeafType, isObjectType } from 'graphql';
import { schema } from '../../src/schema/schema.ts';

export interface OperationField {
  readonly typeName: string;
  readonly field: GraphQLField<unknown, unknown>;
}

const objectFields: readonly OperationField[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => !isLeafType(getNamedType(field.type)))
      .map((field) => ({ typeName: type.name, field })),
  );

/** Returns the fields with a selection whose descriptions name an upstream operation. */
export const fieldsOf = (operation: string): OperationField[] => {
  const name = new RegExp(`\\b${operation}\\b`);
  return objectFields.filter(({ field }) => name.test(field.description ?? ''));
};
