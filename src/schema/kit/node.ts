import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Scope } from '../../operation/caller.ts';
import type { Calls } from '../../operation/cost/calls.ts';
import { costing, type FieldCost, type Selected, textsIn } from '../../operation/cost/field-cost.ts';
import type { Things } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import { builder, forbidden } from './builder.ts';
import type { FieldBuilder } from './column-fields.ts';
import { badInput } from './input-error.ts';
import { pageSize } from './page-size.ts';
import { noteNode } from './record-notes.ts';

type NodeTypeName =
  | 'Account'
  | 'Address'
  | 'Assignment'
  | 'Borrower'
  | 'Collateral'
  | 'EmailEvent'
  | 'Note'
  | 'Order'
  | 'PendingOutcome'
  | 'Phone'
  | 'Photo'
  | 'Portfolio'
  | 'SpecialInstruction';

/** The types of objects that have an id, but that no operation reads again. */
type ObjectTypeName =
  | NodeTypeName
  | 'Company'
  | 'PhotoKind'
  | 'Vehicle'
  | 'VehicleMake'
  | 'VehicleModel'
  | 'VehicleProperty';

/** Finds an object by the parts of its key: `null` if it is missing, `undefined` for an invalid key. */
type Find = (
  key: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
) => Promise<object | null> | undefined;

/** Returns the scope that a caller needs for an object with this key; it is checked before the read. */
type ScopeOf = (key: readonly string[]) => Scope;

/** What a look-up costs, and what it finds. */
interface FindingCost {
  readonly calls: readonly Calls[];
  readonly gives: readonly Things[];
}

/** What a look-up by a key costs, and what it finds; `undefined` for what is no key. */
type CostOf = (key: readonly string[]) => FindingCost | undefined;

/** A field whose value is the whole key of its object. */
interface KeyField {
  readonly name: string;
  /** The form of its values, as in "expected …". */
  readonly form: string;
  /** Returns the key that a value stands for; `null` for a value that cannot be one. */
  readonly read: (value: string) => string | null;
}

interface Finder {
  readonly scopeOf: ScopeOf;
  readonly find: Find;
  readonly costOf: CostOf;
  /** Left out if the key has several parts. */
  readonly keyField?: KeyField;
  /** The cost of several objects whose keys have one part; left out where it is the sum of their costs. */
  readonly costOfAll?: (keys: readonly string[]) => FindingCost;
}

const finders = new Map<string, Finder>();

/** The types of objects that can be found by their keys. */
export const findableTypes: ReadonlyMap<string, Pick<Finder, 'keyField'>> = finders;

/** Declares how objects of a type are found by the key in their ids, and the scope that they need. */
export const findNodesBy = (typeName: NodeTypeName, finder: Finder): void => {
  finders.set(typeName, finder);
};

/** The cost of objects whose keys have one part. */
export const costOfSingleKeys = (
  costOfAll: NonNullable<Finder['costOfAll']>,
): Pick<Finder, 'costOf' | 'costOfAll'> => ({
  costOf: ([key = '', ...rest]) => (rest.length > 0 ? undefined : costOfAll([key])),
  costOfAll,
});

/** The scope for objects of both systems: their keys begin with the letter of their system. */
export const bySystem: ScopeOf = ([system]) => (system === 'S' ? 'accounts:read' : 'orders:read');

/** The interface of every type that can be read by its id. */
export const NodeInterface = builder.nodeInterfaceRef();

/** Writes the id of an object with a key. */
export const encodeId = (typeName: ObjectTypeName, key: readonly string[]): string =>
  Buffer.from([typeName, ...key.map(encodeURIComponent)].join(':')).toString('base64url');

/** Returns the key of an object: made of the upstream's own keys, never of personal data. */
type KeyOf<Parent> = (parent: Parent, context: Context) => readonly string[];

const idField = <Parent>(
  t: FieldBuilder<Parent>,
  typeName: ObjectTypeName,
  keyOf: KeyOf<Parent>,
  description: string,
) =>
  t.id({
    description,
    resolve: (parent, _, context) => encodeId(typeName, keyOf(parent, context)),
  });

/** The `id` of a type that `node` returns. It never takes a call. */
export const nodeId = <Parent>(
  t: FieldBuilder<Parent>,
  typeName: NodeTypeName,
  keyOf: KeyOf<Parent>,
  more = '',
) => idField(t, typeName, keyOf, `Globally unique ID (Relay).${more}`);

/** The `id` of a type that no operation reads again: for caches. It never takes a call. */
export const cacheId = <Parent>(
  t: FieldBuilder<Parent>,
  typeName: Exclude<ObjectTypeName, NodeTypeName>,
  keyOf: KeyOf<Parent>,
  more = '',
) =>
  idField(
    t,
    typeName,
    keyOf,
    `Globally unique ID, for caches. \`node\` does not accept it: no upstream operation reads one by its number.${more}`,
  );

