import type { RequestGuard } from './guard.ts';

/** No input of any field is as deep. */
const maxDepth = 32;

const isNested = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether lists and objects are nested deeper than allowed. It reads no deeper than that. */
const isDeeper = (value: unknown, levels: number): boolean =>
  isNested(value) && (levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1)));

export const isTooDeep = (variables: unknown): boolean => isDeeper(variables, maxDepth);

/** Rejects variables that are nested too deeply, before they are compared with their types. */
export const variables: RequestGuard = {
  name: 'variables',
  routes: ['graphql'],
  stage: 'body',
  check: ({ parameters, mediaType }) =>
    isTooDeep(parameters?.variables)
      ? {
          // GraphQL over HTTP: in application/json, an error of the operation is no error of HTTP.
          status: mediaType === 'application/graphql-response+json' ? 400 : 200,
          reason: 'bad_request',
          error: {
            code: 'BAD_USER_INPUT',
            message: `variables: expected lists and objects at most ${maxDepth} levels deep.`,
          },
        }
      : undefined,
};
