import type { ContactsFragment, PhonesFragment } from '../../generated/graphql.ts';
import { RecordAttempt } from '../actions/record-attempt.tsx';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { day, moment, nothing, phone } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';
import { Key } from '../ui/shortcuts.tsx';
import type { OpenForm } from './account-page.tsx';

type Attempts = NonNullable<ContactsFragment['attempts']>;
type Attempt = Attempts['edges'][number]['node'];

const directions = { INBOUND: 'Inbound', OUTBOUND: 'Outbound' } as const;

const AttemptRow = ({ attempt }: { readonly attempt: Attempt }) => {
  const { disposition, attemptedAt, date, rawDate, direction, phoneNumber, rawPhoneNumber, type, agent } =
    attempt;
  const when = attemptedAt ? moment(attemptedAt) : date ? day(date) : (rawDate ?? nothing);
  return (
    <li className="entry">
      <p className="entry-head">
        <span className="strong">{disposition ?? nothing}</span>
        <span className="number">{phone(phoneNumber, rawPhoneNumber)}</span>
      </p>
      <p className="muted">
        {[when, direction && directions[direction], type, agent].filter(Boolean).join(' · ')}
      </p>
    </li>
  );
};

const List = ({ attempts: { edges, totalCount } }: { readonly attempts: Attempts }) => (
  <>
    {edges.length === 0 && <p className="none">No attempt is recorded.</p>}
    <ul
      className="rows scroll"
      tabIndex={edges.length > 8 ? 0 : undefined}
      aria-label="Attempts, newest first"
    >
      {edges.map(({ cursor, node }) => (
        <AttemptRow key={cursor} attempt={node} />
      ))}
    </ul>
    {totalCount > edges.length && <p className="muted">{totalCount - edges.length} older attempts.</p>}
  </>
);

interface AttemptsPanelProps {
  readonly fileNumber: string;
  readonly contacts: PanelData<ContactsFragment>;
  readonly phones: PhonesFragment | undefined;
  readonly form: OpenForm;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

export const AttemptsPanel = ({
  fileNumber,
  contacts,
  phones,
  form,
  onOpen,
  onClose,
}: AttemptsPanelProps) => {
  const isOpen = form.name === 'attempt';
  return (
    <Panel
      {...panelOf('attempts')}
      panel={contacts}
      source="Scollect"
      actions={
        <button type="button" className="small" aria-expanded={isOpen} onClick={isOpen ? onClose : onOpen}>
          Record <Key name="a" />
        </button>
      }
      lead={
        isOpen && (
          <RecordAttempt
            key={form.number}
            fileNumber={fileNumber}
            number={form.number}
            phones={phones}
            contacts={contacts}
            onClose={onClose}
          />
        )
      }
    >
      {({ attempts }) => attempts && <List attempts={attempts} />}
    </Panel>
  );
};
