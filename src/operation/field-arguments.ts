import { type FieldNode, type GraphQLField, getArgumentValues, Kind } from 'graphql';

type Definition = GraphQLField<unknown, unknown>;
type Values = Readonly<Record<string, unknown>>;

/** Returns the arguments of a field for the variables of a run. */
export type ArgumentsOf = (variables: Record<string, unknown>) => Values;

/** Whether a variable has a part in the arguments of a field. */
const hasVariables = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  if ('kind' in value && value.kind === Kind.VARIABLE) return true;
  return Object.entries(value).some(([name, part]) => name !== 'loc' && hasVariables(part));
};

/** The arguments of a field where they are the same in every run; `undefined` where they are to be found in each. */
export const fixedArguments = (definition: Definition, node: FieldNode): Values | undefined => {
  if (hasVariables(node.arguments)) return undefined;
  try {
    const values = getArgumentValues(definition, node);
    // A list, or what has fields, is each run's own: a resolver may change it.
    const areSimple = Object.values(values).every((value) => typeof value !== 'object' || value === null);
    return areSimple ? Object.freeze(values) : undefined;
  } catch {
    // Each run is to fail at its own place.
    return undefined;
  }
};

/** Returns what finds the arguments of a field in each run: a variable with a value is the value of its argument. */
export const argumentsByVariables = (definition: Definition, node: FieldNode): ArgumentsOf => {
  const slowly: ArgumentsOf = (variables) => getArgumentValues(definition, node, variables);
  const given = node.arguments ?? [];
  const byVariable = new Map(
    given.flatMap(({ name, value }) =>
      value.kind === Kind.VARIABLE ? [[name.value, value.name.value]] : [],
    ),
  );
  const others = given.filter(({ name }) => !byVariable.has(name.value));
  const fixed = fixedArguments(
    { ...definition, args: definition.args.filter(({ name }) => !byVariable.has(name)) },
    { ...node, arguments: others },
  );
  if (!fixed) return slowly;
  const parts = [...byVariable];
  return (variables) => {
    const values = { ...fixed };
    for (const [argument, variable] of parts) {
      // Without a value, the default of the argument and its type decide.
      const value = Object.hasOwn(variables, variable) ? variables[variable] : undefined;
      if (value === undefined || value === null) return slowly(variables);
      values[argument] = value;
    }
    return values;
  };
};
