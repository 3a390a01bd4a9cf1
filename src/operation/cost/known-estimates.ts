import {
  type DocumentNode,
  type GraphQLSchema,
  isEnumType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { scopes } from '../caller.ts';
import { countCalls, type Operation } from './estimate.ts';
import { costOf } from './field-cost.ts';

/** What is kept of an operation, as long as its document exists. */
interface KnownOperation {
  /** The variable that only identifies the object; `undefined` if there is none. */
  readonly naming: string | undefined;
  /** The other variables. */
  readonly counting: readonly string[];
  /** The variables whose values are words of the schema. */
  readonly words: ReadonlySet<string>;
  /** By the values of the other variables and the caller's scopes. */
  readonly estimates: Map<string, number>;
}

/** Few operations are executed with more distinct page sizes or variables than this. */
const mostEstimates = 20;
const longestKey = 100;

/** Counts the uses of each variable in the operation and in all fragments of the document. */
const usesOf = (document: DocumentNode, operation: OperationDefinitionNode): Map<string, number> => {
  const uses = new Map<string, number>();
  const count = ({ name }: { readonly name: { readonly value: string } }): void => {
    uses.set(name.value, (uses.get(name.value) ?? 0) + 1);
  };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  for (const part of [operation.selectionSet, ...fragments]) visit(part, { Variable: count });
  return uses;
};

/** The variable that identifies the object, if the operation has one root field and its cost does not depend on it. */
const namingIn = (
  { operation, selectionSet }: OperationDefinitionNode,
  schema: GraphQLSchema,
): string | undefined => {
  const [root, ...more] = selectionSet.selections;
  if (operation !== 'query' || root?.kind !== Kind.FIELD || more.length > 0) return undefined;
  const field = schema.getQueryType()?.getFields()[root.name.value];
  const naming = field && costOf(field).naming;
  const value = root.arguments?.find(({ name }) => name.value === naming)?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
};

/** The variables of an enum type. */
const wordsIn = (
  { variableDefinitions = [] }: OperationDefinitionNode,
  schema: GraphQLSchema,
): ReadonlySet<string> => {
  const found = variableDefinitions.filter(({ type }) => {
    const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
    return named.kind === Kind.NAMED_TYPE && isEnumType(schema.getType(named.name.value));
  });
  return new Set(found.map(({ variable }) => variable.name.value));
};

const knownOf = ({ schema, document, operation }: Operation): KnownOperation => {
  const uses = usesOf(document, operation);
  const named = namingIn(operation, schema);
  const naming = named !== undefined && uses.get(named) === 1 ? named : undefined;
  const counting = [...uses.keys()].filter((name) => name !== naming);
  return { naming, counting, words: wordsIn(operation, schema), estimates: new Map() };
};

const knownOperations = new WeakMap<OperationDefinitionNode, KnownOperation>();

/** What the estimate depends on besides the operation; `undefined` if it may contain any text, which is not kept. */
const keyOf = (
  { naming, counting, words }: KnownOperation,
  { variables, scopes: held }: Operation,
): string | undefined => {
  if (naming !== undefined && typeof variables[naming] !== 'string') return undefined;
  let key = '';
  for (const scope of scopes) key += held.has(scope) ? '+' : '-';
  for (const name of counting) {
    const value = variables[name];
    const isPlain =
      typeof value === 'number' || typeof value === 'boolean' || value === null || words.has(name);
    if (!isPlain && value !== undefined) return undefined;
    key += ` ${value}`;
  }
  if (key.length > longestKey) return undefined;
  return key;
};

/**
 * Estimates the upstream calls of an operation, as `countCalls` does, but counts once for all executions of one operation
 * that are equal in everything that the estimate depends on.
 */
export const estimateCalls = (asked: Operation): number => {
  const { operation } = asked;
  const known = knownOperations.get(operation) ?? knownOf(asked);
  knownOperations.set(operation, known);
  const key = keyOf(known, asked);
  const estimate = key === undefined ? undefined : known.estimates.get(key);
  if (estimate !== undefined) return estimate;
  const counted = countCalls(asked);
  if (key !== undefined && known.estimates.size < mostEstimates) known.estimates.set(key, counted);
  return counted;
};