/** The sentence for ids of rows whose number may be missing. */
export const withoutNumber =
  ' Of a row without a number it is a digest, which changes with any value of the row.';

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

/** Returns the type and the parts of the key in an id; it accepts any text, also an invalid id. */
export const readNodeId = (id: string): NodeKey => {
  const [typeName = '', ...parts] = Buffer.from(id, 'base64url').toString().split(':');
  return { typeName, key: parts.map(decoded) };
};

/** An object by its type and its key. */
export interface NodeKey {
  readonly typeName: string;
  readonly key: readonly string[];
}

/**
 * Finds an object; `null` if it does not exist.
 *
 * @param argument names the id or the key in errors.
 * @throws {GraphQLError} with the code BAD_USER_INPUT for an invalid key, or FORBIDDEN without its scope.
 */
export const findByKey = async (
  { typeName, key }: NodeKey,
  argument: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> => {
  const finder = key.includes('') ? undefined : finders.get(typeName);
  const scope = finder?.scopeOf(key);
  if (scope && !context.caller.scopes.has(scope)) throw forbidden(argument, [scope]);
  const finding = finder?.find(key, context, info);
  if (!finding) throw badInput(argument, 'an id that came with an earlier response');
  const found = await finding;
  if (!found) return null;
  noteNode(typeName, key, found, context.audit);
  // GraphQL needs the type name; rows do not contain it.
  brandWithType(found, typeName as NodeTypeName as never);
  return found;
};

const findNode = (
  id: string,
  argument: string,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<object | null> => findByKey(readNodeId(id), argument, context, info);

/** Groups keys by their types, each type at its first key. */
const byType = (keys: readonly NodeKey[]): Map<string, (readonly string[])[]> => {
  const grouped = new Map<string, (readonly string[])[]>();
  for (const { typeName, key } of keys) {
    const known = grouped.get(typeName);
    if (known) known.push(key);
    else grouped.set(typeName, [key]);
  }
  return grouped;
};

/**
 * Returns what look-ups of several objects cost. Objects of one type are counted together where that is possible: what is
 * selected of them is walked once, and not once for each.
 */
export const costOfKeys = (keys: readonly NodeKey[]): FindingCost[] =>
  [...byType(keys)].flatMap(([typeName, all]) => {
    const { costOf, costOfAll } = finders.get(typeName) ?? {};
    const single = all.filter(({ length }) => length === 1).map(([key = '']) => key);
    const found = costOfAll ? [costOfAll(single)] : all.flatMap((key) => costOf?.(key) ?? []);
    return found.map(({ calls, gives }) => ({
      calls,
      // They may arrive one by one.
      gives: gives.map((one) => ({
        ...one,
        type: typeName,
        arrivals: Math.max(one.arrivals, one.names.length),
      })),
    }));
  });

/** The cost of a field that finds objects, by their keys in its arguments. */
export const findingCost = (keysIn: (args: Selected['args']) => readonly NodeKey[]): FieldCost => ({
  calls: ({ args }) => costOfKeys(keysIn(args)).flatMap(({ calls }) => calls),
  gives: ({ args }) => costOfKeys(keysIn(args)).flatMap(({ gives }) => gives),
});

/** The cost of looking up the ids in an argument. */
const costOfIds = (argument: string): FieldCost =>
  findingCost((args) => textsIn(args[argument]).map(readNodeId));

// One of the scopes is enough here; the id determines which of them the object needs.
const someRead = { $any: { 'accounts:read': true, 'orders:read': true, 'payments:read': true } } as const;

builder.queryFields((t) => ({
  node: t.field({
    type: NodeInterface,
    authScopes: someRead,
    nullable: true,
    description: 'One object by its ID (Relay). Null if it does not exist.',
    extensions: costing(costOfIds('id')),
    args: { id: t.arg.id({ required: true, description: 'An ID from an earlier response.' }) },
    resolve: (_, { id }, context, info) => findNode(id, 'id', context, info) as never,
  }),
  nodes: t.field({
    type: [NodeInterface],
    authScopes: someRead,
    // The list itself is never null; a missing object is a null item.
    unauthorizedResolver: (_, { ids }, __, ___, error) => ids.map(() => error) as never,
    nullable: { list: false, items: true },
    description: `Objects by their IDs (Relay), in the same order, maximum ${pageSize.max}. An item is null if its object does not exist.`,
    extensions: costing(costOfIds('ids')),
    args: {
      ids: t.arg.idList({ required: true, description: 'IDs from earlier responses.' }),
    },
    resolve: (_, { ids }, context, info) => {
      if (ids.length > pageSize.max) throw badInput('ids', `at most ${pageSize.max} of them`);
      return ids.map((id, index) => findNode(id, `ids.${index}`, context, info)) as never;
    },
  }),
}));
