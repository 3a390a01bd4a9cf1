import { readBodyParameters, readSearchParameters } from '../parameters.ts';
import { badRequest } from '../rejection.ts';
import type { RequestGuard } from './guard.ts';

const tooLarge = {
  status: 413,
  reason: 'too_large',
  error: { code: 'REQUEST_ENTITY_TOO_LARGE', message: 'Request body too large' },
} as const;

/** Reads the body, and rejects one that is too large. */
export const bodySize: RequestGuard = {
  name: 'body size',
  routes: ['graphql', 'mcp'],
  stage: 'body',
  check: (request, { maxBodyBytes }) => {
    if (request.method !== 'POST') return undefined;
    return request.transport.readBody(maxBodyBytes).then((body) => {
      if (body === 'too large') return tooLarge;
      request.body = body;
      request.isAborted = body === undefined;
      return undefined;
    });
  },
};

/** Reads the parameters of GraphQL over HTTP, and rejects those of another form. */
export const parameters: RequestGuard = {
  name: 'parameters',
  routes: ['graphql'],
  stage: 'body',
  check: (request) => {
    const read = request.body
      ? readBodyParameters(request.body)
      : readSearchParameters(request.searchParameters);
    request.body = undefined;
    if ('fault' in read) return badRequest(read.fault);
    request.parameters = read.parameters;
    return undefined;
  },
};
