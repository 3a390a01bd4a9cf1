import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Scope } from '../../operation/caller.ts';
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

export const builder = new SchemaBuilder<SchemaTypes>({
  plugins: [ScopeAuthPlugin, RelayPlugin],
  // `checkScopes` checks the scopes: of the plugin, only the types of the options are used.
  scopeAuth: { authScopes: () => ({}) as Record<Scope, boolean> },
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

builder.globalConnectionField('totalCount', (t) =>
  t.exposeInt('totalCount', { nullable: false, description: 'The number of items on all pages.' }),
);

builder.queryType({ description: 'All read operations.' });

builder.mutationType({
  description: 'All write operations. Every mutation returns a union of its success type and typed errors.',
});
