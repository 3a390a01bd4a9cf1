import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { getnotes, InsertNoteline, noteColumns } from '../../upstreams/scollect/notes.ts';
import { fileNumber, longText, text } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { ofAccountOfWrite } from './account-things.ts';
import { accountField, fileNumberInput, logOfAccount } from './account-written.ts';
import { type Note, NoteType, notesIn } from './note.ts';

const numberOf = ({ row }: Note): number => Number(noteColumns.noteId.read(row) ?? 0);

addMutation('addNote', {
  endpoint: InsertNoteline,
  scope: 'accounts:write',
  description: 'Adds a line to the log of an account (Scollect: InsertNoteline).',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    collectorName: t.string({ required: true, description: 'Author of the note, at most 100 characters.' }),
    body: t.string({ required: true, description: 'Text of the note, at most 5,000 characters.' }),
  }),
  check: z.strictObject({ fileNumber, collectorName: text(100), body: longText(5000) }),
  execute: async (input, { write }) => {
    const { fileNumber: filenumber, collectorName: collectorname, body: logmessage } = input;
    await write(InsertNoteline, { params: {}, body: { filenumber, collectorname, logmessage } });
    return input;
  },
  success: (t) => ({
    account: accountField(t),
    note: t.field({
      type: NoteType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description:
        'The note in the log (getnotes): the latest of this body and collector. Null, with an error if it cannot be read, if it is not found there.',
      extensions: costing(ofAccountOfWrite([getnotes])),
      resolve: async (noted, _, { loaders }): Promise<Note | null> => {
        const { body, collectorName } = noted;
        const rows = await loaders.of(getnotes).load({ fileNumber: noted.fileNumber });
        const same = notesIn(rows, noted).filter(
          ({ row }) =>
            noteColumns.body.read(row) === body && noteColumns.collectorName.read(row) === collectorName,
        );
        return same.sort((one, other) => numberOf(other) - numberOf(one))[0] ?? absentFrom(getnotes, rows);
      },
    }),
  }),
  changes: logOfAccount,
  whatToCheck: "Look for the note in the account's log (`Account.notes`) before it is added again.",
});
