import {
  defaultFieldResolver,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { Scope } from '../../operation/caller.ts';
import type { Context } from '../../request/context.ts';

// Own code: Pothos looks the result of each check up in maps by the caller and the field, which takes longer than the check.

type Scopes = Partial<Record<Scope, true>>;

/** The options of a field that concern its scopes. */
interface ScopeOptions {
  readonly authScopes?: Scopes | { readonly $any: Scopes };
  /** Returns the value of a field without its scopes; by default the field fails. */
  readonly unauthorizedResolver?: (
    ...args: [...Parameters<GraphQLFieldResolver<unknown, Context>>, Error]
  ) => unknown;
}

const optionsOf = ({ extensions }: { readonly extensions: object }): ScopeOptions =>
  ('pothosOptions' in extensions ? extensions.pothosOptions : {}) as ScopeOptions;

/** The error of a field that its caller has no scope for: it names the field, and the scopes of which one is enough. */
export const forbidden = (field: string, wanted: readonly string[]): GraphQLError =>
  new GraphQLError(`${field}: expected a caller with the scope ${wanted.join(' or ')}.`, {
    extensions: { code: 'FORBIDDEN', scopes: wanted },
  });

/** Makes every field with scopes require one of them before it is resolved. */
export const checkScopes = (schema: GraphQLSchema): GraphQLSchema => {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    // The plugin, which would check those of a type, is switched off.
    if (optionsOf(type).authScopes) throw new Error(`${type.name}: expected scopes at its fields.`);
    for (const field of Object.values(type.getFields())) {
      const { authScopes, unauthorizedResolver } = optionsOf(field);
      if (!authScopes) continue;
      const wanted = Object.keys('$any' in authScopes ? authScopes.$any : authScopes) as Scope[];
      const { resolve = defaultFieldResolver } = field;
      field.resolve = (parent, args, context: Context, info) => {
        const { scopes } = context.caller;
        if (wanted.some((scope) => scopes.has(scope))) return resolve(parent, args, context, info) as unknown;
        const error = forbidden(`${type.name}.${field.name}`, wanted);
        if (unauthorizedResolver) return unauthorizedResolver(parent, args, context, info, error);
        throw error;
      };
    }
  }
  return schema;
};
