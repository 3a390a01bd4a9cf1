import type { RunPaymentMutation } from '../../generated/graphql.ts';
import type { Failure, Outcome, SuccessOf } from '../gateway/outcome.ts';

/** One attempt to charge. Its key is made once, and is the same however often the attempt is sent. */
export interface Attempt {
  readonly idempotencyKey: string;
  readonly amount: string;
  readonly paymentDate: string;
}

export type ChargeOutcome = Outcome<SuccessOf<RunPaymentMutation>>;

/** Where the charge of an account stands. */
export type Charge =
  | { readonly step: 'ready'; readonly failure?: Failure; readonly attempt?: Attempt }
  | { readonly step: 'sending'; readonly attempt: Attempt; readonly before?: UnknownCharge }
  | { readonly step: 'approved'; readonly attempt: Attempt; readonly approvalCode: string | null }
  | { readonly step: 'declined'; readonly attempt: Attempt; readonly reason: string }
  | UnknownCharge;

/** A charge that may have been executed. */
export interface UnknownCharge {
  readonly step: 'unknown';
  readonly attempt: Attempt;
  readonly message: string;
  readonly whatToCheck: string;
}

/**
 * The attempt for what was entered. The attempt before is sent again only if it was certainly not executed and nothing
 * has changed: then the key is the same. Every other input is a new attempt with a new key.
 */
export const attemptFor = (
  charge: Charge,
  { amount, paymentDate }: Omit<Attempt, 'idempotencyKey'>,
): Attempt => {
  const before =
    charge.step === 'ready' && charge.failure?.kind === 'notExecuted' ? charge.attempt : undefined;
  const isSame = before?.amount === amount && before.paymentDate === paymentDate;
  return before && isSame ? before : { idempotencyKey: crypto.randomUUID(), amount, paymentDate };
};

/**
 * The state that an outcome leads to.
 *
 * @param before the unknown outcome that was asked for again. It stays unknown if the request failed: that a question
 * was not answered says nothing about the charge.
 */
export const chargeAfter = (
  attempt: Attempt,
  outcome: ChargeOutcome,
  before: UnknownCharge | undefined,
): Charge => {
  switch (outcome.kind) {
    case 'success':
      return { step: 'approved', attempt, approvalCode: outcome.value.approvalCode };
    case 'rejected':
      return { step: 'declined', attempt, reason: outcome.reason ?? outcome.message };
    case 'unknown':
      return { step: 'unknown', attempt, message: outcome.message, whatToCheck: outcome.whatToCheck };
    case 'invalid':
    case 'notExecuted':
      if (before) return { ...before, message: outcome.message };
      return { step: 'ready', failure: outcome, attempt };
  }
};
