import {
  type ExecutionResult,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  isObjectType,
  locatedError,
  responsePathAsArray,
} from 'graphql';
import { withoutStack } from '../lib/without-stack.ts';
import { ArrivingItems } from './arriving-items.ts';
import { Awaited } from './awaited.ts';
import type { StreamArguments } from './incremental-directives.ts';
import type { Pace, Paced } from './pace.ts';
import { FieldInfo, ItemPlace, type Place } from './path.ts';
import type { Completion, DeferredPlan, FieldPlan, OperationPlan, SelectionPlan } from './plan.ts';

// Executes queries that were planned, by the specification's rules of execution: the same data and the same errors as
// any executor's. What is the same in all runs stands in the plan, and a run makes little more than the answer.

/** The items of a list, all of them or those that have arrived. */
export type ItemSource = Pick<ArrivingItems, 'items' | 'isComplete' | 'reach'>;

/** What a run leaves for parts of the response that come later (`execute-in-parts.ts`). */
export interface Postponing {
  /** Takes the deferred fragments of an object. */
  defer(fragments: readonly DeferredPlan[], source: unknown, place: Place | undefined): void;
  /** Takes the items of a list from an index on. */
  stream(info: FieldInfo, item: Completion, list: ItemSource, from: number): void;
}

/** One run of an operation, or of a part of it that comes later. */
export interface Run {
  readonly context: unknown;
  readonly variables: Record<string, unknown>;
  readonly failures: NulledPlace[];
  readonly pace: Pace | undefined;
  /** `undefined` where everything comes at once. */
  readonly postponed: Postponing | undefined;
}

/** An error, and the field or item that is null for it. */
export interface NulledPlace {
  readonly error: GraphQLError;
  readonly place: Place;
}

/**
 * An object of the response, whose names are the caller's: `__proto__` is one like any other. V8 keeps an object that is
 * made by `Object.create(null)` as a hash table, which takes longer to fill and to write.
 */
class Data {
  [name: string]: unknown;
}
Object.setPrototypeOf(Data.prototype, null);

// A response may have an object with a member `then`, which is no function.
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as { readonly then?: unknown }).then === 'function';

const nameOf = ({ parentType, definition }: FieldPlan): string => `${parentType.name}.${definition.name}`;

/** Returns an error with its place in the response. */
export const errorAt = ({ plan }: FieldInfo, place: Place, reason: unknown): GraphQLError => {
  const locate = (): GraphQLError => locatedError(reason, plan.nodes, responsePathAsArray(place));
  // It takes over the stack of its reason.
  return reason instanceof Error ? withoutStack(locate) : locate();
};

/** Makes a value null for an error; where it cannot be null, what it is in. */
const fail = (
  { failures, pace }: Run,
  info: FieldInfo,
  { isNonNull }: Completion,
  place: Place,
  reason: unknown,
): null => {
  // The whole result fails, so that no error has a path in it.
  if (pace?.failure) throw pace.failure;
  const error = errorAt(info, place, reason);
  if (isNonNull) throw error;
  failures.push({ error, place });
  return null;
};

const completeLeaf = ({ plan }: FieldInfo, type: GraphQLLeafType, value: unknown): unknown => {
  let written: unknown;
  try {
    written = type.serialize(value);
  } catch (error) {
    // It is not the caller's error.
    throw error instanceof GraphQLError ? new Error(error.message) : error;
  }
  if (written === null || written === undefined)
    throw new Error(`${nameOf(plan)}: ${type.name} wrote nothing.`);
  return written;
};

/** Completes the items that are not yet in the list, in as many slices as it takes. */
const completeItems = (
  run: Run,
  info: FieldInfo,
  item: Completion,
  place: Place,
  items: readonly unknown[],
  list: unknown[],
  begun: Awaited<unknown[]> | undefined,
): readonly unknown[] | Promise<readonly unknown[]> => {
  let awaited = begun;
  for (let index = list.length; index < items.length; index += 1) {
    if (run.pace?.isDue()) {
      return run.pace.next().then(() => completeItems(run, info, item, place, items, list, awaited));
    }
    const completed = settle(run, info, item, new ItemPlace(place, index), items[index]);
    list.push(completed);
    if (!isPromise(completed)) continue;
    awaited ??= new Awaited(list);
    awaited.add(index, completed);
  }
  return awaited?.all() ?? list;
};

