import {
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';

const keyField = 'idempotencyKey';

/** The mutations of an operation, as far as their results can be repeated safely. */
export interface WriteRules {
  /** Whether every one is executed at most once for each key of its caller. */
  readonly isKeyed: boolean;
  /** Why it cannot be a tool; `undefined` if it can. */
  readonly fault?: string;
}

/** The argument of a mutation whose input has a key; `undefined` for one without. */
const keyedArgument = ({ name }: FieldNode, schema: GraphQLSchema): string | undefined =>
  schema
    .getMutationType()
    ?.getFields()
    [name.value]?.args.find(({ type }) => {
      const input = getNamedType(type);
      return isInputObjectType(input) && Object.hasOwn(input.getFields(), keyField);
    })?.name;

/** Whether a value is a variable that the caller must give: a key in the document would be the same for all callers. */
const isGiven = (
  value: ValueNode | undefined,
  { variableDefinitions = [] }: OperationDefinitionNode,
): boolean => {
  if (value?.kind !== Kind.VARIABLE) return false;
  const definition = variableDefinitions.find(({ variable }) => variable.name.value === value.name.value);
  return definition?.type.kind === Kind.NON_NULL_TYPE && !definition.defaultValue;
};

const hasCallersKey = (field: FieldNode, argument: string, operation: OperationDefinitionNode): boolean => {
  const value = field.arguments?.find(({ name }) => name.value === argument)?.value;
  const key =
    value?.kind === Kind.OBJECT ? value.fields.find(({ name }) => name.value === keyField)?.value : value;
  return isGiven(key, operation);
};

/** Returns the rules of a mutation. Its fields must be in the operation itself, where a reader of the document sees them. */
export const writeRulesOf = (schema: GraphQLSchema, operation: OperationDefinitionNode): WriteRules => {
  let isKeyed = true;
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind !== Kind.FIELD) {
      return { isKeyed: false, fault: 'expected mutations in the operation itself, not in fragments' };
    }
    if (selection.name.value.startsWith('__')) continue;
    const argument = keyedArgument(selection, schema);
    if (argument === undefined) isKeyed = false;
    else if (!hasCallersKey(selection, argument, operation)) {
      const fault = `expected a required variable with the ${keyField} of ${selection.name.value}, so that each call has a key of its caller`;
      return { isKeyed: false, fault };
    }
  }
  return { isKeyed };
};
