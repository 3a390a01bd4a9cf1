import {
  BadInputError,
  BadResponseError,
  NotFoundError,
  OutcomeUnknownError,
  RateLimitedError,
  RejectedError,
  systemNames,
  UnavailableError,
  UpstreamError,
  UpstreamTimeoutError,
} from '../../upstreams/errors.ts';
import { builder } from './builder.ts';

const codes = {
  BAD_USER_INPUT: 'The input cannot be used.',
  NOT_FOUND: 'The object to change does not exist.',
  UPSTREAM_REJECTED: 'The upstream understood the request and rejected it.',
  UPSTREAM_UNAVAILABLE: 'Not executed; safe to retry.',
  UPSTREAM_RATE_LIMITED:
    'Not executed, because the upstream received too many requests; safe to retry later.',
  OUTCOME_UNKNOWN: 'It may have been executed.',
  IDEMPOTENCY_KEY_IN_USE: 'The first request with this idempotency key has not ended yet.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used for another input.',
} as const;

export type MutationErrorCode = keyof typeof codes;

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Why a mutation was not executed, or may not have been.',
  // Each code maps to its description; TypeScript loses that in the entries.
  values: Object.fromEntries(
    Object.entries(codes).map(([code, description]) => [code, { description }]),
  ) as unknown as Record<MutationErrorCode, { description: string }>,
});

/** A field of the input that cannot be used. */
export interface InputFault {
  /** The path of the field within the input, joined by dots. */
  readonly path: string;
  /** A sentence that states what was expected. */
  readonly message: string;
}

interface Failing<Name extends string> {
  readonly __typename: Name;
  readonly message: string;
  readonly code: MutationErrorCode;
}

export interface InvalidInput extends Failing<'InvalidInputError'> {
  readonly fields: readonly InputFault[];
}

type NotFound = Failing<'NotFoundError'>;

export interface Rejected extends Failing<'RejectedError'> {
  readonly reason: string | null;
}

interface Unavailable extends Failing<'UnavailableError'> {
  readonly retryAfter: number | null;
}

export interface OutcomeUnknown extends Failing<'OutcomeUnknownError'> {
  readonly whatToCheck: string;
  readonly outcomeId: string | null;
}

type IdempotencyConflict = Failing<'IdempotencyConflictError'>;

/** The errors that a mutation returns if it was not executed, or may not have been. */
export type Failure = InvalidInput | NotFound | Rejected | Unavailable | OutcomeUnknown | IdempotencyConflict;

const MutationErrorInterface = builder.interfaceRef<Failure>('MutationError').implement({
  description: 'Why a mutation was not executed, or may not have been.',
  resolveType: ({ __typename }) => __typename,
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'Message for people. It contains no value of the input, and no personal data.',
    }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'Error code for programs.' }),
  }),
});

const interfaces = [MutationErrorInterface];

const InputFaultType = builder.objectRef<InputFault>('InputFault').implement({
  description: 'A field of the input that cannot be used.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'Path of the field within `input`, such as `card.number` or `borrowers.0.lastName`. Empty for the input as a whole.',
    }),
    message: t.exposeString('message', { description: 'A sentence that states what was expected.' }),
  }),
});

export const InvalidInputType = builder.objectRef<InvalidInput>('InvalidInputError').implement({
  description:
    'The input cannot be used; nothing was executed. The gateway found this before it sent anything, or the upstream reported it.',
  interfaces,
  fields: (t) => ({
    fields: t.field({
      type: [InputFaultType],
      description: 'All fields that cannot be used. Empty if the upstream does not name them.',
      resolve: ({ fields }) => [...fields],
    }),
  }),
});

export const NotFoundType = builder.objectRef<NotFound>('NotFoundError').implement({
  description: 'The object to change does not exist; nothing was executed.',
  interfaces,
});

export const RejectedType = builder.objectRef<Rejected>('RejectedError').implement({
  description: 'The upstream understood the request and rejected it; nothing was executed.',
  interfaces,
  fields: (t) => ({
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        "The upstream's own message; personal data in it is replaced by `…`. Null if the upstream gave no reason.",
    }),
  }),
});

export const UnavailableType = builder.objectRef<Unavailable>('UnavailableError').implement({
  description: 'Not executed; safe to retry, with the same idempotency key.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.exposeInt('retryAfter', {
      nullable: true,
      description: 'Seconds to wait before a retry. Null if the upstream gave no time.',
    }),
  }),
});

export const OutcomeUnknownType = builder.objectRef<OutcomeUnknown>('OutcomeUnknownError').implement({
  description:
    'It may have been executed: the response was lost or unclear. Do not repeat it before the outcome is known.',
  interfaces,
  fields: (t) => ({
    whatToCheck: t.exposeString('whatToCheck', {
      description: 'How to find out whether it was executed, and what to do then.',
    }),
    outcomeId: t.exposeID('outcomeId', {
      nullable: true,
      description:
        'ID of the outcome in `pendingOutcomes` and for `resolveOutcome`. Null for mutations without an idempotency key, and while the ledger cannot be read: then repeat the request with the same key.',
    }),
  }),
});

