import type { ExecutionResult, GraphQLError } from 'graphql';

const statusOf = ({ extensions }: GraphQLError): number => {
  const http = extensions['http'] as { readonly status?: number } | undefined;
  return http?.status ?? 400;
};

/**
 * Sets the status 400, or its own, for what is no GraphQL request, in every media type. GraphQL over HTTP requires 200 in
 * `application/json` for an invalid document only, and Yoga reports all errors of validation as such.
 */
export const withBadRequestStatus = (result: ExecutionResult): ExecutionResult => {
  for (const error of result.errors ?? []) {
    if (error.extensions['code'] !== 'BAD_REQUEST') continue;
    const http = error.extensions['http'] as object | undefined;
    error.extensions['http'] = { ...http, status: statusOf(error), spec: false };
  }
  return result;
};
