import type { OperationName } from './operations.ts';
import type { HttpAnswer, HttpCall, HttpService } from './server.ts';

/** How an API, or the server before it, says what lies not with the call but with itself. */
export interface Manners {
  /** To a log-in: that the credentials are wrong. */
  readonly refuseToken: () => HttpAnswer;
  readonly limitRate: () => HttpAnswer;
  readonly notFoundPage: () => HttpAnswer;
  readonly serverError: () => HttpAnswer;
  readonly unavailable: () => HttpAnswer;
  /** A failure under the status of a success. */
  readonly errorIn200: () => HttpAnswer;
  /** A success whose payload is of a type that no document knows. */
  readonly wrongTypes: () => HttpAnswer;
}

/** A call that an API takes: operation known, token good, body readable. Nothing is carried out yet. */
export interface Admission {
  readonly operation: OperationName;
  /** What it requests, by the name of the path parameter, query parameter or key of the body. */
  readonly requested: Readonly<Record<string, unknown>>;
  /** Carries the operation out, and gives its answer. */
  readonly carryOut: () => HttpAnswer;
  /** The API's way to say that it understood and will not. */
  readonly decline: () => HttpAnswer;
  /** The API's way to find fault with what was sent, or to do nothing without a word. */
  readonly refuse: () => HttpAnswer;
  readonly manners: Manners;
}

/** An API: each has its own manners for what goes wrong before a handler is reached. */
export interface HttpApi extends Pick<HttpService, 'bodyTooLarge' | 'broken'> {
  /** Takes a call, or answers why it does not. */
  readonly admit: (call: HttpCall) => Admission | HttpAnswer;
}
