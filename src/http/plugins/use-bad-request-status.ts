import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const statusOf = ({ extensions }: GraphQLError): number => {
  const http = extensions['http'] as { readonly status?: number } | undefined;
  return http?.status ?? 400;
};

/** Gives what is no request of GraphQL its status. */
export const setBadRequestStatus = ({ errors = [] }: ExecutionResult): void => {
  for (const error of errors) {
    if (!(error instanceof GraphQLError) || error.extensions['code'] !== 'BAD_REQUEST') continue;
    const http = error.extensions['http'] as object | undefined;
    error.extensions['http'] = { ...http, status: statusOf(error), spec: false };
  }
};

/**
 * Answers what is no request of GraphQL with 400, or with its own status, whatever the client accepts.
 *
 * Yoga does so for `application/graphql-response+json` only. GraphQL over HTTP asks for 200 in `application/json`
 * where a document is at fault; a body that is not even JSON is none.
 */
export const useBadRequestStatus = (): Plugin => ({
  onResultProcess: ({ result }) => {
    if (!Array.isArray(result) && !(Symbol.asyncIterator in result)) setBadRequestStatus(result);
  },
});
