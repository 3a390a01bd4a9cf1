import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../request/context.ts';

export const unlessAllowed = 'unless the caller has the scope `pii:read`';

/** Returns a personal value whole to a caller with `pii:read`, which the audit trail records; masked to all others. */
export const wholeOrMasked = (
  whole: string | null,
  mask: (whole: string) => string,
  { caller, audit }: Context,
  { parentType, fieldName }: GraphQLResolveInfo,
): string | null => {
  if (whole === null) return null;
  if (!caller.scopes.has('pii:read')) return mask(whole);
  audit.shown(`${parentType.name}.${fieldName}`);
  return whole;
};
