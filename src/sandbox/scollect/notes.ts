import { clockTime, slashDate } from '../dates.ts';
import { error, errorWithStatus, succeed, unknownAccount } from './answers.ts';
import { type Handler, type Request, requireTexts } from './handler.ts';
import { type Account, fileNumberOf, findAccount, idOf, type NoteRow, nextId } from './tables.ts';

export const noteRow = (
  account: Account,
  id: number,
  date: Date,
  collectorname: string,
  logmessage: string,
): NoteRow => ({
  collectorname,
  filenumber: fileNumberOf(account),
  id,
  'log.filenumber': String(idOf(account)),
  logdate: slashDate(date),
  logdateandtime: `${slashDate(date)} AT ${clockTime(date)}`,
  logmessage,
  logtime: clockTime(date),
});

/** Records the last action in the notes of the account. */
export const addNote = (
  { state, now }: Request,
  account: Account,
  collectorname: string,
  logmessage: string,
): void => {
  account.notes.push(noteRow(account, nextId(state, 'note'), now, collectorname, logmessage));
};

export const InsertNoteline: Handler = (request) => {
  const required = requireTexts(request.body, ['filenumber', 'collectorname', 'logmessage']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber, collectorname, logmessage } = required.texts;
  const account = findAccount(request.state, filenumber);
  if (!account) return errorWithStatus(unknownAccount, 400);
  addNote(request, account, collectorname, logmessage);
  return succeed({ success: 'Noteline inserted successfully' });
};
