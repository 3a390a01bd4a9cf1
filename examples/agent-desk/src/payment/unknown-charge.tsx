import type { UnknownChargeFragment } from '../../generated/graphql.ts';
import { day, money } from '../ui/format.ts';
import { Notice } from '../ui/notices.tsx';
import { Prose } from '../ui/prose.tsx';
import type { UnknownCharge as UnknownChargeState } from './charge.ts';
import type { AccountCharge } from './use-charge.ts';

const Matching = ({ outcome: { matchingPayments } }: { readonly outcome: UnknownChargeFragment }) => {
  if (!matchingPayments) return <p>The payments of the account cannot be compared now.</p>;
  if (matchingPayments.length === 0) {
    return (
      <p>
        No payment of this day and amount is on the account. That proves nothing yet: it may still be
        processed.
      </p>
    );
  }
  return (
    <>
      <p>Payments of this day and amount on the account:</p>
      <ul>
        {matchingPayments.map(({ amount, paymentDate, method, type }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows without a key, which are never reordered
          <li key={index}>
            {money(amount)} on {day(paymentDate)} {[method, type].filter(Boolean).join(' · ')}
          </li>
        ))}
      </ul>
    </>
  );
};

/** What may show that it was executed, and who decides that. */
const Evidence = ({ outcome }: { readonly outcome: UnknownChargeFragment }) => (
  <>
    <Matching outcome={outcome} />
    <p>
      An operator resolves it by its number: <code>{outcome.outcomeId}</code>
    </p>
  </>
);

const nameOf = ({ amount, paymentDate, mutation }: UnknownChargeFragment): string =>
  amount === null ? mutation : `${money(amount)} of ${day(paymentDate)}`;

/** An outcome that the gateway does not know, of this page or an earlier one. It has no button that charges. */
export const OpenOutcome = ({ outcome }: { readonly outcome: UnknownChargeFragment }) => (
  <Notice tone="warn" title={`Outcome unknown: ${nameOf(outcome)}`}>
    <Prose text={outcome.whatToCheck} />
    <Evidence outcome={outcome} />
  </Notice>
);

interface UnknownChargeProps {
  readonly account: AccountCharge;
  readonly charge: UnknownChargeState;
}

/** The charge of this page with an unknown outcome: where to look, and a way to ask for it again. */
export const UnknownCharge = ({ account: { openOutcomes, checkAgain }, charge }: UnknownChargeProps) => {
  const { amount, paymentDate } = charge.attempt;
  return (
    <>
      <Notice tone="warn" title={`Outcome unknown: ${money(amount)} of ${day(paymentDate)}`} isUrgent>
        <p>{charge.message}</p>
        <p>
          <strong>What to check</strong>
        </p>
        <Prose text={charge.whatToCheck} />
        {openOutcomes.map((outcome) => (
          <Evidence key={outcome.outcomeId} outcome={outcome} />
        ))}
      </Notice>
      <p className="muted">
        “Check again” sends the same idempotency key. A charge that was made is not made twice. If an operator
        has resolved it as not executed, it is executed now.
      </p>
      <div className="form-end">
        <button type="button" onClick={() => void checkAgain()}>
          Check again
        </button>
      </div>
    </>
  );
};