const allOf = (items: readonly unknown[]): ItemSource => ({
  items,
  isComplete: true,
  reach: () => Promise.resolve(),
});

/** Completes the first items of a streamed list, once they have arrived. */
const completeFirst = (
  run: Run,
  info: FieldInfo,
  item: Completion,
  list: ItemSource,
  stream: StreamArguments,
): readonly unknown[] | Promise<readonly unknown[]> => {
  const { initialCount } = stream;
  if (initialCount < 0) throw new GraphQLError('@stream: expected an initialCount of 0 or more.');
  const { items, isComplete } = list;
  if (items.length < initialCount && !isComplete) {
    return list.reach(initialCount).then(() => completeFirst(run, info, item, list, stream));
  }
  if (initialCount < items.length || !isComplete) run.postponed?.stream(info, item, list, initialCount);
  return completeItems(run, info, item, info, items.slice(0, initialCount), [], undefined);
};

const completeList = (
  run: Run,
  info: FieldInfo,
  item: Completion,
  place: Place,
  value: unknown,
): readonly unknown[] | Promise<readonly unknown[]> => {
  // Only the outermost of lists within lists is streamed.
  const stream = run.postponed && place === info ? info.plan.stream : undefined;
  if (value instanceof ArrivingItems) {
    if (stream) return completeFirst(run, info, item, value, stream);
    return value
      .reach(Number.POSITIVE_INFINITY)
      .then(() => completeItems(run, info, item, place, value.items, [], undefined));
  }
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
    throw new Error(`${nameOf(info.plan)}: expected something to iterate over.`);
  }
  const items = Array.isArray(value) ? value : [...(value as Iterable<unknown>)];
  if (stream) return completeFirst(run, info, item, allOf(items), stream);
  return completeItems(run, info, item, place, items, [], undefined);
};

const completeObject = (
  run: Run,
  { plan }: FieldInfo,
  type: GraphQLObjectType,
  place: Place,
  value: unknown,
): Data | Promise<Data> => executeSelection(run, plan.selectionOf(type), value, place);

const completeAbstract = (
  run: Run,
  info: FieldInfo,
  type: GraphQLAbstractType,
  place: Place,
  value: unknown,
): unknown => {
  const { schema } = info;
  const complete = (name: string | undefined): Data | Promise<Data> => {
    const named = name === undefined ? undefined : schema.getType(name);
    if (!isObjectType(named) || !schema.isSubType(type, named)) {
      throw new Error(`${nameOf(info.plan)}: expected the name of a type that is ${type.name}.`);
    }
    return completeObject(run, info, named, place, value);
  };
  const name = type.resolveType?.(value, run.context, info, type);
  return isPromise(name)
    ? name.then(complete as (name: unknown) => unknown)
    : complete(name as string | undefined);
};

/** Makes of a value what the answer holds. */
const complete = (
  run: Run,
  info: FieldInfo,
  completion: Completion,
  place: Place,
  value: unknown,
): unknown => {
  if (value instanceof Error) throw value;
  if (value === null || value === undefined) {
    if (completion.isNonNull)
      throw new Error(`Cannot return null for non-nullable field ${nameOf(info.plan)}.`);
    return null;
  }
  switch (completion.kind) {
    case 'leaf':
      return completeLeaf(info, completion.type, value);
    case 'object':
      return completeObject(run, info, completion.type, place, value);
    case 'list':
      return completeList(run, info, completion.item, place, value);
    case 'abstract':
      return completeAbstract(run, info, completion.type, place, value);
  }
};

/** Completes a value, whenever it is there, and keeps its errors at its place. */
export const settle = (
  run: Run,
  info: FieldInfo,
  completion: Completion,
  place: Place,
  value: unknown,
): unknown => {
  if (isPromise(value)) {
    return value.then(
      (settled) => {
        if (!run.pace?.isDue()) return settle(run, info, completion, place, settled);
        return run.pace.next().then(
          () => settle(run, info, completion, place, settled),
          (reason: unknown) => fail(run, info, completion, place, reason),
        );
      },
      (reason: unknown) => fail(run, info, completion, place, reason),
    );
  }
  try {
    const completed = complete(run, info, completion, place, value);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (reason: unknown) => fail(run, info, completion, place, reason));
  } catch (reason) {
    return fail(run, info, completion, place, reason);
  }
};

