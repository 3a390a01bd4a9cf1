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
  description: 'Why a mutation was not carried out, or not surely.',
  // Each code stands for its own description, which TypeScript loses among the entries.
  values: Object.fromEntries(
    Object.entries(codes).map(([code, description]) => [code, { description }]),
  ) as unknown as Record<MutationErrorCode, { description: string }>,
});

/** A field of the input that cannot be used. */
export interface InputFault {
  /** The way to the field within the input, joined by dots. */
  readonly path: string;
  /** A sentence that says what was expected. */
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

/** What a mutation answers where it was not carried out, or not surely. */
export type Failure = InvalidInput | NotFound | Rejected | Unavailable | OutcomeUnknown | IdempotencyConflict;

const MutationErrorInterface = builder.interfaceRef<Failure>('MutationError').implement({
  description: 'Why a mutation was not carried out, or not surely.',
  resolveType: ({ __typename }) => __typename,
  fields: (t) => ({
    message: t.exposeString('message', {
      description: 'A sentence for people. It holds no value of the input, and no personal data.',
    }),
    code: t.expose('code', { type: ErrorCodeEnum, description: 'The same for programs.' }),
  }),
});

const interfaces = [MutationErrorInterface];

const InputFaultType = builder.objectRef<InputFault>('InputFault').implement({
  description: 'A field of the input that cannot be used.',
  fields: (t) => ({
    path: t.exposeString('path', {
      description:
        'The way to the field within `input`, as in `card.number` or `borrowers.0.lastName`; empty for the input as a whole.',
    }),
    message: t.exposeString('message', { description: 'A sentence that says what was expected.' }),
  }),
});

export const InvalidInputType = builder.objectRef<InvalidInput>('InvalidInputError').implement({
  description:
    'The input cannot be used, and nothing was carried out: found before anything was sent, or by the upstream.',
  interfaces,
  fields: (t) => ({
    fields: t.field({
      type: [InputFaultType],
      description: 'All fields that cannot be used; empty where the upstream does not say which.',
      resolve: ({ fields }) => [...fields],
    }),
  }),
});

export const NotFoundType = builder.objectRef<NotFound>('NotFoundError').implement({
  description: 'What was to be changed is not there; nothing was carried out.',
  interfaces,
});

export const RejectedType = builder.objectRef<Rejected>('RejectedError').implement({
  description: 'The upstream understood and declined; nothing was carried out.',
  interfaces,
  fields: (t) => ({
    reason: t.exposeString('reason', {
      nullable: true,
      description:
        "The upstream's own words, cleaned of personal data: what was taken out is shown as `…`. Null where it gave none.",
    }),
  }),
});

export const UnavailableType = builder.objectRef<Unavailable>('UnavailableError').implement({
  description: 'Surely not carried out; it may be tried again, with the same idempotency key.',
  interfaces,
  fields: (t) => ({
    retryAfter: t.exposeInt('retryAfter', {
      nullable: true,
      description: 'Seconds to wait before that, where the upstream said so.',
    }),
  }),
});

export const OutcomeUnknownType = builder.objectRef<OutcomeUnknown>('OutcomeUnknownError').implement({
  description:
    'It may have been carried out: the answer was lost, or did not say. It must not be repeated before it is known.',
  interfaces,
  fields: (t) => ({
    whatToCheck: t.exposeString('whatToCheck', {
      description: 'Where to look whether it was carried out, and what to do then.',
    }),
    outcomeId: t.exposeID('outcomeId', {
      nullable: true,
      description:
        'Names it among `pendingOutcomes`, and for `resolveOutcome`. Null for mutations without an idempotency key.',
    }),
  }),
});

export const IdempotencyConflictType = builder
  .objectRef<IdempotencyConflict>('IdempotencyConflictError')
  .implement({
    description:
      'The idempotency key was used for another input before; nothing was carried out. What differs is not told.',
    interfaces,
  });

/** Names the fields; the input as a whole has no name. */
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
    : 'It is not known whether this was carried out.',
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

/** What of the input an upstream's key stands for; `null` where it is none of the input's fields. */
export type PathOf = (key: string) => string | null;

/** What an upstream answered that surely did not carry out a write: told as a member of the result. */
export const declined = (error: unknown, pathOf: PathOf = () => null): Failure | undefined => {
  if (!(error instanceof UpstreamError)) return undefined;
  const system = systemNames[error.call.system];
  if (error instanceof BadInputError) {
    const faults = error.faults.map(({ key, reason }) => ({ path: pathOf(key), message: reason }));
    const fields = faults.flatMap(({ path, message }) => (path === null ? [] : [{ path, message }]));
    // What no field stands for is about the input as a whole.
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
export const isNotCarriedOut = (error: unknown): error is UpstreamError =>
  error instanceof UpstreamError && !(error instanceof OutcomeUnknownError);

/**
 * Tells why a write was not carried out, or not surely, as a member of the mutation's result.
 *
 * @returns `undefined` for what a caller cannot act on: that is an error of the answer.
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
