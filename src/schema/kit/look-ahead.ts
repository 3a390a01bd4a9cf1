import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import { plannedSelection } from '../../operation/plan.ts';
import type { Context } from '../../request/context.ts';
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
class Ahead {
  readonly context: Context;
  readonly #field: GraphQLField<unknown, unknown>;
  readonly #nodes: readonly FieldNode[];
  readonly #info: GraphQLResolveInfo;

  constructor(
    context: Context,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    info: GraphQLResolveInfo,
  ) {
    this.context = context;
    this.#field = field;
    this.#nodes = nodes;
    this.#info = info;
  }

  /** The arguments of the field; empty where it is given none. */
  get args(): Readonly<Record<string, unknown>> {
    const [node] = this.#nodes;
    return node?.arguments?.length ? getArgumentValues(this.#field, node, this.#info.variableValues) : {};
  }

  /** Goes on below the field, whose value is known by a key as well. */
  below<Key>(reads: ReadsByKey<Key>, key: Key): void {
    const { name } = getNamedType(this.#field.type);
    startReads(reads, name, key, this.context, this.#info, this.#nodes);
  }
}

/** The fields of a type that need nothing but a key that is known before their parent is there, each with its read. */
export interface ReadsByKey<Key> {
  readonly [field: string]: (key: Key, ahead: Ahead) => unknown;
}

/** Starts a read at once, so that loaders get all keys together; what the field will complain of is left to the field. */
const start = <Key>(read: ReadsByKey<Key>[string], key: Key, ahead: Ahead): void => {
  try {
    const reading = read(key, ahead);
    if (reading instanceof Promise) reading.catch(() => {});
  } catch {
    // It will be thrown again.
  }
};

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
    start(read, key, new Ahead(context, field, same, info));
  }
};
