import type { NotesFragment } from '../../generated/graphql.ts';
import { AddNote } from '../actions/add-note.tsx';
import type { Panel as PanelData } from '../gateway/use-panel.ts';
import { moment, nothing } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { panelOf } from '../ui/panels.ts';

type Notes = NonNullable<NotesFragment['notes']>;

const List = ({ notes: { edges, totalCount } }: { readonly notes: Notes }) => (
  <>
    {edges.length === 0 && <p className="none">No note is recorded.</p>}
    <ol className="notes scroll" tabIndex={edges.length > 6 ? 0 : undefined} aria-label="Notes, newest first">
      {edges.map(({ cursor, node }) => (
        <li key={cursor} className="note">
          <p className="note-head">
            <span className="strong">{node.collectorName ?? nothing}</span>
            <time>{node.loggedAt ? moment(node.loggedAt) : (node.rawLoggedAt ?? nothing)}</time>
          </p>
          <p className="note-body">{node.body}</p>
        </li>
      ))}
    </ol>
    {totalCount > edges.length && <p className="muted">{totalCount - edges.length} older notes.</p>}
  </>
);

interface NotesPanelProps {
  readonly fileNumber: string;
  readonly notes: PanelData<NotesFragment>;
}

export const NotesPanel = ({ fileNumber, notes }: NotesPanelProps) => (
  <Panel
    {...panelOf('notes')}
    panel={notes}
    source="Scollect"
    lead={<AddNote fileNumber={fileNumber} notes={notes} />}
  >
    {({ notes: list }) => list && <List notes={list} />}
  </Panel>
);