export const IdempotencyConflictType = builder
  .objectRef<IdempotencyConflict>('IdempotencyConflictError')
  .implement({
    description:
      'The idempotency key was used for another input before; nothing was executed. The difference is not reported.',
    interfaces,
  });

/** Returns a message that names the fields; the input as a whole has no name. */
const inputMessage = (fields: readonly InputFault[]): string => {
  const paths = new Set(fields.map(({ path }) => path).filter((path) => path !== ''));
  return paths.size === 0
    ? 'The input cannot be used.'
    : `The input cannot be used: ${[...paths].join(', ')}.`;
};

export const invalidInput = (fields: readonly InputFault[], message?: string): InvalidInput => ({
  __typename: 'InvalidInputError',
  message: message ?? inputMessage(fields),
  code: 'BAD_USER_INPUT',
  fields,
});

export const outcomeUnknown = (
  whatToCheck: string,
  { outcomeId = null, isUnderWay = false }: { outcomeId?: string | null; isUnderWay?: boolean } = {},
): OutcomeUnknown => ({
  __typename: 'OutcomeUnknownError',
  message: isUnderWay
    ? 'The first request with this idempotency key has not ended yet.'
    : 'It is not known whether this was executed.',
  code: isUnderWay ? 'IDEMPOTENCY_KEY_IN_USE' : 'OUTCOME_UNKNOWN',
  whatToCheck: isUnderWay ? `Ask again with the same idempotency key. ${whatToCheck}` : whatToCheck,
  outcomeId,
});

export const unavailable = (message: string, retryAfter: number | null = null): Unavailable => ({
  __typename: 'UnavailableError',
  message,
  code: 'UPSTREAM_UNAVAILABLE',
  retryAfter,
});

export const idempotencyConflict: IdempotencyConflict = {
  __typename: 'IdempotencyConflictError',
  message: 'This idempotency key was used for another input; take a new key for a new request.',
  code: 'IDEMPOTENCY_CONFLICT',
};

const withReason = (sentence: string, reason: string | null): string =>
  reason === null || reason === '' ? `${sentence}.` : `${sentence}: ${reason}`;

/** Returns the path of the input field that an upstream's key stands for; `null` if there is none. */
export type PathOf = (key: string) => string | null;

/** Returns the member of the result for an upstream's rejection of a write, which it did not execute. */
export const declined = (error: unknown, pathOf: PathOf = () => null): Failure | undefined => {
  if (!(error instanceof UpstreamError)) return undefined;
  const system = systemNames[error.call.system];
  if (error instanceof BadInputError) {
    const faults = error.faults.map(({ key, reason }) => ({ path: pathOf(key), message: reason }));
    const fields = faults.flatMap(({ path, message }) => (path === null ? [] : [{ path, message }]));
    // Faults without a field concern the input as a whole.
    const others = faults.filter(({ path }) => path === null).map(({ message }) => message);
    const reason = [error.reason, ...others].filter((text) => text !== null).join(' ');
    return invalidInput(fields, withReason(`${system} found the input invalid`, reason));
  }
  if (error instanceof NotFoundError) {
    const message = `${system} has nothing under that number.`;
    return { __typename: 'NotFoundError', message, code: 'NOT_FOUND' };
  }
  if (error instanceof RejectedError) {
    const { reason } = error;
    const message = withReason(`${system} declined`, reason);
    return { __typename: 'RejectedError', message, code: 'UPSTREAM_REJECTED', reason };
  }
  return undefined;
};

/** Whether it is certain that a write was not executed. */
export const isNotExecuted = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && !(error instanceof OutcomeUnknownError);

/**
 * Returns the member of the mutation's result for a write that was not executed, or may not have been.
 *
 * @returns `undefined` for an error that a caller cannot act on: it becomes a GraphQL error.
 */
export const failureOf = (error: unknown, whatToCheck: string, pathOf?: PathOf): Failure | undefined => {
  if (error instanceof OutcomeUnknownError) return outcomeUnknown(whatToCheck);
  if (error instanceof RateLimitedError) {
    return {
      ...unavailable(`${systemNames[error.call.system]} received too many requests.`, error.retryAfter),
      code: 'UPSTREAM_RATE_LIMITED',
    };
  }
  if (error instanceof UnavailableError || error instanceof UpstreamTimeoutError) {
    const retryAfter = error instanceof UnavailableError ? error.retryAfter : null;
    const { call, what } = error;
    return unavailable(`${systemNames[call.system]} ${what}; nothing was executed.`, retryAfter);
  }
  if (error instanceof BadResponseError) return undefined;
  return declined(error, pathOf);
};
