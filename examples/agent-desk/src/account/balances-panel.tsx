import type { OverviewFragment } from '../../generated/graphql.ts';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { day, isSomething, money, nothing, today } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Badge, Fact, Masked } from '../ui/values.tsx';

const fees = [
  ['collection', 'Collection fees'],
  ['court', 'Court fees'],
  ['attorney', 'Attorney fees'],
  ['late', 'Late fees'],
  ['nonSufficientFunds', 'NSF fees'],
  ['miscellaneous', 'Other fees'],
] as const;

const Balances = ({ account }: { readonly account: OverviewFragment }) => (
  <>
    <dl className="facts amounts">
      <div className="fact total">
        <dt>Current balance</dt>
        <dd>{money(account.currentBalance)}</dd>
      </div>
      <Fact name="Principal">{money(account.principal)}</Fact>
      <Fact name="Accrued interest">{money(account.accruedInterest)}</Fact>
      {fees
        .filter(([name]) => isSomething(account.fees[name]))
        .map(([name, title]) => (
          <Fact key={name} name={title}>
            {money(account.fees[name])}
          </Fact>
        ))}
      <Fact name="Original balance">{money(account.originalBalance)}</Fact>
      <Fact name="Paid to date">{money(account.paidToDate)}</Fact>
      {isSomething(account.pastDueAmount) && <Fact name="Past due">{money(account.pastDueAmount)}</Fact>}
    </dl>
    <h3>Account</h3>
    <dl className="facts">
      <Fact name="Number at creditor">
        <Masked value={account.originalAccountNumber} scope="pii:read" />
      </Fact>
      <Fact name="Debt">{account.debtType ?? nothing}</Fact>
      <Fact name="Placed">{day(account.placedDate)}</Fact>
      <Fact name="Charged off">{day(account.chargeOffDate)}</Fact>
      <Fact name="Barred by limitation from">
        {(account.statuteOfLimitationsDate ?? '9') <= today() && <Badge tone="warn">Barred</Badge>}{' '}
        {day(account.statuteOfLimitationsDate)}
      </Fact>
      <Fact name="Collector">{account.collectorName ?? nothing}</Fact>
      <Fact name="Last worked">{day(account.lastWorkedDate)}</Fact>
    </dl>
  </>
);

export const BalancesPanel = ({ overview }: { readonly overview: PanelData<OverviewFragment> }) => (
  <Panel {...panelOf('balances')} panel={overview} source="Scollect">
    {(account) => <Balances account={account} />}
  </Panel>
);
