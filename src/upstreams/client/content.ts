import { type CallInput, type Endpoint, fillPath } from '../endpoint/endpoint.ts';
import type { Requested } from '../endpoint/response-keys.ts';
import type { HttpRequest } from './http.ts';

/** The content of a call, without its token. */
export interface Content extends Pick<HttpRequest, 'method' | 'path' | 'body'> {
  /** The input of the call; the rows of the response are checked against it. */
  readonly requested: Requested;
}

const queryOf = (query: CallInput['query']): string => {
  if (query === undefined) return '';
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries<string | undefined>(query)) {
    if (value !== undefined) text.set(key, value);
  }
  return text.size === 0 ? '' : `?${text}`;
};

export const contentOf = <E extends Endpoint>(
  endpoint: E,
  { params, query, body }: CallInput<E>,
): Content => {
  const content = endpoint.request.parse(body);
  return {
    method: endpoint.method,
    path: fillPath(endpoint.path, params) + queryOf(query),
    body: content === undefined ? undefined : JSON.stringify(content),
    requested: { params, query, body },
  };
};

/** Returns a key that is equal for equal calls. It contains the input, possibly an SSN, and must stay in memory. */
export const contentKey = ({ operation }: Endpoint, { path, body }: Content): string =>
  // Only the body, which comes last, can contain a blank. An operation has one method.
  body === undefined ? `${operation} ${path}` : `${operation} ${path} ${body}`;
