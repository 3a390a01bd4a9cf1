import type { ObjectRef } from '@pothos/core';
import type { DefaultConnectionArguments } from '@pothos/plugin-relay';
import type { Scope } from '../../operation/caller.ts';
import { costing, type FieldCost } from '../../operation/cost/field-cost.ts';
import { callsFor, oneOf, severalOf, type Things } from '../../operation/cost/things.ts';
import { type Args, type FieldRead, prefetching } from '../../operation/field-read.ts';
import type { Context } from '../../request/context.ts';
import type { ReplyOf } from '../../upstreams/endpoint/endpoint.ts';
import { type KeyedEndpoint, type KeyOf, keyReaderOf } from '../../upstreams/endpoint/keyed.ts';
import type { Row } from '../../upstreams/endpoint/row.ts';
import type { FieldBuilder, SchemaTypes } from './column-fields.ts';
import { pageOf, wantedOf } from './connection.ts';
import { cursorsOf } from './cursor.ts';
import { isNewestFirst, ListOrderEnum, newestFirst } from './list-order.ts';

/** The properties of a parent that are known before its row is there. */
export type Known<Parent> = Parent extends unknown ? Omit<Parent, 'row'> : never;

/**
 * The extensions of a field that makes its calls itself: what is prefetched by the known properties of the parent, and
 * what the field costs.
 */
export const declaring = <Parent extends object>({
  start,
  below,
  ...cost
}: FieldRead<Known<Parent> & object, Context> & FieldCost) => ({
  ...prefetching<Known<Parent> & object, Context>({ ...(start && { start }), ...(below && { below }) }),
  ...costing(cost),
});

/** A read of one endpoint by a key that is known before the row of the parent is there. */
interface Read<Parent extends object, E extends KeyedEndpoint> {
  readonly endpoint: E;
  /** Returns the key; left out if the parent has its parts. */
  readonly key?: (parent: Known<Parent>, args: never) => KeyOf<E>;
  /** The assumed length of the list; left out if nothing below it makes calls. */
  readonly size?: number;
  /** The objects in the estimate of the cost, if they are no plain list. */
  readonly gives?: (things: Things) => Things;
}

/** A parent without the parts of the key needs a function that returns them. */
type WithKey<Parent extends object, E extends KeyedEndpoint> =
  Parent extends KeyOf<E> ? object : Required<Pick<Read<Parent, E>, 'key'>>;

/** What follows from a read: the call itself, its prefetching, and its cost. */
const declare = <Parent extends object, E extends KeyedEndpoint>({
  endpoint,
  key,
  size,
  gives = size === undefined ? undefined : (things) => severalOf(things, endpoint.operation, size),
}: Read<Parent, E>) => {
  const keyOf = (parent: Parent, args: Args) =>
    (key ? key(parent as Parent & Known<Parent>, args as never) : parent) as KeyOf<E>;
  const load = (parent: Parent, args: Args, { loaders }: Context): Promise<ReplyOf<E>> =>
    loaders.of(endpoint).load(keyOf(parent, args));
  const cost: FieldCost = {
    calls: ({ things, args }) => [callsFor(endpoint, key ? oneOf(things, JSON.stringify(args)) : things)],
    ...(gives && { gives: ({ things }) => [gives(things)] }),
  };
  const nameOfKey = (parent: Parent, args: Args): string => keyReaderOf(endpoint).nameOf(keyOf(parent, args));
  return { load, nameOfKey, cost };
};

/** The options of a field that do not depend on its read. */
interface Shown<Parent extends object> {
  readonly description: string;
  readonly authScopes?: Partial<Record<Scope, true>>;
  readonly args?: Parameters<FieldBuilder<Parent>['field']>[0]['args'];
}

type Ref<Item> = ObjectRef<SchemaTypes, Item, Item>;

type ItemOf<Type> = Type extends ObjectRef<SchemaTypes, infer Item, unknown> ? Item : never;

/** The value of a field of a type, or of a list of it. */
type ValueOf<Type> = Type extends readonly (infer Item)[] ? readonly ItemOf<Item>[] : ItemOf<Type> | null;

type IsList<Value> = Value extends readonly unknown[] ? true : false;

/** A list of a type cannot be made of one row, nor one object of a list, without a function that does it. */
type WithValue<Type, Reply> =
  IsList<Type> extends IsList<NonNullable<Reply>> ? object : { readonly value: unknown };

