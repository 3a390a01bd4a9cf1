import { hourAndMinute, httpDay, slashDate } from '../dates.ts';
import { error, errorWithStatus, nothing, succeed, unknownAccount } from './answers.ts';
import { type Handler, requireTexts } from './handler.ts';
import { addNote } from './notes.ts';
import { fileNumberOf, findAccount, idOf } from './tables.ts';

export const insertattempt: Handler = (request) => {
  const { state, body, now } = request;
  const required = requireTexts(body, ['phonenumber', 'dispo', 'agent', 'type', 'filenumber']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { phonenumber, dispo, agent, type, filenumber } = required.texts;
  const account = findAccount(state, filenumber);
  if (!account) return errorWithStatus(unknownAccount, 400);
  account.attempts.push({
    agent,
    date: httpDay(now),
    direction: 'Outbound',
    dispo,
    filenumber: fileNumberOf(account),
    maindatabaseid: idOf(account),
    phonenumber,
    time: hourAndMinute(now),
    type,
    wassecond: 0,
  });
  account.row.datelastdialed = httpDay(now);
  account.row.lastworked = slashDate(now);
  addNote(request, account, agent, `Called ${phonenumber} Result: ${dispo}`);
  return succeed({ success: 'Attempt inserted successfully' });
};

export const createCallback: Handler = (request) => {
  const { state, body } = request;
  const keys = [
    'FileNumber',
    'Name',
    'Assignedto',
    'Callbackdate',
    'Callbacktime',
    'Callbackdatemysql',
  ] as const;
  const required = requireTexts(body, keys);
  if ('missing' in required) return nothing();
  const { FileNumber, Name, Assignedto, Callbackdate, Callbacktime } = required.texts;
  const account = findAccount(state, FileNumber);
  if (!account) return nothing();
  account.row.callbacks = `${Callbackdate} ${Callbacktime}`;
  const message = `Added Callback : ${Callbackdate} ${Callbacktime} Name: ${Name} Assigned to: ${Assignedto}`;
  addNote(request, account, Assignedto, message);
  return succeed({ Success: 'Callback has been uploaded' });
};
