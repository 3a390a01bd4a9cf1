import type { HitFragment } from '../../generated/graphql.ts';
import { money, nothing } from '../ui/format.ts';
import { Badge } from '../ui/values.tsx';
import { goToAccount } from '../view.ts';

interface HitRowProps {
  readonly hit: HitFragment;
  /** What to know about this one. */
  readonly note?: string | undefined;
}

/** An account that can be opened. It is no link: its file number may be one that is not fit for an address. */
export const HitRow = ({ hit, note }: HitRowProps) => (
  <li>
    <button type="button" className="hit" onClick={() => goToAccount(hit.fileNumber)}>
      <span className="hit-name">{hit.borrower.fullName ?? nothing}</span>
      <span className="number">{hit.fileNumber}</span>
      {hit.status && <Badge tone="plain">{hit.status}</Badge>}
      <span className="hit-client">{hit.client}</span>
      <span className="hit-balance number">{money(hit.currentBalance)}</span>
      {note && <span className="hit-note">{note}</span>}
    </button>
  </li>
);