const executeField = (run: Run, plan: FieldPlan, source: unknown, prev: Place | undefined): unknown => {
  const info = new FieldInfo(prev, plan, run.variables);
  let value: unknown;
  try {
    const args = plan.fixedArguments ?? plan.argumentsOf(run.variables);
    value = plan.resolve(source, args, run.context, info);
  } catch (reason) {
    return fail(run, info, plan.completion, info, reason);
  }
  return settle(run, info, plan.completion, info, value);
};

export const executeFields = (
  run: Run,
  fields: readonly FieldPlan[],
  source: unknown,
  prev: Place | undefined,
): Data | Promise<Data> => {
  const data = new Data();
  let awaited: Awaited<Data> | undefined;
  try {
    for (const field of fields) {
      const value = executeField(run, field, source, prev);
      data[field.responseName] = value;
      if (!isPromise(value)) continue;
      awaited ??= new Awaited(data);
      awaited.add(field.responseName, value);
    }
  } catch (error) {
    if (!awaited) throw error;
    awaited.fail(error);
  }
  return awaited?.all() ?? data;
};

const executeSelection = (
  run: Run,
  { fields, deferred }: SelectionPlan,
  source: unknown,
  prev: Place | undefined,
): Data | Promise<Data> => {
  if (deferred && run.postponed) run.postponed.defer(deferred, source, prev);
  return executeFields(run, fields, source, prev);
};

const positionsOf = (place: Place): number[] => {
  const positions: number[] = [];
  for (let at: Place | undefined = place; at; at = at.prev) positions.push(at.position);
  return positions.reverse();
};

const compare = (some: readonly number[], others: readonly number[]): number => {
  const differing = some.findIndex((position, level) => position !== others[level]);
  return (some[differing] ?? 0) - (others[differing] ?? 0);
};

export const isBelow = (nulled: ReadonlySet<Place>, place: Place | undefined): boolean =>
  place !== undefined && (nulled.has(place) || isBelow(nulled, place.prev));

/**
 * The errors in the order of their fields in the response, and none from below a field that is null for another error.
 *
 * The specification leaves both to chance, that is, to which upstream is faster: the same query would be answered in
 * other words when it is repeated.
 */
export const errorsOf = (failures: readonly NulledPlace[]): GraphQLError[] => {
  if (failures.length < 2) return failures.map(({ error }) => error);
  const nulled = new Set<Place>(failures.map(({ place }) => place));
  return failures
    .filter(({ place }) => !isBelow(nulled, place.prev))
    .map(({ error, place }) => ({ error, positions: positionsOf(place) }))
    .sort((some, other) => compare(some.positions, other.positions))
    .map(({ error }) => error);
};

/** Executes the first part of an operation, or all of it. */
export const executeRoot = async (
  run: Run,
  { root }: OperationPlan,
  source?: unknown,
): Promise<ExecutionResult> => {
  const { failures, pace } = run;
  try {
    const data = await executeSelection(run, root, source, undefined);
    if (pace?.failure) return { errors: [pace.failure] };
    return failures.length > 0 ? { errors: errorsOf(failures), data } : { data };
  } catch (error) {
    return pace?.failure ? { errors: [pace.failure] } : { errors: [error as GraphQLError], data: null };
  }
};

/**
 * Executes a query by its plan, or a subscription for one event, with variables that were found to be right.
 *
 * A large result is completed at the pace of the context.
 *
 * @param event what the root field of a subscription gets as its parent.
 */
export const executePlan = (
  plan: OperationPlan,
  variables: Record<string, unknown>,
  context: object,
  event?: unknown,
): Promise<ExecutionResult> => {
  const { pace }: Paced = context;
  return executeRoot({ context, variables, failures: [], pace, postponed: undefined }, plan, event);
};
