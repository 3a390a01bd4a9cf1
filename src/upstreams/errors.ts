/** The two systems behind the gateway. */
export type UpstreamSystem = 'SCOLLECT' | 'RECOVERY_CONNECT';

export const systemNames: Record<UpstreamSystem, string> = {
  SCOLLECT: 'Scollect',
  RECOVERY_CONNECT: 'RecoveryConnect',
};

/** What may be told of a call to anyone: its path is the template, for the filled-in one can hold an SSN. */
export interface UpstreamOperation {
  readonly system: UpstreamSystem;
  /** The upstream's own name of the operation, e.g. `get_accounts_in_portfolio`. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
}

/**
 * A call to an upstream that gave no answer to the question asked.
 *
 * That a read finds nothing is an answer, and therefore none of these. Messages name the method and the path
 * template only: upstream texts repeat their input, which may be personal data, and are never part of them.
 */
export abstract class UpstreamError extends Error {
  readonly call: UpstreamOperation;
  /** What befell the call, said of its system. */
  readonly what: string;
  /** Whether asking the same again later may succeed, and could do no harm. */
  readonly retryable: boolean;

  constructor(call: UpstreamOperation, what: string, retryable: boolean, cause?: unknown) {
    super(`${systemNames[call.system]} ${what} (${call.method} ${call.path}).`, { cause });
    this.name = new.target.name;
    this.call = call;
    this.what = what;
    this.retryable = retryable;
  }
}

/** The settings name no address for this system. */
export class NotConfiguredError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, 'is not configured', false);
  }
}

/** The upstream could not do it, and surely has not: no connection, or its own word that it is unable. */
export class UnavailableError extends UpstreamError {
  /** Seconds to wait before it is worth while to ask again, where that is known. */
  readonly retryAfter: number | null = null;

  constructor(call: UpstreamOperation, cause?: unknown, what = 'is unavailable') {
    super(call, what, true, cause);
  }
}

/** The upstream failed so often of late that it is not asked for a while: nothing was sent. */
export class CircuitOpenError extends UnavailableError {
  override readonly retryAfter: number;

  constructor(call: UpstreamOperation, retryAfter: number) {
    super(call, undefined, 'has failed again and again and is not asked for a while');
    this.retryAfter = retryAfter;
  }
}

/** More is asked of the upstream at a time than may be: this call's turn has not come, or its answer has no room. */
export class OverloadedError extends UnavailableError {
  constructor(call: UpstreamOperation) {
    super(
      call,
      undefined,
      'is asked too much at a time: the turn of this call has not come, or its answer has no room',
    );
  }
}

/** A read was not answered in time, or a write not sent in time. */
export class UpstreamTimeoutError extends UpstreamError {
  constructor(call: UpstreamOperation, cause?: unknown, what = 'did not answer in time') {
    super(call, what, true, cause);
  }
}

export class RateLimitedError extends UpstreamError {
  /** Seconds to wait, where the upstream said so. */
  readonly retryAfter: number | null;

  constructor(call: UpstreamOperation, retryAfter: number | null) {
    super(call, 'received too many requests', true);
    this.retryAfter = retryAfter;
  }
}

/** What an upstream found fault with: the key of the request body, its parts joined by dots, and its words on it. */
export interface InputProblem {
  readonly key: string;
  readonly reason: string;
}

/** The upstream found fault with the input. */
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

/** The upstream understood, and declined. */
export class RejectedError extends UpstreamError {
  /** The upstream's own words, cleaned of personal data; `null` where it gave none. */
  readonly reason: string | null;

  constructor(call: UpstreamOperation, reason: string | null = null) {
    super(call, 'declined the request', false);
    this.reason = reason;
  }
}

/** What a write was to change is not there; it surely was not carried out. */
export class NotFoundError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, 'has nothing under that number', false);
  }
}

/** The answer to a read is not in any form that is known of this operation, or answers another question. */
export class BadResponseError extends UpstreamError {
  constructor(call: UpstreamOperation, cause?: unknown, what = 'gave an answer that cannot be understood') {
    super(call, what, false, cause);
  }
}

/** The answer names another key than the one requested: nothing of it is shown. */
export const mismatchedResponse = (call: UpstreamOperation): BadResponseError =>
  new BadResponseError(call, undefined, 'answered for another key than the one requested');

/** The gateway's own credentials or token were refused. */
export class AuthFailedError extends UpstreamError {
  constructor(call: UpstreamOperation) {
    super(call, "refused the gateway's credentials", false);
  }
}

/** A write that may or may not have been carried out: repeating it blindly could do it twice. */
export class OutcomeUnknownError extends UpstreamError {
  constructor(call: UpstreamOperation, cause?: unknown) {
    super(call, 'did not tell whether the write was carried out', false, cause);
  }
}
