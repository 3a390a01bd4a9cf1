import { parseArgs } from 'node:util';

export interface Options {
  readonly json: boolean;
  /** The file that the shapes of the responses are written to. */
  readonly shapes: string | undefined;
  readonly help: boolean;
}

/** Options that cannot be used. The message is for people, and repeats no value. */
export class OptionsError extends Error {
  constructor(problem: string) {
    super(problem);
    this.name = 'OptionsError';
  }
}

export const usage = `Checks settings, the ledger, trusted documents, certificates, clocks and live responses. It only reads.

  npm run doctor                            a line for each check
  npm run --silent doctor -- --json         one JSON document, for programs
  npm run doctor -- --shapes <new file>     also writes the shapes of the responses, without any value
  npm run doctor -- --help                  this text

Exit code: 0 if nothing is in trouble, 1 if something is, 2 for options that cannot be used.
docs/doctor.md describes each check and both formats.
`;

const options = {
  json: { type: 'boolean' },
  shapes: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const names = Object.keys(options).map((name) => `--${name}`);

const isKnown = (argument: string): boolean => ['-h', ...names].includes(argument.replace(/=.*$/s, ''));

/**
 * Reads the arguments of the command.
 *
 * @throws {OptionsError}
 */
export const readOptions = (given: readonly string[]): Options => {
  const unknown = given.findIndex(
    (argument, index) =>
      !isKnown(argument) && !(given[index - 1] === '--shapes' && !argument.startsWith('-')),
  );
  if (unknown !== -1) {
    throw new OptionsError(`Option ${unknown + 1} is unknown; expected ${names.join(', ')}.`);
  }
  try {
    const { values } = parseArgs({ args: [...given], options, strict: true });
    const { json = false, shapes, help = false } = values;
    if (shapes?.trim() === '') throw new OptionsError('--shapes: expected the path of a new file.');
    return { json, shapes, help };
  } catch (error) {
    if (error instanceof OptionsError) throw error;
    const [name] = given.filter((argument) => /^--(?:json|help)=/.test(argument));
    throw new OptionsError(
      name === undefined
        ? '--shapes: expected the path of a new file.'
        : `${name.replace(/=.*$/s, '')}: expected no value.`,
    );
  }
};
