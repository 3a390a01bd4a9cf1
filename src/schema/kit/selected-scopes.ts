import { type GraphQLResolveInfo, getNamedType, isCompositeType } from 'graphql';
import type { Caller } from '../../operation/caller.ts';
import { scopesOf } from '../../operation/field-scopes.ts';
import { createSelectionWalk } from '../../operation/walk-selection.ts';
import { forbidden } from './builder.ts';

/**
 * Checks that a caller may read everything that is selected below the field being resolved, including what is skipped.
 *
 * @throws {GraphQLError} with the code FORBIDDEN.
 */
export const checkSelected = (
  { schema, fragments, fieldNodes, returnType }: GraphQLResolveInfo,
  { scopes }: Caller,
): void => {
  const allowed: ReadonlySet<string> = scopes;
  const walk = createSelectionWalk<undefined>({
    schema,
    fragments,
    keyOf: () => '',
    visit: ({ name, selectionSet }, type) => {
      const field = type.getFields()[name.value];
      if (!field) return;
      const missing = scopesOf(field).filter((scope) => !allowed.has(scope));
      if (missing.length > 0) throw forbidden(`${type.name}.${field.name}`, missing);
      const below = getNamedType(field.type);
      if (selectionSet && isCompositeType(below)) walk(selectionSet, below, undefined);
    },
  });
  const returned = getNamedType(returnType);
  for (const { selectionSet } of fieldNodes) {
    if (selectionSet && isCompositeType(returned)) walk(selectionSet, returned, undefined);
  }
};
