import type { Row } from '../../upstreams/endpoint/row.ts';
import { noteColumns } from '../../upstreams/scollect/notes.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { digestOf } from '../kit/connection.ts';

export interface Note {
  readonly row: Row;
}

export const NoteType = builder.objectRef<Note>('Note').implement({
  description: 'A line in the log of an account, written by a person or by Scollect itself (getnotes).',
  fields: (t) => {
    const column = columnFields(t, () => noteColumns);
    return {
      noteId: column.id('noteId', "Scollect's number for the note."),
      body: column.text('body', 'What was noted; lines are parted by `\\n`.'),
      collectorName: column.text('collectorName', 'Who noted it: `System` for Scollect itself.'),
      loggedAt: column.localDateTime(
        'loggedAt',
        'When it was noted, to the minute; null where `rawLoggedAt` is no date.',
      ),
      rawLoggedAt: column.text('rawLoggedAt', 'The same as Scollect writes it.'),
    };
  },
});

/** Tells notes apart in cursors. */
export const noteKey = ({ row }: Note): string => noteColumns.noteId.read(row) ?? digestOf(row);
