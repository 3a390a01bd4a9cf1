import { CombinedGraphQLErrors, type ErrorLike } from '@apollo/client';

/** The codes of errors by the paths of their fields. */
export const errorsByPath = (error: ErrorLike | undefined): Map<string, unknown> =>
  new Map(
    CombinedGraphQLErrors.is(error)
      ? error.errors.map(({ path = [], extensions }) => [path.join('.'), extensions?.['code']])
      : [],
  );
