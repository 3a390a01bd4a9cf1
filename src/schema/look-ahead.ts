import { collectSubFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.ts';

/** A field that is selected below the one being resolved. */
export interface SelectedField {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly nodes: FieldNode[];
}

/** The fields selected of an object type below some fields; fragments resolved, what is skipped left out. */
const selectedOf = (
  typeName: string,
  nodes: readonly FieldNode[],
  info: GraphQLResolveInfo,
): SelectedField[] => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return [];
  const { fields } = collectSubFields(info.schema, info.fragments, info.variableValues, type, [...nodes]);
  return [...fields.values()].flatMap((same): SelectedField[] => {
    const [node] = same;
    const field = node && type.getFields()[node.name.value];
    if (!field) return [];
    try {
      return [{ name: field.name, args: getArgumentValues(field, node, info.variableValues), nodes: same }];
    } catch {
      // The field itself will tell what is wrong with its arguments.
      return [];
    }
  });
};

/** The names of the fields that are selected of an object type below the field being resolved. */
export const selectedNames = (typeName: string, info: GraphQLResolveInfo): string[] =>
  selectedOf(typeName, info.fieldNodes, info).map(({ name }) => name);

/**
 * The fields of a type that need nothing but the key of their parent, each with the read that it costs: what can
 * start before the parent is there. A table inside stands for a field that costs nothing, but has such fields.
 */
export interface ReadsByKey<Key> {
  readonly [field: string]:
    | ((context: Context, key: Key, args: Readonly<Record<string, unknown>>) => Promise<unknown>)
    | ReadsByKey<Key>;
}

/**
 * Starts the reads of those selected fields that need nothing but the key, beside the read of the object itself.
 *
 * The fields will find them under way in their loaders. One that fails is told by its field, if that is reached.
 */
export const startReads = <Key>(
  reads: ReadsByKey<Key>,
  typeName: string,
  key: Key,
  context: Context,
  info: GraphQLResolveInfo,
  nodes: readonly FieldNode[] = info.fieldNodes,
): void => {
  for (const field of selectedOf(typeName, nodes, info)) {
    const read = reads[field.name];
    if (typeof read === 'function') read(context, key, field.args).catch(() => {});
    else if (read) {
      const inner = getNamedType(info.schema.getType(typeName) && fieldTypeOf(typeName, field.name, info));
      if (inner) startReads(read, inner.name, key, context, info, field.nodes);
    }
  }
};

const fieldTypeOf = (typeName: string, fieldName: string, info: GraphQLResolveInfo) => {
  const type = info.schema.getType(typeName);
  return isObjectType(type) ? type.getFields()[fieldName]?.type : undefined;
};
