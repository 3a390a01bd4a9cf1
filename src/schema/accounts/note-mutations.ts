import { z } from 'zod';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import { getnotes, InsertNoteline, noteColumns } from '../../upstreams/scollect/notes.ts';
import { fileNumber, longText, text } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { accountField, fileNumberInput, forgetLog } from './account-written.ts';
import { type Note, NoteType } from './note.ts';

const numberOf = ({ row }: Note): number => Number(noteColumns.noteId.read(row) ?? 0);

addMutation('addNote', {
  scope: 'accounts:write',
  description: 'Adds a line to the log of an account (Scollect: InsertNoteline).',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    collectorName: t.string({ required: true, description: 'Who notes it, at most 100 characters.' }),
    body: t.string({ required: true, description: 'What to note, at most 5,000 characters.' }),
  }),
  check: z.strictObject({ fileNumber, collectorName: text(100), body: longText(5000) }),
  carryOut: async (input, { write }) => {
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
        'The note as it stands in the log now (getnotes): the latest of this body and collector. Null, with an error where it cannot be read, if it is not found there.',
      resolve: async (noted, _, { loaders }): Promise<Note | null> => {
        const { body, collectorName } = noted;
        const rows = await loaders.notes.load(noted.fileNumber);
        const notes = rows.map((row) => ({ row }));
        const same = notes.filter(
          ({ row }) =>
            noteColumns.body.read(row) === body && noteColumns.collectorName.read(row) === collectorName,
        );
        return same.sort((one, other) => numberOf(other) - numberOf(one))[0] ?? absentFrom(getnotes, rows);
      },
    }),
  }),
  forget: forgetLog,
  whatToCheck: "Look for the note in the account's log (`Account.notes`) before it is added again.",
});
