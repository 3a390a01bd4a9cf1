import { type CallInput, type Endpoint, fillPath } from '../endpoint/endpoint.ts';
import type { Requested } from '../endpoint/response-keys.ts';
import type { HttpRequest } from './http.ts';

/** What is sent for a call, but for the token that it carries. */
export interface Content extends Pick<HttpRequest, 'method' | 'path' | 'body'> {
  /** What it was made from: the rows of the answer are checked against it. */
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

/** Tells equal calls from all others. It holds what was asked for, maybe an SSN: it stays in memory. */
export const contentKey = ({ operation }: Endpoint, { method, path, body }: Content): string =>
  // None but the body can hold a blank, and that comes last.
  `${operation} ${method} ${path} ${body ?? ''}`;
