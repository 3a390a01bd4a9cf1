import { useEffect } from 'react';
import {
  type OverviewFragment,
  type PaymentsFragment,
  RunPaymentDocument,
  type UnknownChargeFragment,
  UnknownChargesDocument,
  type UnknownChargesQuery,
} from '../../generated/graphql.ts';
import { mutate } from '../gateway/client.ts';
import { outcomeOf } from '../gateway/outcome.ts';
import type { Problem } from '../gateway/problems.ts';
import { dataOf, type Panel, useRead } from '../gateway/use-panel.ts';
import { announce } from '../ui/announcer.tsx';
import { createStore, useStore } from '../ui/store.ts';
import {
  type Attempt,
  attemptFor,
  type Charge,
  type ChargeOutcome,
  chargeAfter,
  type UnknownCharge,
} from './charge.ts';

/** By file number. Outside of the page of an account, so that nothing is forgotten when the agent leaves it. */
const charges = createStore<ReadonlyMap<string, Charge>>(new Map());

const ready: Charge = { step: 'ready' };

const put = (fileNumber: string, charge: Charge): void =>
  charges.set(new Map(charges.get()).set(fileNumber, charge));

// Leaving the page while a charge is in flight would lose its outcome.
window.addEventListener('beforeunload', (event) => {
  if ([...charges.get().values()].some(({ step }) => step === 'sending')) event.preventDefault();
});

const whatToCheck =
  'No response arrived. Look among the payments of the account, and at the payment processor. “Check again” asks the gateway with the same key, which never charges twice.';

const spoken: Readonly<Record<Charge['step'], string>> = {
  ready: 'The payment was not made.',
  sending: 'Charging.',
  approved: 'The payment is approved.',
  declined: 'The payment is declined.',
  unknown: 'The outcome of the payment is unknown.',
};

/** Fields that the panel of payments shows; the others are balances. */
const paymentFields: readonly string[] = ['payments', 'paymentMethods', 'settlement'];

/** Mutations whose open outcome says nothing about a payment. */
const messages: readonly string[] = ['sendEmail', 'sendText'];

const noVariables = {};
const outcomesOf = ({ pendingOutcomes }: UnknownChargesQuery) => pendingOutcomes;

export interface AccountCharge {
  readonly charge: Charge;
  /** Payments of this account whose outcome the gateway does not know, of this desk or another. */
  readonly openOutcomes: readonly UnknownChargeFragment[];
  readonly unknown: Panel<readonly UnknownChargeFragment[]>;
  /** Whether a new charge may begin: nothing is in flight, and it is known that no outcome is open. */
  readonly canStart: boolean;
  readonly send: (input: Omit<Attempt, 'idempotencyKey'>) => Promise<void>;
  /** Asks with the same key for the outcome. */
  readonly checkAgain: () => Promise<void>;
  /** Forgets a charge whose outcome is known. */
  readonly clear: () => void;
}

interface Panels {
  readonly overview: Panel<OverviewFragment>;
  readonly payments: Panel<PaymentsFragment>;
}

/** Runs payments on an account, one at a time. */
export const useCharge = (fileNumber: string, { overview, payments }: Panels): AccountCharge => {
  const charge = useStore(charges).get(fileNumber) ?? ready;
  const unknown = useRead<UnknownChargesQuery, Record<string, never>, readonly UnknownChargeFragment[]>(
    UnknownChargesDocument,
    noVariables,
    outcomesOf,
  );
  const openOutcomes = (dataOf(unknown) ?? []).filter(
    ({ account, mutation }) => account?.fileNumber === fileNumber && !messages.includes(mutation),
  );

  const showOutcome = (outcome: ChargeOutcome): void => {
    if (outcome.kind === 'success') {
      const { account } = outcome.value;
      const isOfPayments = ({ path: [field] }: Problem): boolean => paymentFields.includes(String(field));
      payments.replace(account, outcome.problems.filter(isOfPayments));
      const before = dataOf(overview);
      const others = outcome.problems.filter((problem) => !isOfPayments(problem));
      if (before) overview.replace({ ...before, ...account }, others);
    }
    if (outcome.kind === 'unknown') payments.reload();
    unknown.reload();
  };

  const execute = async (attempt: Attempt, before?: UnknownCharge): Promise<void> => {
    if (charges.get().get(fileNumber)?.step === 'sending') return;
    put(fileNumber, { step: 'sending', attempt, ...(before && { before }) });
    const result = await mutate(RunPaymentDocument, { input: { fileNumber, ...attempt } });
    const outcome = outcomeOf(result, whatToCheck);
    const next = chargeAfter(attempt, outcome, before);
    put(fileNumber, next);
    announce(spoken[next.step]);
    showOutcome(outcome);
  };

  useEffect(() => {
    // What is shown of an earlier charge ends when the account is left, except an open outcome.
    return () => {
      const { step } = charges.get().get(fileNumber) ?? ready;
      if (step === 'approved' || step === 'declined') put(fileNumber, ready);
    };
  }, [fileNumber]);

  return {
    charge,
    openOutcomes,
    unknown,
    canStart:
      unknown.state.status === 'ready' &&
      charge.step !== 'sending' &&
      charge.step !== 'unknown' &&
      openOutcomes.length === 0,
    send: (input) => execute(attemptFor(charge, input)),
    checkAgain: async () => {
      if (charge.step === 'unknown') await execute(charge.attempt, charge);
    },
    clear: () => {
      if (charge.step !== 'sending' && charge.step !== 'unknown') put(fileNumber, ready);
    },
  };
};
