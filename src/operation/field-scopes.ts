import type { GraphQLField } from 'graphql';

/** The scopes that a field requires. It requires each of them. */
export const scopesOf = ({ extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'>): string[] => {
  const options = extensions['pothosOptions'] as { readonly authScopes?: object } | undefined;
  return Object.keys(options?.authScopes ?? {});
};
