import type { CombinedError } from '@urql/core';

/** The codes of errors by the paths of their fields. */
export const errorsByPath = (error: CombinedError | undefined): Map<string, unknown> =>
  new Map(error?.graphQLErrors.map(({ path = [], extensions }) => [path.join('.'), extensions['code']]));
