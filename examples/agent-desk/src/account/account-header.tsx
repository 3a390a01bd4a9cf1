import type { OverviewFragment } from '../../generated/graphql.ts';
import { dataOf, type Panel } from '../gateway/use-panel.ts';
import { money } from '../ui/format.ts';
import { Notice } from '../ui/notices.tsx';
import { Key } from '../ui/shortcuts.tsx';
import { Badge } from '../ui/values.tsx';
import type { Warning } from './warnings.ts';

interface AccountHeaderProps {
  readonly fileNumber: string;
  readonly overview: Panel<OverviewFragment>;
  readonly warnings: readonly Warning[];
  readonly canPay: boolean;
  readonly onAttempt: () => void;
  readonly onPhone: () => void;
  readonly onPayment: () => void;
}

/** Who, how much, what to beware of, and the actions. */
export const AccountHeader = (props: AccountHeaderProps) => {
  const { fileNumber, overview, warnings, canPay, onAttempt, onPhone, onPayment } = props;
  const account = dataOf(overview);
  const parties = [account?.client, account?.originalCreditor].filter(Boolean).join(' · ');
  return (
    <header className="account-head">
      <div className="who">
        <h1 tabIndex={-1}>{account?.borrower.fullName ?? `Account ${fileNumber}`}</h1>
        <p className="who-line">
          {account?.borrower.fullName && <span className="number file">{fileNumber}</span>}
          {account?.status && <Badge tone="info">{account.status}</Badge>}
          <span>{parties}</span>
        </p>
      </div>
      <p className="owed">
        <span className="owed-name">Current balance</span>
        <span className="owed-amount number">{money(account?.currentBalance)}</span>
      </p>
      <div className="actions">
        <button type="button" onClick={() => document.getElementById('note-body')?.focus()}>
          Note <Key name="n" />
        </button>
        <button type="button" onClick={onAttempt}>
          Attempt <Key name="a" />
        </button>
        <button type="button" onClick={onPhone}>
          Phone <Key name="p" />
        </button>
        {canPay && (
          <button type="button" className="primary" onClick={onPayment}>
            Payment <Key name="y" />
          </button>
        )}
      </div>
      {warnings.length > 0 && (
        <div className="warnings">
          {warnings.map(({ title, text }) => (
            <Notice key={title} tone="warn" title={title}>
              {text && <p>{text}</p>}
            </Notice>
          ))}
        </div>
      )}
    </header>
  );
};
