import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.ts';
import { scopesOf } from './selected-scopes.ts';

type Arguments = Readonly<Record<string, unknown>>;

/** A field that is selected below the one being resolved. */
interface SelectedField {
  readonly field: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
}

/** The fields selected of an object type below some fields; fragments resolved, what is skipped left out. */
const selectedOf = (
  typeName: string,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): SelectedField[] => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return [];
  // It remembers what it has found for this very list, as long as that is there: a copy would be looked at anew.
  const below = nodes as FieldNode[];
  const { fields } = collectSubFields(info.schema, info.fragments, info.variableValues, type, below);
  return [...fields.values()].flatMap((same): SelectedField[] => {
    const field = same[0] && type.getFields()[same[0].name.value];
    return field ? [{ field, nodes: same }] : [];
  });
};

/** The names of the fields that are selected of an object type below the field being resolved. */
export const selectedNames = (typeName: string, info: GraphQLResolveInfo): string[] =>
  selectedOf(typeName, info.fieldNodes, info).map(({ field }) => field.name);

/** What a read that starts ahead of its field is given beside the key. */
interface Ahead {
  readonly context: Context;
  /** The arguments of the field. */
  readonly args: Arguments;
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
  const scopes: ReadonlySet<string> = context.caller.scopes;
  for (const { field, nodes: same } of selectedOf(typeName, nodes, info)) {
    const read = reads[field.name];
    if (!read || !scopesOf(field).every((scope) => scopes.has(scope))) continue;
    const below: Ahead['below'] = (inner, innerKey) =>
      startReads(inner, getNamedType(field.type).name, innerKey, context, info, same);
    // At once, so that loaders get all keys together; what the field will complain of is left to the field.
    const start = async () => read(key, { context, args: argumentsOf(field, same, info), below });
    start().catch(() => {});
  }
};

const argumentsOf = (
  field: GraphQLField<unknown, unknown>,
  [node]: readonly FieldNode[],
  info: GraphQLResolveInfo,
): Arguments => (node ? getArgumentValues(field, node, info.variableValues) : {});
