import type { ErrorCode } from '../lib/error-codes.ts';
import type { RejectionReason } from '../telemetry/metrics/request-metrics.ts';

/** The response to a request that a guard rejects. */
export interface Rejection {
  /** The HTTP status. */
  readonly status: number;
  /** The label of `recollect_refusals_total`. */
  readonly reason: RejectionReason;
  /** `null` for a response without a body. */
  readonly error: RejectionError | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The code of JSON-RPC, for a body that is none of its messages. */
  readonly rpcCode?: number;
}

export interface RejectionError {
  readonly code: ErrorCode;
  /** A sentence without any value of the request. */
  readonly message: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Rejects what is no valid HTTP or GraphQL request. */
export const badRequest = (
  message: string,
  { status = 400, reason = 'bad_request', headers = {} }: Partial<Omit<Rejection, 'error' | 'rpcCode'>> = {},
): Rejection => ({ status, reason, error: { code: 'BAD_REQUEST', message }, headers });
