import type { FailureFragment } from '../../generated/graphql.ts';
import type { Result } from './client.ts';
import { type Problem, problemsOf } from './problems.ts';

/** The outcome of a mutation. */
export type Outcome<Value> = Success<Value> | Failure;

export interface Success<Value> {
  readonly kind: 'success';
  readonly value: Value;
  /** What could not be read of the account after it. */
  readonly problems: readonly Problem[];
}

/** `notExecuted` and `unknown` differ in one thing that matters: whether it is safe to repeat the mutation. */
export type Failure =
  | { readonly kind: 'invalid'; readonly message: string; readonly fields: readonly Fault[] }
  | { readonly kind: 'rejected'; readonly message: string; readonly reason: string | null }
  | { readonly kind: 'notExecuted'; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string; readonly whatToCheck: string };

/** Something wrong with a field of the input. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

type WithOutcome = { readonly outcome: { readonly __typename: string } | null };

export type SuccessOf<Data extends WithOutcome> = Exclude<NonNullable<Data['outcome']>, FailureFragment>;

/** Errors after which the write may have been executed anyway. */
const uncertainCodes = ['UNREACHABLE', 'INTERNAL_SERVER_ERROR', 'UNKNOWN'];

/** A mutation without a result: the request failed as a whole, or its response was lost. */
const outcomeOfProblems = (problems: readonly Problem[], whatToCheck: string): Failure => {
  const [problem] = problems;
  const isUncertain =
    problem === undefined || uncertainCodes.includes(problem.code) || problem.path.length > 0;
  const message = problem?.message ?? 'The response is empty.';
  return isUncertain ? { kind: 'unknown', message, whatToCheck } : { kind: 'notExecuted', message };
};

const outcomeOfFailure = (failure: FailureFragment, whatToCheck: string): Failure => {
  const { message } = failure;
  switch (failure.__typename) {
    case 'InvalidInputError':
      return { kind: 'invalid', message, fields: failure.fields };
    case 'RejectedError':
      return { kind: 'rejected', message, reason: failure.reason };
    case 'NotFoundError':
      return { kind: 'rejected', message, reason: null };
    case 'IdempotencyConflictError':
      // Something was sent under this key, which is not what was entered here.
      return { kind: 'unknown', message, whatToCheck };
    case 'UnavailableError':
      return { kind: 'notExecuted', message };
    case 'OutcomeUnknownError':
      return { kind: 'unknown', message, whatToCheck: failure.whatToCheck };
  }
};

const isFailure = (outcome: { readonly __typename: string }): outcome is FailureFragment =>
  !outcome.__typename.endsWith('Success');

/**
 * Reads the result of a mutation.
 *
 * @param whatToCheck where to look if no response arrives, so that the gateway cannot say it.
 */
export const outcomeOf = <Data extends WithOutcome>(
  { data, error }: Result<Data>,
  whatToCheck: string,
): Outcome<SuccessOf<Data>> => {
  const outcome = data?.outcome;
  if (outcome === undefined || outcome === null) return outcomeOfProblems(problemsOf(error), whatToCheck);
  if (isFailure(outcome)) return outcomeOfFailure(outcome, whatToCheck);
  // The path of a problem starts at the account: behind `outcome` and `account`.
  return { kind: 'success', value: outcome as SuccessOf<Data>, problems: problemsOf(error, 2) };
};
