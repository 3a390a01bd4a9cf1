import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../../request/context.ts';

/** Reports once for each field of an operation, not at each of thousands of places, that a response is too large. */
export const withoutRepeats = (
  result: ExecutionResult,
  { responseBudget }: Pick<Context, 'responseBudget'>,
): ExecutionResult => {
  if (!result.errors || !responseBudget.isExceeded()) return result;
  return { ...result, errors: [...new Set(result.errors)] };
};

/** Replaces errors by what callers may know of them. */
export const withMaskedErrors = (
  result: ExecutionResult,
  maskError: (error: unknown) => GraphQLError,
): ExecutionResult => (result.errors ? { ...result, errors: result.errors.map(maskError) } : result);

const suggestion = / ?Did you mean [^?]*\?/g;

const withoutSuggestion = (error: GraphQLError): GraphQLError => {
  const { message, nodes = null, source = null, positions = null, path = null, extensions } = error;
  const short = message.replace(suggestion, '');
  return short === message ? error : new GraphQLError(short, { nodes, source, positions, path, extensions });
};

/** Removes names of the schema that GraphQL suggests for a misspelt one. */
export const withoutSuggestions = (result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map(withoutSuggestion) } : result;
