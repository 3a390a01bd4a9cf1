import SchemaBuilder, { contextCacheSymbol } from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin, {
  type AuthFailure,
  AuthScopeFailureType,
  RequestCache,
} from '@pothos/plugin-scope-auth';
import { GraphQLError } from 'graphql';
import { type Caller, type Scope, scopes } from '../../operation/caller.ts';
import type { Context } from '../../request/context.ts';
import type { Malformed } from '../../values/malformed.ts';
import type { Secret, SecurityCode } from '../../values/secret.ts';

interface TextScalar<Input = string> {
  Input: Input;
  Output: string;
}

interface SecretScalar<Kind extends Secret> {
  Input: Kind;
  Output: never;
}

interface SchemaTypes {
  Context: Context;
  AuthScopes: Record<Scope, boolean>;
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Connection: { totalCount: number };
  Scalars: {
    ID: TextScalar;
    BirthDate: TextScalar;
    CardNumber: SecretScalar<Secret>;
    Date: TextScalar<string | Malformed>;
    DateTime: TextScalar<string | Malformed>;
    Decimal: TextScalar<string | Malformed>;
    LocalDateTime: TextScalar<string | Malformed>;
    LocalTime: TextScalar<string | Malformed>;
    PhoneNumber: TextScalar<string | Malformed>;
    SecurityCode: SecretScalar<SecurityCode>;
    SSN: TextScalar<string | Malformed>;
  };
}

/** How many items a page of a connection holds. */
export const pageSize = { default: 50, max: 500 } as const;

/** The error of a field that its caller has no scope for: it names the field, and the scopes of which one is enough. */
export const forbidden = (field: string, wanted: readonly string[]): GraphQLError =>
  new GraphQLError(`${field}: expected a caller with the scope ${wanted.join(' or ')}.`, {
    extensions: { code: 'FORBIDDEN', scopes: wanted },
  });

const scopesIn = (failure: AuthFailure): string[] => {
  if ('failures' in failure) return failure.failures.flatMap(scopesIn);
  return failure.kind === AuthScopeFailureType.AuthScope ? [failure.scope] : [];
};

export const builder = new SchemaBuilder<SchemaTypes>({
  // Scopes are looked at before anything else.
  plugins: [ScopeAuthPlugin, RelayPlugin],
  scopeAuth: {
    authScopes: ({ caller }) =>
      Object.fromEntries(scopes.map((scope) => [scope, caller.scopes.has(scope)])) as Record<Scope, boolean>,
    unauthorizedError: (_, __, { parentType, fieldName }, { failure }) =>
      forbidden(`${parentType.name}.${fieldName}`, scopesIn(failure)),
  },
  defaultFieldNullability: false,
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodeTypeOptions: { description: 'Something that can be asked for again by its id.' },
    idFieldOptions: { description: 'Identifies it among everything here.' },
    edgesFieldOptions: { nullable: false, description: 'The items of this page, each with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    cursorFieldOptions: { description: 'The place of this item, to be given as `after` or `before`.' },
    pageInfoFieldOptions: { description: 'Whether there is more, and from where to go on.' },
    pageInfoTypeOptions: { description: 'Where a page of a connection begins and ends.' },
    hasNextPageFieldOptions: { description: 'Whether items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items precede this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null on an empty page.' },
    firstArgOptions: {
      description: `How many items from the start: ${pageSize.default} unless told, ${pageSize.max} at the most.`,
    },
    afterArgOptions: { description: 'Only items behind this cursor.' },
    lastArgOptions: { description: `How many items from the end, ${pageSize.max} at the most.` },
    beforeArgOptions: { description: 'Only items before this cursor.' },
  },
});

const remembered = new WeakSet<Caller['scopes']>();

/**
 * What stands in the context under `contextCacheSymbol`: by it is remembered, for all requests of a caller, what its
 * scopes allow.
 *
 * It would be remembered by the context itself, in a weak map: what such a map names lives on until all of the memory is
 * gone through, and a context leads to all that its request has read.
 */
export const scopeCacheKey = ({ scopes: held }: Pick<Caller, 'scopes'>): Caller['scopes'] => {
  if (!remembered.has(held)) {
    // What is remembered keeps the context that it was made of: one that holds the scopes alone.
    const context = { [contextCacheSymbol]: held, caller: { scopes: held } };
    RequestCache.fromContext(context, builder as never);
    remembered.add(held);
  }
  return held;
};

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', { nullable: false, description: 'The number of items on all pages.' }),
);

builder.queryType({ description: 'Everything that can be read.' });

builder.mutationType({
  description:
    'Everything that can be changed. What a mutation is told of by its result, refusals included, is in the union that it answers.',
});
