import { type ExecutionResult, GraphQLError } from 'graphql';
import type { JsonResponseType } from './media-types.ts';

const hasStatus = ({ extensions }: GraphQLError): boolean =>
  (extensions['http'] as { readonly status?: number } | undefined)?.status !== undefined;

const withoutHttp = (error: GraphQLError): GraphQLError => {
  const { message, nodes = null, source = null, positions = null, path = null } = error;
  const { http, ...extensions } = error.extensions;
  return http === undefined
    ? error
    : new GraphQLError(message, { nodes, source, positions, path, extensions });
};

/**
 * Makes Yoga give a result the status that GraphQL over HTTP demands: 200 if it has a `data` entry, whatever its errors
 * say; in `application/graphql-response+json` 4xx or 5xx if it has none.
 */
export const withStatus = (result: ExecutionResult, mediaType: JsonResponseType): ExecutionResult => {
  const { errors, extensions } = result;
  if (!errors) return result;
  if ('data' in result) return { ...result, errors: errors.map(withoutHttp) };
  if (mediaType !== 'application/graphql-response+json' || errors.some(hasStatus)) return result;
  const isOurs = errors.some(({ extensions: { code } }) => code === 'INTERNAL_SERVER_ERROR');
  return { ...result, extensions: { ...extensions, http: { status: isOurs ? 500 : 400 } } };
};
