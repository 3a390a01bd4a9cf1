import type { PaymentsFragment } from '../../generated/graphql.ts';
import { areOfSession, isForbidden } from '../gateway/problems.ts';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { OpenOutcome, UnknownCharge } from '../payment/unknown-charge.tsx';
import type { AccountCharge } from '../payment/use-charge.ts';
import { day, isSomething, money, nothing } from '../ui/format.ts';
import { Notice, Problems } from '../ui/notices.tsx';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Key } from '../ui/shortcuts.tsx';
import { Fact } from '../ui/values.tsx';

type Edge = NonNullable<PaymentsFragment['payments']>['edges'][number];

const Rows = ({ edges, label }: { readonly edges: readonly Edge[]; readonly label: string }) => (
  <ul className="rows scroll" tabIndex={edges.length > 8 ? 0 : undefined} aria-label={label}>
    {edges.map(({ cursor, node: { amount, rawAmount, paymentDate, rawPaymentDate, method, type } }) => (
      <li key={cursor} className="row">
        <div>
          <span>{paymentDate ? day(paymentDate) : (rawPaymentDate ?? nothing)}</span>
          <span className="muted">{[method, type].filter(Boolean).join(' · ')}</span>
        </div>
        <span className="number strong">{amount ? money(amount) : (rawAmount ?? nothing)}</span>
      </li>
    ))}
  </ul>
);

const Payments = ({
  data: { payments, paymentMethods, settlement },
}: {
  readonly data: PaymentsFragment;
}) => {
  const rows = payments?.edges ?? [];
  const scheduled = rows.filter(({ node }) => node.isScheduled).reverse();
  const made = rows.filter(({ node }) => !node.isScheduled);
  return (
    <>
      <dl className="facts">
        {paymentMethods && (
          <Fact name="Ways to pay">
            {paymentMethods
              .map(({ method, cardLast4 }) => [method, cardLast4].filter(Boolean).join(' ••'))
              .join(', ') || 'None is kept'}
          </Fact>
        )}
        {isSomething(settlement?.settlementAmount) && (
          <Fact name="Settles in full">
            {money(settlement.settlementAmount)}
            {(settlement.settlementPaymentCount ?? 0) > 1 &&
              ` in ${settlement.settlementPaymentCount} payments`}
          </Fact>
        )}
        {isSomething(settlement?.minimumOneTimePayment) && (
          <Fact name="Least payment">{money(settlement.minimumOneTimePayment)}</Fact>
        )}
      </dl>
      {payments && (
        <>
          {scheduled.length > 0 && (
            <>
              <h3>Scheduled</h3>
              <Rows edges={scheduled} label="Scheduled payments, next first" />
            </>
          )}
          <h3>Made</h3>
          {made.length === 0 && <p className="none">No payment is recorded.</p>}
          <Rows edges={made} label="Payments made, newest first" />
        </>
      )}
    </>
  );
};

const Lead = ({ account }: { readonly account: AccountCharge }) => {
  const { charge, openOutcomes, unknown } = account;
  const { state } = unknown;
  // The page and the panel state the end of the session and a missing scope.
  const isStatedElsewhere =
    state.status === 'failed' && (areOfSession(state.problems) || isForbidden(state.problems));
  return (
    <>
      {state.status === 'failed' && !isStatedElsewhere && (
        <Notice tone="warn" title="No payment can be run: whether one has an unknown outcome cannot be read">
          <Problems problems={state.problems} onRetry={unknown.reload} />
        </Notice>
      )}
      {charge.step === 'unknown' ? (
        <UnknownCharge account={account} charge={charge} />
      ) : (
        openOutcomes.map((outcome) => <OpenOutcome key={outcome.outcomeId} outcome={outcome} />)
      )}
    </>
  );
};

interface PaymentsPanelProps {
  readonly payments: PanelData<PaymentsFragment>;
  readonly charge: AccountCharge;
  readonly onPay: () => void;
}

export const PaymentsPanel = ({ payments, charge, onPay }: PaymentsPanelProps) => (
  <Panel
    {...panelOf('payments')}
    panel={payments}
    source="Scollect"
    actions={
      charge.canStart && (
        <button type="button" className="small" onClick={onPay}>
          Run <Key name="y" />
        </button>
      )
    }
    lead={<Lead account={charge} />}
  >
    {(data) => <Payments data={data} />}
  </Panel>
);
