import { type ExecutionResult, GraphQLError } from 'graphql';
import { withoutStack } from '../../lib/without-stack.ts';
import type { Redactor } from '../../telemetry/redaction/redact.ts';

const notShown = '(not shown)';

/** No message of GraphQL without a value is as long. */
const longest = 4000;

/** Replaces the whole message: the patterns below would take minutes for a megabyte. */
const shortened = (message: string): string => {
  const [variable = 'The request'] = /^Variable "\$\w{1,100}"/.exec(message) ?? [];
  return `${variable} has a value that cannot be used.`;
};

/**
 * Removes the caller's values from the messages of GraphQL itself, which repeats what it cannot use: in syntax
 * errors, invalid literals and invalid variables. A value can be an SSN, and clients log errors.
 */
export const scrub = (message: string): string => {
  if (message.length > longest) return shortened(message);
  return (
    message
      .replace(/((?:cannot|can't) represent [\w -]*value: ?).*$/s, `$1${notShown}`)
      // The names of fields are the caller's too, and can contain anything: they are removed first.
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
  // The error of a parser, which quotes the text around it.
  const { originalError, code = 'BAD_USER_INPUT', ...extensions } = error.extensions;
  const message = text(scrub(error.message));
  const options = { nodes, source, positions, path, extensions: { code, ...extensions } };
  return withoutStack(() => new GraphQLError(message, options));
};

/** Scrubs every error, removes what the redactor finds, and adds a code to errors of GraphQL that have none. */
export const withScrubbedMessages = (result: ExecutionResult, redactor: TextRedactor): ExecutionResult =>
  result.errors
    ? { ...result, errors: result.errors.map((error) => scrubbed(error, redactor)) as GraphQLError[] }
    : result;
