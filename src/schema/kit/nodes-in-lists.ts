import { callsFor, oneOf, type Things } from '../../operation/cost/things.ts';
import { prefetch } from '../../operation/prefetch.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import type { KeyedEndpoint, KeyOf } from '../../upstreams/endpoint/keyed.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { itemWithKey, type Listed } from './listed.ts';
import { bySystem, findNodesBy } from './node.ts';

/** The list that an endpoint returns by the key of the parent, and how its items name their parent. */
interface ListOfParent<E extends KeyedEndpoint, Item> {
  /** The letter of the system, with which the keys begin. */
  readonly system: 'S' | 'R';
  readonly endpoint: E;
  /** The number of parts of the parent's key. */
  readonly parts: number;
  /**
   * Returns the key of the parent.
   *
   * @throws {GraphQLError} with the code BAD_USER_INPUT for parts that cannot be one.
   */
  readonly parentOf: (parts: readonly string[]) => KeyOf<E>;
  readonly itemsOf: (rows: ReplyOf<E>, parent: KeyOf<E>) => readonly Item[];
  /** The parent in the estimate of the cost. */
  readonly thingsOf: (parts: readonly string[]) => Things;
  /** The object in the estimate; left out if nothing below it makes calls. */
  readonly gives?: (parent: Things) => Things;
}

type NodeTypeName = Parameters<typeof findNodesBy>[0];

/** How the objects of a list are found by their ids: by the same read as for the list. */
export const finderInList = <E extends KeyedEndpoint, Item extends Omit<Listed, 'row'>>(
  typeName: NodeTypeName,
  {
    system,
    endpoint,
    parts,
    parentOf,
    itemsOf,
    thingsOf,
    gives = (parent) => oneOf(parent, typeName),
  }: ListOfParent<E, Item>,
): Parameters<typeof findNodesBy>[1] => {
  // The letter, the parent, the own key, and an ordinal if it is not the first with that key.
  const isKey = ([letter, ...rest]: readonly string[]): boolean =>
    letter === system && (rest.length === parts + 1 || rest.length === parts + 2);
  const parentIn = (key: readonly string[]): readonly string[] => key.slice(1, parts + 1);
  return {
    scopeOf: bySystem,
    find: (key, context, info) => {
      if (!isKey(key)) return undefined;
      const parent = parentOf(parentIn(key));
      const reading = context.loaders.of(endpoint).load(parent);
      prefetch(typeName, parent, context, info);
      return reading.then((reply) => {
        const items = itemsOf(reply, parent);
        return itemWithKey(items, key, context) ?? absentFrom(endpoint, reply as readonly unknown[]);
      });
    },
    costOf: (key) => {
      if (!isKey(key)) return undefined;
      const parent = thingsOf(parentIn(key));
      return { calls: [callsFor(endpoint, parent)], gives: [gives(parent)] };
    },
  };
};

/** Declares that the objects of a type are found by the read of their list. */
export const findNodesInList = <E extends KeyedEndpoint, Item extends Omit<Listed, 'row'>>(
  typeName: NodeTypeName,
  list: ListOfParent<E, Item>,
): void => findNodesBy(typeName, finderInList(typeName, list));
