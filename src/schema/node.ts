import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { builder, pageSize } from '../builder.ts';
import type { Context } from '../context.ts';
import type { FieldBuilder } from './column-fields.ts';
import { badInput } from './input-error.ts';

type NodeTypeName = 'Account' | 'Assignment' | 'Borrower' | 'Order' | 'Phone' | 'Portfolio';

/** Finds a thing by the parts of its key: `null` where it is not there, `undefined` for what is no key at all. */
type Find = (
  key: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
) => Promise<object | null> | undefined;

const finders = new Map<string, Find>();

/** Says how things of a type are found by the key that their ids hold. */
export const findNodesBy = (typeName: NodeTypeName, find: Find): void => {
  finders.set(typeName, find);
};

/** What every type that can be looked up by its id implements. */
export const NodeInterface = builder.nodeInterfaceRef();

const encodeId = (typeName: NodeTypeName, key: readonly string[]): string =>
  Buffer.from([typeName, ...key.map(encodeURIComponent)].join(':')).toString('base64url');

/** The `id` of a node type, made of the upstream's own keys: never of personal data. */
export const nodeId = <Parent>(
  t: FieldBuilder<Parent>,
  typeName: NodeTypeName,
  keyOf: (parent: Parent) => readonly string[],
) =>
  t.id({
    description: 'Identifies it among everything here, and gives it again through `node`.',
    resolve: (parent) => encodeId(typeName, keyOf(parent)),
  });

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

const findNode = async (
  id: string,
  argument: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> => {
  const [typeName = '', ...parts] = Buffer.from(id, 'base64url').toString().split(':');
  const key = parts.map(decoded);
  const finding = key.includes('') ? undefined : finders.get(typeName)?.(key, context, info);
  if (!finding) throw badInput(argument, 'an id that came with an earlier answer');
  const found = await finding;
  // GraphQL has to know what type it is; its rows do not say.
  if (found) brandWithType(found, typeName as NodeTypeName as never);
  return found;
};

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    nullable: true,
    description: 'One thing by its id; null when it is not there any more.',
    args: { id: t.arg.id({ required: true, description: 'An id that came with an earlier answer.' }) },
    resolve: (_, { id }, context, info) => findNode(id, 'id', context, info) as never,
  }),
  nodes: t.field({
    type: [NodeInterface],
    nullable: { list: false, items: true },
    description: `Several things by their ids, in the same order, ${pageSize.max} at the most; null where one is not there any more.`,
    args: {
      ids: t.arg.idList({ required: true, description: 'Ids that came with earlier answers.' }),
    },
    resolve: (_, { ids }, context, info) => {
      if (ids.length > pageSize.max) throw badInput('ids', `at most ${pageSize.max} of them`);
      return ids.map((id, index) => findNode(id, `ids.${index}`, context, info)) as never;
    },
  }),
}));
