import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.ts';
import { plannedSelection } from '../query-plan/plan.ts';
import { scopesOf } from './selected-scopes.ts';

/** The fields selected of an object type below some fields; fragments resolved, what is skipped left out. */
const selectedOf = (
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  { schema, fragments, variableValues }: GraphQLResolveInfo,
): Iterable<readonly FieldNode[]> => {
  const planned = plannedSelection(nodes, type);
  if (planned) return planned.nodes;
  // It remembers what it found for this very list, as for whoever executes the operation: a copy would be new to it.
  const below = nodes as FieldNode[];
  return collectSubFields(schema, fragments, variableValues, type, below).fields.values();
};

/** The names of the fields that are selected of an object type below the field being resolved. */
export const selectedNames = (typeName: string, info: GraphQLResolveInfo): readonly string[] => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return [];
  const planned = plannedSelection(info.fieldNodes, type);
  if (planned) return planned.names;
  return [...selectedOf(type, info.fieldNodes, info)].flatMap(([node]) => (node ? [node.name.value] : []));
};

/** What a read that starts ahead of its field is given beside the key. */
interface Ahead {
  readonly context: Context;
  /** The arguments of the field; empty where it is given none. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Goes on below the field, whose value is known by a key as well. */
  readonly below: <Key>(reads: ReadsByKey<Key>, key: Key) => void;
}

/** The fields of a type that need nothing but a key that is known before their parent is there, each with its read. */
export interface ReadsByKey<Key> {
  readonly [field: string]: (key: Key, ahead: Ahead) => unknown;
}

/**
 * Starts the reads of those selected fields that need nothing but the key, beside the read of the object itself: not
 * of those that the caller may not see.
 *
 * The fields will find them under way in their loaders. One that fails is told by its field, if that is reached.
 *
 * @param nodes the fields whose type is told: the one being resolved unless given.
 */
export const startReads = <Key>(
  reads: ReadsByKey<Key>,
  typeName: string,
  key: Key,
  context: Context,
  info: GraphQLResolveInfo,
  nodes: readonly FieldNode[] = info.fieldNodes,
): void => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return;
  const scopes: ReadonlySet<string> = context.caller.scopes;
  for (const same of selectedOf(type, nodes, info)) {
    const [node] = same;
    // Most fields have none: they are not looked at any further.
    const read = node && reads[node.name.value];
    const field = read && type.getFields()[node.name.value];
    if (!field || !scopesOf(field).every((scope) => scopes.has(scope))) continue;
    const argumentsOf = () =>
      node.arguments?.length ? getArgumentValues(field, node, info.variableValues) : {};
    const below: Ahead['below'] = (inner, innerKey) =>
      startReads(inner, getNamedType(field.type).name, innerKey, context, info, same);
    // At once, so that loaders get all keys together; what the field will complain of is left to the field.
    const start = async () => read(key, { context, args: argumentsOf(), below });
    start().catch(() => {});
  }
};
