import {
  isAcceptable,
  isJson,
  isUnencoded,
  jsonResponseTypes,
  partsSpecs,
  partsTypes,
} from '../media-types.ts';
import { badRequest } from '../rejection.ts';
import type { RequestGuard } from './guard.ts';

const notJson = badRequest('Content-Type: expected application/json, in UTF-8.', {
  status: 415,
  reason: 'media_type',
  headers: { accept: 'application/json' },
});

/** Rejects bodies that are not declared as JSON: a page of another site can send other types without a preflight. */
export const contentType: RequestGuard = {
  name: 'content type',
  routes: ['graphql'],
  stage: 'head',
  check: ({ method, headers }) =>
    method === 'POST' && !isJson(headers.get('content-type')) ? notJson : undefined,
};

const encoded = badRequest('Content-Encoding: expected none: request bodies are not decompressed.', {
  status: 415,
  reason: 'media_type',
  headers: { 'accept-encoding': 'identity' },
});

export const contentEncoding: RequestGuard = {
  name: 'content encoding',
  routes: ['graphql'],
  stage: 'head',
  check: ({ method, headers }) =>
    method === 'POST' && !isUnencoded(headers.get('content-encoding')) ? encoded : undefined,
};

const expected = [...jsonResponseTypes, ...partsTypes].join(', ');

const notAcceptable = badRequest(
  `Accept: expected one of ${expected}; a format of parts may be ${partsSpecs.join(' or ')}.`,
  {
    status: 406,
    reason: 'not_acceptable',
  },
);

/** Rejects requests whose response the client would not accept, before anything is executed. */
export const accept: RequestGuard = {
  name: 'accept',
  routes: ['graphql'],
  stage: 'head',
  check: (request) =>
    request.mediaType === undefined && !isAcceptable(request.headers.get('accept'))
      ? notAcceptable
      : undefined,
};
