import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Redactor } from '../../telemetry/redaction/redact.ts';

const notShown = '(not shown)';

/** No message of GraphQL that holds no value is as long. */
const longest = 4000;

/** Where the value ends is not looked for: the patterns below would take minutes for a megabyte. */
const shortened = (message: string): string => {
  const [variable = 'The request'] = /^Variable "\$\w{1,100}"/.exec(message) ?? [];
  return `${variable} has a value that cannot be used.`;
};

/**
 * Takes the caller's values out of the messages of GraphQL itself, which repeats what it cannot use: in syntax
 * errors, refused literals and refused variables. They may be anybody's SSN, and errors end in logs.
 */
export const scrub = (message: string): string => {
  if (message.length > longest) return shortened(message);
  return (
    message
      .replace(/((?:cannot|can't) represent [\w -]*value: ?).*$/s, `$1${notShown}`)
      // The names of fields are the caller's too. Before what follows, since they may hold anything.
      .replace(
        /((?:^|; )Field )"((?:(?!; Field ").)*)"( is not defined by type )/s,
        (_, field: string, name: string, rest: string) =>
          `${field}${/^[A-Za-z_]{1,60}$/.test(name) ? `"${name}"` : notShown}${rest}`,
      )
      .replace(/((?:^|; )Value )"(?:(?!; Value ").)*"( does not exist in )/s, `$1${notShown}$2`)
      // From the value to the last clause, which names the place and what was expected.
      .replace(/( got invalid value ).*?((?: at "[\w.[\]]+")?; (?:(?!; ).)*)$/s, `$1${notShown}$2`)
      .replace(/^(Syntax Error: .*?\b(?:String|BlockString|Int|Float)) ".*$/s, '$1.')
      .replace(/^(Syntax Error: [^"]*)"[^"]*\d.*$/s, `$1${notShown}.`)
      .replace(/^(Expected value of type "[^"]*", found ).*$/s, `$1${notShown}.`)
      .replace(/^(Unexpected parameter )".*"( in the request body)/s, `$1${notShown}$2`)
  );
};

type TextRedactor = Pick<Redactor, 'text'>;

const scrubbed = (error: unknown, { text }: TextRedactor): unknown => {
  if (!(error instanceof GraphQLError)) return error;
  const { nodes = null, source = null, positions = null, path = null } = error;
  // Yoga puts its JSON parser's complaint here, with the text around it.
  const { originalError, code = 'BAD_USER_INPUT', ...extensions } = error.extensions;
  return new GraphQLError(text(scrub(error.message)), {
    nodes,
    source,
    positions,
    path,
    extensions: { code, ...extensions },
  });
};

export const withScrubbedMessages = (result: ExecutionResult, redactor: TextRedactor): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => scrubbed(error, redactor)) as GraphQLError[] }
    : result;

/**
 * Scrubs every error of every answer, takes out what the redactor finds besides, and gives a code to those of GraphQL that have none: Yoga's masking does not
 * see the errors of parsing and validation.
 */
export const useScrubbedMessages = (redactor: TextRedactor): Plugin => ({
  onResultProcess: ({ result, setResult }) => {
    if (Array.isArray(result) || Symbol.asyncIterator in result || !result.errors) return;
    setResult(withScrubbedMessages(result, redactor));
  },
});
