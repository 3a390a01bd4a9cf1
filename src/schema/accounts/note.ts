import type { Row } from '../../upstreams/endpoint/row.ts';
import { getnotes, noteColumns } from '../../upstreams/scollect/notes.ts';
import { builder } from '../kit/builder.ts';
import { columnFields } from '../kit/column-fields.ts';
import { byNumber, keyOfListed, type Listed, listed } from '../kit/listed.ts';
import { NodeInterface, nodeId, withoutNumber } from '../kit/node.ts';
import { findNodesInList } from '../kit/nodes-in-lists.ts';
import { parentAccount } from './account-things.ts';

export type Note = Listed;

export const NoteType = builder.objectRef<Note>('Note').implement({
  description: 'A line in the log of an account, written by a person or by Scollect itself (getnotes).',
  interfaces: [NodeInterface],
  fields: (t) => {
    const column = columnFields(t, () => noteColumns);
    return {
      id: nodeId(t, 'Note', keyOfListed, withoutNumber),
      noteId: column.id('noteId', "Scollect's number for the note."),
      body: column.text('body', 'Text of the note; lines are separated by `\\n`.'),
      collectorName: column.text('collectorName', 'Author: `System` for Scollect itself.'),
      loggedAt: column.localDateTime(
        'loggedAt',
        'Time of the note, to the minute; null if `rawLoggedAt` is no date.',
      ),
      rawLoggedAt: column.text('rawLoggedAt', 'The same as Scollect writes it.'),
    };
  },
});

/** Returns the notes in rows of getnotes. */
export const notesIn = (rows: readonly Row[], { fileNumber }: { readonly fileNumber: string }): Note[] =>
  listed(rows, ['S', fileNumber], byNumber(noteColumns.noteId));

findNodesInList('Note', { ...parentAccount, endpoint: getnotes, itemsOf: notesIn });
