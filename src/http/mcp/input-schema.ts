import {
  astFromValue,
  type DocumentNode,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  type ValueNode,
  type VariableDefinitionNode,
  valueFromASTUntyped,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { described, type JsonSchema, type ObjectSchema, orNull } from './json-schema.ts';
import { leafInputSchema } from './scalar-schema.ts';

const objectOf = (
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): ObjectSchema => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});

const defaultOf = ({ type, defaultValue }: GraphQLInputField): { readonly default?: unknown } => {
  const node = defaultValue === undefined ? undefined : astFromValue(defaultValue, type);
  return node ? { default: valueFromASTUntyped(node) } : {};
};

/** @throws {Error} for an input that contains itself: schemas are written out, since some clients read no references. */
const schemaOf = (type: GraphQLInputType, within: readonly string[] = []): JsonSchema => {
  if (isNonNullType(type)) return requiredSchema(type.ofType, within);
  return orNull(requiredSchema(type, within));
};

const requiredSchema = (type: GraphQLInputType, within: readonly string[]): JsonSchema => {
  if (isNonNullType(type)) return requiredSchema(type.ofType, within);
  if (isListType(type)) return { type: 'array', items: schemaOf(type.ofType, within) };
  if (isScalarType(type) || isEnumType(type)) return leafInputSchema(type);
  if (within.includes(type.name)) throw new Error(`The input ${type.name} contains itself.`);
  const fields = Object.values(type.getFields());
  const properties = fields.map((field): [string, JsonSchema] => {
    const schema = described(schemaOf(field.type, [...within, type.name]), field.description);
    return [field.name, { ...schema, ...defaultOf(field) }];
  });
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
  return objectOf(
    Object.fromEntries(properties),
    required.map(({ name }) => name),
  );
};

/** Returns what the schema says of the arguments, or fields of inputs, in which variables are used first. */
const usesOf = (document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, string> => {
  const uses = new Map<string, string>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      VariableDefinition: () => false,
      Variable: ({ name: { value: name } }, _, parent) => {
        const node = parent as { readonly kind?: string; readonly name?: { readonly value: string } };
        const input = getNamedType(types.getParentInputType());
        const description =
          node.kind === Kind.OBJECT_FIELD && isInputObjectType(input)
            ? input.getFields()[node.name?.value ?? '']?.description
            : types.getArgument()?.description;
        if (description && !uses.has(name)) uses.set(name, description);
      },
    }),
  );
  return uses;
};

const definedDefault = (node: ValueNode | undefined): { readonly default?: unknown } =>
  node ? { default: valueFromASTUntyped(node) } : {};

const isRequired = ({ type, defaultValue }: VariableDefinitionNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE && !defaultValue;

/** Returns the schema of the variables of an operation, which are the arguments of its tool. */
export const inputSchemaOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  { variableDefinitions = [] }: OperationDefinitionNode,
): ObjectSchema => {
  const uses = usesOf(document, schema);
  const properties = variableDefinitions.map((definition): [string, JsonSchema] => {
    const name = definition.variable.name.value;
    const type = typeFromAST(
      schema,
      definition.type as Parameters<typeof typeFromAST>[1],
    ) as GraphQLInputType;
    return [
      name,
      { ...described(schemaOf(type), uses.get(name)), ...definedDefault(definition.defaultValue) },
    ];
  });
  const required = variableDefinitions.filter(isRequired).map(({ variable }) => variable.name.value);
  return objectOf(Object.fromEntries(properties), required);
};
