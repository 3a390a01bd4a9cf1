import type { OperationName } from './operations.ts';
import type { HttpAnswer, HttpCall, HttpService } from './server.ts';

/** The responses of an API, or of the server in front of it, for failures that are not about the call. */
export interface Manners {
  /** The response to a log-in with wrong credentials. */
  readonly refuseToken: () => HttpAnswer;
  readonly limitRate: () => HttpAnswer;
  readonly notFoundPage: () => HttpAnswer;
  readonly serverError: () => HttpAnswer;
  readonly unavailable: () => HttpAnswer;
  /** A failure under the status of a success. */
  readonly errorIn200: () => HttpAnswer;
  /** A success with a payload of an undocumented type. */
  readonly wrongTypes: () => HttpAnswer;
}

/** A call that an API admits: its operation is known, its token valid and its body readable. It is not executed yet. */
export interface Admission {
  readonly operation: OperationName;
  /** The requested keys, by path parameter, query parameter or key of the body. */
  readonly requested: Readonly<Record<string, unknown>>;
  /** Executes the operation and returns its response. */
  readonly execute: () => HttpAnswer;
  /** The response for a declined operation. */
  readonly decline: () => HttpAnswer;
  /** The response for invalid input, or for no effect without a reason. */
  readonly refuse: () => HttpAnswer;
  readonly manners: Manners;
}

/** An API with its own responses for failures before a handler is reached. */
export interface HttpApi extends Pick<HttpService, 'bodyTooLarge' | 'broken'> {
  /** Admits a call, or returns the response that rejects it. */
  readonly admit: (call: HttpCall) => Admission | HttpAnswer;
}
