import { type DocumentNode, Kind, type OperationDefinitionNode, visit } from 'graphql';
import { scopes } from '../../operation/caller.ts';
import { countCalls, type Operation } from './estimate.ts';

/**
 * The arguments of root fields that only say which thing is meant, and of which kind of call it is the key. Where a query
 * has one root field, it costs the same for each such thing.
 */
const namingArguments: Readonly<Record<string, string>> = {
  account: 'fileNumber',
  accountsBySsn: 'ssn',
  accountsByPhone: 'number',
  portfolio: 'name',
  order: 'orderId',
  assignment: 'assignmentId',
};

/** What is remembered of an operation, as long as its document is there. */
interface KnownOperation {
  /** The variable that only names the thing; `undefined` where there is none. */
  readonly naming: string | undefined;
  /** The others. */
  readonly counting: readonly string[];
  /** By the values of the others and the caller's scopes. */
  readonly estimates: Map<string, number>;
}

/** Few operations are executed with more distinct page sizes or variables than this. */
const mostEstimates = 20;
const longestKey = 100;

/** How often each variable is used in the operation, or in any fragment beside it. */
const usesOf = (document: DocumentNode, operation: OperationDefinitionNode): Map<string, number> => {
  const uses = new Map<string, number>();
  const count = ({ name }: { readonly name: { readonly value: string } }): void => {
    uses.set(name.value, (uses.get(name.value) ?? 0) + 1);
  };
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  for (const part of [operation.selectionSet, ...fragments]) visit(part, { Variable: count });
  return uses;
};

/** The variable that names the one thing that an operation asks for. */
const namingIn = ({ operation, selectionSet }: OperationDefinitionNode): string | undefined => {
  const [root, ...more] = selectionSet.selections;
  if (operation !== 'query' || root?.kind !== Kind.FIELD || more.length > 0) return undefined;
  const naming = namingArguments[root.name.value];
  const value = root.arguments?.find(({ name }) => name.value === naming)?.value;
  return value?.kind === Kind.VARIABLE ? value.name.value : undefined;
};

const knownOf = (document: DocumentNode, operation: OperationDefinitionNode): KnownOperation => {
  const uses = usesOf(document, operation);
  const named = namingIn(operation);
  const naming = named !== undefined && uses.get(named) === 1 ? named : undefined;
  const counting = [...uses.keys()].filter((name) => name !== naming);
  return { naming, counting, estimates: new Map() };
};

const knownOperations = new WeakMap<OperationDefinitionNode, KnownOperation>();

/** What the estimate depends on beside the operation; `undefined` where there may be any text in it, which is not kept. */
const keyOf = (
  { naming, counting }: KnownOperation,
  { variables, scopes: held }: Operation,
): string | undefined => {
  if (naming !== undefined && typeof variables[naming] !== 'string') return undefined;
  let key = '';
  for (const scope of scopes) key += held.has(scope) ? '+' : '-';
  for (const name of counting) {
    const value = variables[name];
    const isPlain = typeof value === 'number' || typeof value === 'boolean' || value === null;
    if (!isPlain && value !== undefined) return undefined;
    key += ` ${value}`;
  }
  if (key.length > longestKey) return undefined;
  return key;
};

/**
 * Estimates the calls to the upstreams that an operation makes, as `countCalls` does, but counts once for all runs of one
 * operation that differ in nothing that it depends on.
 */
export const estimateCalls = (asked: Operation): number => {
  const { document, operation } = asked;
  const known = knownOperations.get(operation) ?? knownOf(document, operation);
  knownOperations.set(operation, known);
  const key = keyOf(known, asked);
  const estimate = key === undefined ? undefined : known.estimates.get(key);
  if (estimate !== undefined) return estimate;
  const counted = countCalls(asked);
  if (key !== undefined && known.estimates.size < mostEstimates) known.estimates.set(key, counted);
  return counted;
};
