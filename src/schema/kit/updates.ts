import type { ObjectRef } from '@pothos/core';
import { GraphQLError } from 'graphql';
import type { Scope } from '../../operation/caller.ts';
import { costing } from '../../operation/cost/field-cost.ts';
import { named, type Things } from '../../operation/cost/things.ts';
import type { Context } from '../../request/context.ts';
import { type FollowedPart, follow } from '../../request/updates.ts';
import { TooManyPollsError } from '../../updates/polls.ts';
import type { KeyedEndpoint, KeyOf } from '../../upstreams/endpoint/keyed.ts';
import { builder } from './builder.ts';
import type { SchemaTypes } from './column-fields.ts';
import { badInput } from './input-error.ts';

/** A part of an object whose changes are reported. */
export interface UpdatePart extends FollowedPart {
  readonly description: string;
}

type Key<Name extends string> = Readonly<Record<Name, string>>;

export interface UpdatesDefinition<Name extends string, Part extends string, Shape extends object> {
  readonly scope: Scope;
  readonly description: string;
  /** The name of the argument that identifies the object, which is the key of all reads. */
  readonly key: Name;
  readonly keyType: 'String' | 'ID';
  readonly keyDescription: string;
  /** Checks the argument, and returns it in the form of keys. */
  readonly keyOf: (given: string) => string;
  readonly parts: Readonly<Record<Part, UpdatePart>>;
  /** The read that finds nothing if the object does not exist. */
  readonly endpoint: KeyedEndpoint;
  /** The name of the field with the object, and its type. */
  readonly field: string;
  readonly type: ObjectRef<SchemaTypes, Shape>;
  readonly objectOf: (key: Key<Name>) => Shape;
  /** The object in the estimate of the cost. */
  readonly gives: (things: Things) => Things;
}

/** What a subscriber gets. */
interface Update<Name extends string, Part extends string> {
  readonly key: Key<Name>;
  readonly changed: readonly Part[];
}

/** Seconds after which another attempt makes sense. */
const retryAfter = 30;

const tooMany = (): GraphQLError =>
  new GraphQLError('Too many accounts and orders are followed: retry later.', {
    extensions: { code: 'RATE_LIMITED', retryAfter },
  });

const capitalized = (name: string): string => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

/**
 * Adds a subscription `<field>Updates` to the changes of an object, with its type `<Field>Update` and the enum
 * `<Field>Part`.
 *
 * The upstreams report no changes: parts are read again and compared. What was read is not read once more for the
 * fields below an update.
 */
export const addUpdates = <Name extends string, Part extends string, Shape extends object>({
  scope,
  description,
  key: keyName,
  keyType,
  keyDescription,
  keyOf,
  parts,
  endpoint,
  field,
  type,
  objectOf,
  gives,
}: UpdatesDefinition<Name, Part, Shape>): void => {
  const names = Object.keys(parts) as Part[];
  const PartEnum = builder.enumType(`${capitalized(field)}Part`, {
    description: `A part of \`${capitalized(field)}\` whose changes \`${field}Updates\` reports.`,
    values: Object.fromEntries(
      names.map((name) => [name, { description: parts[name].description }]),
    ) as Record<Part, { description: string }>,
  });
  const UpdateType = builder.objectRef<Update<Name, Part>>(`${capitalized(field)}Update`).implement({
    description: `What \`${field}Updates\` reports.`,
    fields: (t) => ({
      changed: t.field({
        type: [PartEnum],
        description: 'The parts that differ from their last read.',
        resolve: ({ changed }) => [...changed] as never,
      }),
      [field]: t.field({
        type,
        authScopes: { [scope]: true },
        description: `The ${field} as it is now.`,
        extensions: costing({ gives: ({ things }) => [gives(things)] }),
        resolve: ({ key }) => objectOf(key) as never,
      }),
    }),
  });

  const keyFrom = (args: Readonly<Record<string, unknown>>): Key<Name> =>
    ({ [keyName]: keyOf(String(args[keyName])) }) as Key<Name>;

  const subscribe = async (key: Key<Name>, wanted: readonly Part[], context: Context) => {
    if (wanted.length === 0) throw badInput('parts', 'at least one part, or no argument');
    const found = await context.loaders.of(endpoint).load(key as KeyOf<KeyedEndpoint>);
    if (found === null) throw badInput(keyName, `the number of an ${field} that exists`);
    try {
      return await follow(context, { all: parts, wanted, key });
    } catch (error) {
      throw error instanceof TooManyPollsError ? tooMany() : error;
    }
  };

  builder.subscriptionField(`${field}Updates`, (t) =>
    t.field({
      type: UpdateType,
      authScopes: { [scope]: true },
      description,
      args: {
        [keyName]: t.arg({ type: keyType, required: true, description: keyDescription }),
        parts: t.arg({
          type: [PartEnum],
          required: false,
          description: 'The parts whose changes are reported; all unless given.',
        }),
      },
      extensions: costing({
        calls: ({ args }) =>
          wantedOf(args['parts'])
            .map((part) => parts[part].endpoint)
            .concat(endpoint)
            .map(({ operation }) => ({ operation, names: ['followed'], each: 1 })),
        gives: () => [named('update', [''], { parent: {} })],
      }),
      subscribe: (_, args, context) =>
        subscribe(keyFrom(args), wantedOf((args as { readonly parts?: unknown }).parts), context) as never,
      resolve: (changes: unknown, args, context) => {
        const key = keyFrom(args);
        const responses = changes as ReadonlyMap<Part, unknown>;
        for (const [part, response] of responses) {
          context.loaders.of(parts[part].endpoint).prime(key as KeyOf<KeyedEndpoint>, response as never);
        }
        return { key, changed: [...responses.keys()] };
      },
    }),
  );

  const wantedOf = (given: unknown): readonly Part[] =>
    Array.isArray(given) ? [...new Set(given as Part[])] : names;
};
