import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Caller } from './caller.ts';
import type { ArgumentsOf } from './field-arguments.ts';
import type { Args, FieldRead } from './field-read.ts';
import { scopesOf } from './field-scopes.ts';
import { type FieldPlan, fieldPlanOf } from './plan.ts';

/** A field that is selected, and can be prefetched. */
interface SelectedRead {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly scopes: readonly string[];
  readonly read: FieldRead | undefined;
  /** Missing where there is no plan. */
  readonly argumentsOf?: ArgumentsOf;
}

const below = (
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  { schema, fragments, variableValues }: GraphQLResolveInfo,
) =>
  // It keeps its results for this very list, as for the executor of the operation: a copy would be another list.
  collectSubFields(schema, fragments, variableValues, type, nodes as FieldNode[]).fields.values();

/** The fields that can be prefetched of an object type. Only mutations, which have no plan, collect them each time. */
const readsBelow = (
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): readonly SelectedRead[] => {
  const planned = fieldPlanOf(nodes);
  if (planned) return planned.selectionOf(type).reads;
  return [...below(type, nodes, info)].flatMap((same): SelectedRead[] => {
    const definition = type.getFields()[same[0]?.name.value ?? ''];
    const read = definition?.extensions['read'] as FieldRead | undefined;
    return definition && read ? [{ definition, nodes: same, scopes: scopesOf(definition), read }] : [];
  });
};

/** Returns the names of the fields that are selected of an object type below the field being resolved. */
export const selectedNames = (typeName: string, info: GraphQLResolveInfo): readonly string[] => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return [];
  const planned = fieldPlanOf(info.fieldNodes);
  if (planned) return planned.namesOf(type);
  return [...below(type, info.fieldNodes, info)].flatMap(([node]) => (node ? [node.name.value] : []));
};

/**
 * Returns the number of items of a streamed list that come with its object, which is below the field being resolved.
 * `undefined` if the list is not streamed, or other fields of the object come in the same part of the response.
 */
export const streamedAlone = (
  typeName: string,
  fieldName: string,
  { schema, fieldNodes }: GraphQLResolveInfo,
): number | undefined => {
  const plan = fieldPlanOf(fieldNodes);
  if (!plan?.planning.isStreaming) return undefined;
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return undefined;
  const { fields, deferred = [] } = plan.selectionOf(type);
  const isStreamed = ({ definition, stream }: FieldPlan): boolean =>
    stream !== undefined && definition.name === fieldName;
  const others = fields.filter((field) => !isStreamed(field) && field.definition !== TypeNameMetaFieldDef);
  const streamed = [fields, ...deferred.map((one) => one.fields)].flat().filter(isStreamed);
  if (others.length > 0 || streamed.length === 0) return undefined;
  return Math.max(...streamed.map(({ stream }) => stream?.initialCount ?? 0));
};

const argumentsOf = (
  { definition, nodes, argumentsOf: planned }: SelectedRead,
  { variableValues }: GraphQLResolveInfo,
): Args => {
  if (planned) return planned(variableValues);
  const [node] = nodes;
  return node?.arguments?.length ? getArgumentValues(definition, node, variableValues) : {};
};

const start = (
  selected: SelectedRead,
  known: object,
  context: RequestContext,
  info: GraphQLResolveInfo,
): void => {
  const { read, definition, nodes } = selected;
  try {
    const args = argumentsOf(selected, info);
    const reading = read?.start?.(known, args, context);
    if (reading instanceof Promise) reading.catch(() => {});
    const value = read?.below?.(known, args);
    if (value) prefetch(getNamedType(definition.type).name, value, context, info, nodes);
  } catch {
    // The field itself throws it again.
  }
};

interface RequestContext {
  readonly caller: Caller;
}

/**
 * Starts the calls of selected fields that need nothing but what is known of their parent, in parallel with the call for
 * the parent itself. Fields without their scopes are omitted.
 *
 * @param nodes the fields that return the parent; the one being resolved if left out.
 */
export const prefetch = (
  typeName: string,
  known: object,
  context: RequestContext,
  info: GraphQLResolveInfo,
  nodes: readonly FieldNode[] = info.fieldNodes,
): void => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return;
  const scopes: ReadonlySet<string> = context.caller.scopes;
  for (const selected of readsBelow(type, nodes, info)) {
    if (selected.scopes.every((scope) => scopes.has(scope))) start(selected, known, context, info);
  }
};
