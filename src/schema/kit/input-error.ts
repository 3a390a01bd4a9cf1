import { GraphQLError } from 'graphql';
import { fileNumberForm, toFileNumber } from '../../values/file-number.ts';
import { Malformed } from '../../values/malformed.ts';
import { numericIdForm, parseNumericId } from '../../values/numeric-id.ts';

/**
 * The error for an argument that cannot be used, found before anything is sent.
 *
 * It names the argument and what was expected, never the value: that may be anybody's personal data.
 */
export const badInput = (argument: string, expected: string): GraphQLError =>
  new GraphQLError(`${argument}: expected ${expected}.`, {
    extensions: { code: 'BAD_USER_INPUT', argument },
  });

/** Checks that an argument has the form of its scalar. */
export const wellFormed = (value: string | Malformed, argument: string): string => {
  if (value instanceof Malformed) throw badInput(argument, value.expected);
  return value;
};

/** Checks an identifier of RecoveryConnect, which are all numbers. */
export const numericId = (value: string, argument: string): string => {
  const id = parseNumericId(value);
  if (id === null) throw badInput(argument, numericIdForm);
  return id;
};

/** Checks a file number and writes it in capitals: they are compared without regard to case. */
export const fileNumberOf = (value: string, argument: string): string => {
  const fileNumber = toFileNumber(value);
  if (fileNumber === null) throw badInput(argument, fileNumberForm);
  return fileNumber;
};
