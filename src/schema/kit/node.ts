import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../../operation/caller.ts';
import type { Context } from '../../request/context.ts';
import { builder, forbidden, pageSize } from './builder.ts';
import type { FieldBuilder } from './column-fields.ts';
import { badInput } from './input-error.ts';
import { noteNode } from './record-notes.ts';

type NodeTypeName = 'Account' | 'Assignment' | 'Borrower' | 'Order' | 'Phone' | 'Portfolio';

/** Finds a thing by the parts of its key: `null` where it is not there, `undefined` for what is no key at all. */
type Find = (
  key: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
) => Promise<object | null> | undefined;

/** What a caller must be allowed to for a thing with this key, before it is looked for. */
type ScopeOf = (key: readonly string[]) => Scope;

const finders = new Map<string, { readonly scopeOf: ScopeOf; readonly find: Find }>();

/** Says how things of a type are found by the key that their ids hold, and who may have them. */
export const findNodesBy = (typeName: NodeTypeName, scopeOf: ScopeOf, find: Find): void => {
  finders.set(typeName, { scopeOf, find });
};

/** The scope for things of both systems: their keys begin with the one that they are of. */
export const bySystem: ScopeOf = ([system]) => (system === 'S' ? 'accounts:read' : 'orders:read');

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

/** The type and the parts of the key that an id names; of any text, which may be no id at all. */
export const readNodeId = (id: string): { readonly typeName: string; readonly key: readonly string[] } => {
  const [typeName = '', ...parts] = Buffer.from(id, 'base64url').toString().split(':');
  return { typeName, key: parts.map(decoded) };
};

const findNode = async (
  id: string,
  argument: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> => {
  const { typeName, key } = readNodeId(id);
  const finder = key.includes('') ? undefined : finders.get(typeName);
  const scope = finder?.scopeOf(key);
  if (scope && !context.caller.scopes.has(scope)) throw forbidden(argument, [scope]);
  const finding = finder?.find(key, context, info);
  if (!finding) throw badInput(argument, 'an id that came with an earlier answer');
  const found = await finding;
  if (!found) return null;
  noteNode(typeName, key, found, context.audit);
  // GraphQL has to know what type it is; its rows do not say.
  brandWithType(found, typeName as NodeTypeName as never);
  return found;
};

// What it takes in the end is told by the id.
const someRead = { $any: { 'accounts:read': true, 'orders:read': true } } as const;

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    authScopes: someRead,
    nullable: true,
    description: 'One thing by its id; null when it is not there any more.',
    args: { id: t.arg.id({ required: true, description: 'An id that came with an earlier answer.' }) },
    resolve: (_, { id }, context, info) => findNode(id, 'id', context, info) as never,
  }),
  nodes: t.field({
    type: [NodeInterface],
    authScopes: someRead,
    // The list itself is never null: each of its places tells.
    unauthorizedResolver: (_, { ids }, __, ___, error) => ids.map(() => error) as never,
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
