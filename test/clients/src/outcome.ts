import type { ResultOf } from 'gql.tada';
import type { Charge } from './documents.ts';

/** The text for the user after a charge. */
export const outcomeText = (result: NonNullable<ResultOf<typeof Charge>['runPayment']>): string => {
  switch (result.__typename) {
    case 'RunPaymentSuccess':
      return `Approved. The new balance is ${result.account.currentBalance}.`;
    case 'OutcomeUnknownError':
      // Never offer to charge again: it may have been executed.
      return `${result.message} ${result.whatToCheck}`;
    case 'UnavailableError':
      // Not executed. Retry with the same key.
      return `${result.message} Try again.`;
    default:
      return result.message;
  }
};
