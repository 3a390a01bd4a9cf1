import { GraphQLError } from 'graphql';

/**
 * The error for an argument that cannot be used, found before anything is sent.
 *
 * It names the argument and what was expected, never the value: that may be anybody's personal data.
 */
export const badInput = (argument: string, expected: string): GraphQLError =>
  new GraphQLError(`${argument}: expected ${expected}.`, {
    extensions: { code: 'BAD_USER_INPUT', argument },
  });

/** Checks an identifier of RecoveryConnect, which are all numbers. */
export const numericId = (value: string, argument: string): string => {
  if (!/^\d{1,18}$/.test(value)) throw badInput(argument, 'a number of at most 18 digits');
  return value.replace(/^0+(?=\d)/, '');
};

/** Checks a file number and writes it in capitals: they are compared without regard to case. */
export const fileNumberOf = (value: string, argument: string): string => {
  const fileNumber = value.trim().toUpperCase();
  if (!/^[A-Z0-9][A-Z0-9._-]{0,49}$/.test(fileNumber)) {
    throw badInput(argument, 'at most 50 letters and digits, as in R1001');
  }
  return fileNumber;
};
