/** The upstreams of the gateway. */
export type UpstreamSystem = 'SCOLLECT' | 'RECOVERY_CONNECT';

export const systemNames: Record<UpstreamSystem, string> = {
  SCOLLECT: 'Scollect',
  RECOVERY_CONNECT: 'RecoveryConnect',
};

/** The public description of a call. Its path is the template: a filled path can contain an SSN. */
export interface UpstreamOperation {
  readonly system: UpstreamSystem;
  /** The upstream's own name of the operation, e.g. `get_accounts_in_portfolio`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
}

/**
 * An upstream call without a usable response.
 *
 * A read that finds nothing has a response, and is no error. Messages contain the method and the path template only.
 * Texts of upstreams may repeat personal data, and are never part of them.
 */
export abstract class UpstreamError extends Error {
  readonly call: UpstreamOperation;
  /** The predicate of the message; its subject is the system. */
  readonly what: string;
  /** Whether repeating the call later may succeed and does no harm. */
  readonly retryable: boolean;

  constructor(call: UpstreamOperation, what: string, retryable: boolean, cause?: unknown) {
    super(`${systemNames[call.system]} ${what} (${call.method} ${call.path}).`, { cause });
    this.name = new.target.name;
    this.call = call;
    this.what = what;
    this.retryable = retryable;
  }
}

/** The system is not configured. */
export class NotConfiguredError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, 'is not configured', false);
  }
}

/** The call was not executed: the connection failed, or the upstream reported that it is unavailable. */
export class UnavailableError extends UpstreamError {
  /** Seconds to wait before a retry, if known. */
  readonly retryAfter: number | null = null;

  constructor(call: UpstreamOperation, cause?: unknown, what = 'is unavailable') {
    super(call, what, true, cause);
  }
}

/** The circuit breaker is open because the upstream failed repeatedly: nothing was sent. */
export class CircuitOpenError extends UnavailableError {
  override readonly retryAfter: number;

  constructor(call: UpstreamOperation, retryAfter: number) {
    super(call, undefined, 'has failed repeatedly; its circuit breaker is open');
    this.retryAfter = retryAfter;
  }
}

/** The upstream is at its limit: the call got no concurrency slot in time, or there is no memory for its response. */
export class OverloadedError extends UnavailableError {
  constructor(call: UpstreamOperation) {
    super(
      call,
      undefined,
      'has too many calls at a time: this call got no concurrency slot, or its response no memory',
    );
  }
}

/** A read was not answered in time, or a write was not sent in time. */
export class UpstreamTimeoutError extends UpstreamError {
  constructor(call: UpstreamOperation, cause?: unknown, what = 'did not answer in time') {
    super(call, what, true, cause);
  }
}

export class RateLimitedError extends UpstreamError {
  /** Seconds to wait, if the upstream stated them. */
  readonly retryAfter: number | null;

  constructor(call: UpstreamOperation, retryAfter: number | null) {
    super(call, 'received too many requests', true);
    this.retryAfter = retryAfter;
  }
}

/** An invalid value: the key of the request body, its parts joined by dots, and the reason of the upstream. */
export interface InputProblem {
  readonly key: string;
  readonly reason: string;
}

/** The upstream reported that the input is invalid. */
export class BadInputError extends UpstreamError {
  /** The upstream's own words, cleaned of personal data; `null` where it gave none. */
  readonly reason: string | null;
  readonly faults: readonly InputProblem[];

  constructor(call: UpstreamOperation, reason: string | null = null, faults: readonly InputProblem[] = []) {
    super(call, 'found the input invalid', false);
    this.reason = reason;
    this.faults = faults;
  }
}

/** The upstream declined the request. */
export class RejectedError extends UpstreamError {
  /** The upstream's own words, cleaned of personal data; `null` where it gave none. */
  readonly reason: string | null;

  constructor(call: UpstreamOperation, reason: string | null = null) {
    super(call, 'declined the request', false);
    this.reason = reason;
  }
}

/** The object of a write is missing; the write was not executed. */
export class NotFoundError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, 'has nothing under that number', false);
  }
}

/** The response to a read has no known form, or contains another object. */
export class BadResponseError extends UpstreamError {
  constructor(
    call: UpstreamOperation,
    cause?: unknown,
    what = 'returned a response that cannot be understood',
  ) {
    super(call, what, false, cause);
  }
}

/** Creates the error of a response with another key than the requested one; none of it is returned. */
export const mismatchedResponse = (call: UpstreamOperation): BadResponseError =>
  new BadResponseError(call, undefined, 'returned another key than the requested one');

/** The credentials or the token of the gateway were refused. */
export class AuthFailedError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, "refused the gateway's credentials", false);
  }
}

/** A write that may have been executed: repeating it could execute it twice. */
export class OutcomeUnknownError extends UpstreamError {
  constructor(call: UpstreamOperation, cause?: unknown) {
    super(call, 'did not confirm whether the write was executed', false, cause);
  }
}
