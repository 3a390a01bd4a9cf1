import { httpDate } from '../dates.ts';
import { error, errorWithStatus, succeed, unknownAccount } from './answers.ts';
import { type Handler, requireTexts } from './handler.ts';
import { addNote } from './notes.ts';
import { fileNumberOf, findAccount, idOf, nextId } from './tables.ts';

/** Adds the number even if the account has it, as the documented request does. */
export const insertphone: Handler = (request) => {
  const { state, body, now } = request;
  const required = requireTexts(body, ['filenumber', 'phonenumber', 'phonetype', 'phonestatus', 'source']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber, phonenumber, phonetype, phonestatus, source } = required.texts;
  const account = findAccount(state, filenumber);
  if (!account) return error(unknownAccount);
  account.phones.push({
    assignedto: null,
    balance: null,
    filenumber: fileNumberOf(account),
    firstname: String(account.row.firstname ?? ''),
    id: nextId(state, 'phone'),
    isagoodnumber: null,
    lastchange: httpDate(now),
    lastname: String(account.row.lastname ?? ''),
    maindatabaseid: idOf(account),
    phonenumber,
    phonestatus,
    phonetype,
    source,
    typeofdebt: null,
  });
  const message = `Added Phonenumber : ${phonenumber} Type: ${phonetype} Status: ${phonestatus}`;
  addNote(request, account, 'API', message);
  return succeed({ success: 'Phone number inserted successfully' });
};

const isGiven = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

export const updatephone: Handler = (request) => {
  const { state, body, now } = request;
  const { phonetype, phonestatus } = body;
  const required = requireTexts(body, ['filenumber', 'phonenumber']);
  if ('missing' in required) return error(`Missing ${required.missing}`);
  const { filenumber, phonenumber } = required.texts;
  if (!isGiven(phonetype) && !isGiven(phonestatus)) {
    return errorWithStatus('You need to provide at least one field to update', 400);
  }
  if (!/^\d{3}-\d{3}-\d{4}$/.test(phonenumber)) return errorWithStatus('Invalid phone number format', 400);
  const account = findAccount(state, filenumber);
  const phones = account?.phones.filter((phone) => phone.phonenumber === phonenumber) ?? [];
  if (!account || phones.length === 0) return error(unknownAccount);
  for (const phone of phones) {
    if (isGiven(phonetype)) phone.phonetype = phonetype;
    if (isGiven(phonestatus)) phone.phonestatus = phonestatus;
    phone.lastchange = httpDate(now);
    const change = `from ${phonenumber} to ${phonenumber} Type: ${phone.phonetype} Status: ${phone.phonestatus}`;
    addNote(request, account, 'API', `Changed phonenumbe id: ${phone.id} ${change}`);
  }
  return succeed({ success: 'Phone number updated successfully' });
};
