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
import { pageSize } from './page-size.ts';

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
  // Scopes are checked before anything else.
  plugins: [ScopeAuthPlugin, RelayPlugin],
  scopeAuth: {
    authorizeOnSubscribe: true,
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
    nodeTypeOptions: { description: 'An object that `node` returns by its ID (Relay).' },
    idFieldOptions: { description: 'Globally unique ID (Relay).' },
    edgesFieldOptions: { nullable: false, description: 'The items of this page, each with its cursor.' },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    cursorFieldOptions: { description: 'Cursor of this item, for `after` or `before`.' },
    pageInfoFieldOptions: {
      description: 'Whether further pages exist, and the cursors that continue the list.',
    },
    pageInfoTypeOptions: {
      description: 'First and last cursor of a page, and whether further pages exist (Relay).',
      // Subgraphs of a federation each have one.
      shareable: true,
    },
    hasNextPageFieldOptions: { description: 'Whether items follow this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether items precede this page.' },
    startCursorFieldOptions: { description: 'The cursor of the first item; null on an empty page.' },
    endCursorFieldOptions: { description: 'The cursor of the last item; null on an empty page.' },
    firstArgOptions: {
      description: `Number of items from the start. Default ${pageSize.default}, maximum ${pageSize.max}.`,
    },
    afterArgOptions: { description: 'Only items after this cursor of the same list.' },
    lastArgOptions: { description: `Number of items from the end, maximum ${pageSize.max}.` },
    beforeArgOptions: { description: 'Only items before this cursor of the same list.' },
  },
});

const remembered = new WeakSet<Caller['scopes']>();

/**
 * Returns the value of `contextCacheSymbol` in a context: the key under which the results of scope checks are cached
 * for all requests of a caller.
 *
 * Without it, the context itself would be the key, in a weak map. Such keys stay in memory until a full garbage
 * collection, and a context refers to all rows that its request has read.
 */
export const scopeCacheKey = ({ scopes: held }: Pick<Caller, 'scopes'>): Caller['scopes'] => {
  if (!remembered.has(held)) {
    // The cache keeps the context that it was created with: this one contains the scopes only.
    const context = { [contextCacheSymbol]: held, caller: { scopes: held } };
    RequestCache.fromContext(context, builder as never);
    remembered.add(held);
  }
  return held;
};

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', { nullable: false, description: 'The number of items on all pages.' }),
);

builder.queryType({ description: 'All read operations.' });

builder.mutationType({
  description: 'All write operations. Every mutation returns a union of its success type and typed errors.',
});

builder.subscriptionType({
  description: 'Changes as they are noticed, over server-sent events.',
});
