import type { FetchAPI } from 'graphql-yoga';
import type { ErrorCode } from '../../lib/error-codes.ts';

export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  readonly code: ErrorCode;
  /** A sentence without any value that came with the request. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The answer to a request that is turned away before it is read, in the form of an answer of GraphQL. */
export const refusal = (
  { Response }: Pick<FetchAPI, 'Response'>,
  { status, code, message, headers = {}, extensions = {} }: Refusal,
): Response =>
  Response.json({ errors: [{ message, extensions: { code, ...extensions } }] }, { status, headers });
