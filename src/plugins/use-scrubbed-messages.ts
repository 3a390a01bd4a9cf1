import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const notShown = '(not shown)';

/**
 * Takes the caller's values out of the messages of GraphQL itself, which repeats what it cannot use: in syntax
 * errors, refused literals and refused variables. They may be anybody's SSN, and errors end in logs.
 */
export const scrub = (message: string): string =>
  message
    .replace(/((?:cannot|can't) represent [\w -]*value: ?).*$/s, `$1${notShown}`)
    // From the value to the last clause, which names the place and what was expected.
    .replace(/( got invalid value ).*?((?: at "[\w.[\]]+")?; (?:(?!; ).)*)$/s, `$1${notShown}$2`)
    .replace(/^(Syntax Error: .*?\b(?:String|BlockString|Int|Float)) ".*$/s, '$1.')
    .replace(/^(Expected value of type "[^"]*", found ).*$/s, `$1${notShown}.`)
    .replace(/^(Value )".*"( does not exist in )/s, `$1${notShown}$2`);

const scrubbed = (error: unknown): unknown => {
  if (!(error instanceof GraphQLError)) return error;
  const message = scrub(error.message);
  if (message === error.message) return error;
  const { nodes = null, source = null, positions = null, path = null, extensions } = error;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
};

/** Scrubs every error of every answer: Yoga's masking does not see those of parsing and validation. */
export const useScrubbedMessages = (): Plugin => ({
  onResultProcess: ({ result, setResult }) => {
    if (Array.isArray(result) || Symbol.asyncIterator in result || !result.errors) return;
    setResult({ ...result, errors: result.errors.map(scrubbed) as GraphQLError[] });
  },
});