/** The rows of a response, each as the parent of its fields; `null` if a single row is missing. */
const rowsIn = (reply: unknown): unknown =>
  Array.isArray(reply) ? reply.map((row: Row) => ({ row })) : reply && { row: reply };

/**
 * A field that is one read by the key of its parent. The endpoint is named here only: prefetching and the estimate of the
 * cost follow from it.
 *
 * @param t the builder of the parent's fields.
 */
export const read = <Parent extends object, E extends KeyedEndpoint, Type extends object>(
  t: FieldBuilder<Parent>,
  {
    type,
    description,
    authScopes,
    args = {},
    value = rowsIn as never,
    ...one
  }: Read<Parent, E> &
    WithKey<Parent, E> &
    Shown<Parent> &
    WithValue<Type, ReplyOf<E>> & {
      readonly type: Type;
      /** Makes the value of the response; by default each row is an object of the type. */
      readonly value?: (reply: ReplyOf<E>, parent: Parent, args: never, context: Context) => ValueOf<Type>;
    },
) => {
  const { load, cost } = declare(one as object as Read<Parent, E>);
  const extensions = { ...prefetching({ start: load }), ...costing(cost) };
  const resolve = async (parent: Parent, given: Args, context: Context): Promise<unknown> =>
    value(await load(parent, given, context), parent, given as never, context);
  const options = { type, nullable: true, description, authScopes, args, extensions, resolve };
  return t.field(options as object as Parameters<typeof t.field>[0]);
};

/** A list of a read that is returned in pages. */
interface PagedList<Parent, Item> {
  readonly type: Ref<Item>;
  /** The coordinates of the field. */
  readonly list: `${string}.${string}`;
  /** Makes the items of the rows; by default each row is one. */
  readonly itemsOf?: (rows: readonly Row[], parent: Parent) => readonly Item[];
  /** Returns the upstream's number for an item; left out or `null` if it has none. */
  readonly numberOf?: (row: Row) => string | null;
  /** What `NEWEST_FIRST` sorts by: its description, and its value of a row. */
  readonly newestBy: readonly [described: string, timeOf: (row: Row) => string | null];
}

/** A connection that is one page of a read by the key of its parent. */
export const readPage = <Parent extends object, E extends KeyedEndpoint, Item extends { readonly row: Row }>(
  t: FieldBuilder<Parent>,
  {
    type,
    list,
    numberOf = () => null,
    newestBy: [described, timeOf],
    description,
    authScopes,
    itemsOf = (rows) => rows.map((row) => ({ row }) as Item),
    ...one
  }: Read<Parent, E> & WithKey<Parent, E> & Shown<Parent> & PagedList<Parent, Item>,
  ...named: readonly { readonly name: string; readonly description: string }[]
) => {
  const { load, nameOfKey, cost } = declare(one as object as Read<Parent, E>);
  /** What is asked for, checked: nothing is read for arguments that cannot be used. */
  const askedOf = (parent: Parent, args: DefaultConnectionArguments & Args, context: Context) => {
    const isSorted = isNewestFirst(args['order']);
    const cursors = cursorsOf(context, list, nameOfKey(parent, args), isSorted);
    return { isSorted, cursors, wanted: wantedOf(args, cursors) };
  };
  const start = (parent: Parent, args: Args, context: Context) => {
    askedOf(parent, args, context);
    return load(parent, args, context);
  };
  const resolve = async (parent: Parent, args: DefaultConnectionArguments & Args, context: Context) => {
    const { isSorted, cursors, wanted } = askedOf(parent, args, context);
    const rows = (await load(parent, args, context)) as readonly Row[];
    const items = isSorted
      ? context.loaders.sorted(rows, () => newestFirst(itemsOf(rows, parent), ({ row }) => timeOf(row)))
      : itemsOf(rows, parent);
    return pageOf(items, wanted, {
      cursors,
      keyOf: ({ row }) => numberOf(row) ?? cursors.digestOf(row),
      nodeOf: (item) => item,
      isCountedFromEnd: isSorted,
    });
  };
  const order = t.arg({
    type: ListOrderEnum,
    required: false,
    defaultValue: 'AS_RECORDED',
    description: `Order of the list; null means \`AS_RECORDED\`. \`NEWEST_FIRST\` sorts by ${described}.`,
  });
  const extensions = { ...prefetching({ start }), ...costing(cost) };
  const options = { type, nullable: true, description, authScopes, args: { order }, extensions, resolve };
  return t.connection(options as never, ...(named as never as []));
};
