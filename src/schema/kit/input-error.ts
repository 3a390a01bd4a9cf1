import { GraphQLError } from 'graphql';
import { Malformed } from '../../values/malformed.ts';

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
  if (!/^\d{1,18}$/.test(value)) throw badInput(argument, 'a number of at most 18 digits');
  return value.replace(/^0+(?=\d)/, '');
};

/** The form of a file number, as in "expected …". */
export const fileNumberForm = 'at most 50 letters and digits, as in R1001';

/** Writes a file number in capitals; `null` where it cannot be one. */
export const toFileNumber = (value: string): string | null => {
  const fileNumber = value.trim();
  // Checked before: the capitals of some letters are others, as of ß and ﬁ.
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$/.test(fileNumber) ? fileNumber.toUpperCase() : null;
};

/** Checks a file number and writes it in capitals: they are compared without regard to case. */
export const fileNumberOf = (value: string, argument: string): string => {
  const fileNumber = toFileNumber(value);
  if (fileNumber === null) throw badInput(argument, fileNumberForm);
  return fileNumber;
};
