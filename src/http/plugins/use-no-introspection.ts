import { type ExecutionResult, GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const suggestion = / ?Did you mean [^?]*\?/g;

const withoutSuggestion = (error: GraphQLError): GraphQLError => {
  const { message, nodes = null, source = null, positions = null, path = null, extensions } = error;
  const short = message.replace(suggestion, '');
  return short === message ? error : new GraphQLError(short, { nodes, source, positions, path, extensions });
};

export const withoutSuggestions = (result: ExecutionResult): ExecutionResult =>
  result.errors ? { ...result, errors: result.errors.map(withoutSuggestion) } : result;

/** Tells nobody what is in the schema: not by introspection, nor by guesses at what a misspelt name may mean. */
export const useNoIntrospection = (): Plugin => ({
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
  onResultProcess: ({ result, setResult }) => {
    if (Array.isArray(result) || Symbol.asyncIterator in result || !result.errors) return;
    setResult(withoutSuggestions(result));
  },
});
