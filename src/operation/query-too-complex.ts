import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/**
 * An operation that asks for more than may be asked for at once.
 *
 * It counts as an error of the document: 400 for who takes `application/graphql-response+json`.
 *
 * @param message names the limit and what it allows, and no value.
 * @param place the field at which it shows, if the place where it is thrown does not identify it.
 */
export const queryTooComplex = (
  message: string,
  extensions: GraphQLErrorExtensions = {},
  place: { readonly path?: readonly (string | number)[]; readonly nodes?: GraphQLError['nodes'] } = {},
): GraphQLError =>
  new GraphQLError(message, {
    nodes: place.nodes ?? null,
    path: place.path ?? null,
    extensions: { code: 'QUERY_TOO_COMPLEX', ...extensions, http: { spec: true, status: 400 } },
  });
