import { z } from 'zod';
import { absentFrom } from '../../upstreams/endpoint/left-out.ts';
import {
  attemptColumns,
  createCallback,
  getattempts,
  insertattempt,
} from '../../upstreams/scollect/attempts.ts';
import { toPhoneNumber } from '../../values/phone-number.ts';
import { toTwelveHours } from '../../values/twelve-hours.ts';
import { builder } from '../kit/builder.ts';
import { date, fileNumber, phoneNumber, text, time } from '../kit/checks.ts';
import { addMutation } from '../kit/mutation.ts';
import { accountField, fileNumberInput, forgetAccount } from './account-written.ts';
import { attemptedAt, type ContactAttempt, ContactAttemptType } from './contact-attempt.ts';

const { agent, disposition, type, phoneNumber: numberCalled } = attemptColumns;

/** Of attempts in the order of the upstream the latest, which is the last one of those made in the same minute. */
const latestOf = (attempts: readonly ContactAttempt[]): ContactAttempt | null =>
  attempts.reduce<ContactAttempt | null>(
    (latest, one) => (latest && (attemptedAt(one) ?? '') < (attemptedAt(latest) ?? '') ? latest : one),
    null,
  );

addMutation('recordContactAttempt', {
  scope: 'accounts:write',
  description:
    'Records an attempt to talk to a debtor, as made now (Scollect: insertattempt). It counts in `Account.contactSummary`.',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    phoneNumber: t.field({
      type: 'PhoneNumber',
      required: true,
      description: 'The number that was called, one of North America.',
    }),
    disposition: t.string({
      required: true,
      description:
        'What came of it, in words of the agency, as in `SPOKE TO DEBTOR`; at most 100 characters.',
    }),
    agent: t.string({ required: true, description: 'Who made it, at most 100 characters.' }),
    type: t.string({
      required: true,
      description: 'How it was made, in words of the agency, as in `MANUAL`; at most 50 characters.',
    }),
  }),
  check: z.strictObject({
    fileNumber,
    phoneNumber,
    disposition: text(100),
    agent: text(100),
    type: text(50),
  }),
  carryOut: async (input, { write }) => {
    const { fileNumber: filenumber, phoneNumber: phonenumber, disposition: dispo, ...attempt } = input;
    await write(insertattempt, { params: {}, body: { filenumber, phonenumber, dispo, ...attempt } });
    return input;
  },
  success: (t) => ({
    account: accountField(t),
    attempt: t.field({
      type: ContactAttemptType,
      authScopes: { 'accounts:read': true },
      nullable: true,
      description:
        'The attempt as it is recorded now (getattempts): the latest with these values. Null, with an error where it cannot be read, if it is not found there.',
      resolve: async (made, _, { loaders }): Promise<ContactAttempt | null> => {
        const rows = await loaders.attempts.load(made.fileNumber);
        const same = rows.filter(
          (row) =>
            numberCalled.read(row) === toPhoneNumber(made.phoneNumber) &&
            disposition.read(row) === made.disposition &&
            agent.read(row) === made.agent &&
            type.read(row) === made.type,
        );
        return latestOf(same.map((row) => ({ row }))) ?? absentFrom(getattempts, rows);
      },
    }),
  }),
  forget: (loaders, input) => {
    loaders.attempts.clear(input.fileNumber);
    // It tells when the account was last worked and dialed.
    forgetAccount(loaders, input);
  },
  whatToCheck:
    "Look for the attempt among the account's (`Account.attempts`) before it is recorded again: it would count twice.",
});

interface Callback {
  readonly name: string;
  readonly assignedTo: string;
  readonly date: string;
  readonly time: string;
}

const CallbackType = builder.objectRef<Callback>('Callback').implement({
  description: 'A call that was promised to a debtor, or asked for by one.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Who is to be called.' }),
    assignedTo: t.exposeString('assignedTo', { description: 'Who is to call.' }),
    date: t.expose('date', { type: 'Date', description: 'The day of the call.' }),
    time: t.expose('time', {
      type: 'LocalTime',
      description: "The time of the call, by the agency's clock.",
    }),
  }),
});

addMutation('scheduleCallback', {
  scope: 'accounts:write',
  description: 'Schedules a call to a debtor (Scollect: createCallback).',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    name: t.string({ required: true, description: 'Who is to be called, at most 100 characters.' }),
    assignedTo: t.string({ required: true, description: 'Who is to call, at most 100 characters.' }),
    date: t.field({
      type: 'Date',
      required: true,
      description: 'The day of the call.',
    }),
    time: t.field({
      type: 'LocalTime',
      required: true,
      description: "The time of the call, by the agency's clock.",
    }),
  }),
  check: z.strictObject({
    fileNumber,
    name: text(100),
    assignedTo: text(100),
    date,
    time,
  }),
  carryOut: async (input, { write }) => {
    const body = {
      FileNumber: input.fileNumber,
      Name: input.name,
      Assignedto: input.assignedTo,
      Callbackdate: input.date,
      Callbacktime: toTwelveHours(input.time),
      // The document shows the same day in the same form under both keys.
      Callbackdatemysql: input.date,
    };
    await write(createCallback, { params: {}, body });
    return input;
  },
  success: (t) => ({
    account: accountField(t),
    callback: t.field({
      type: CallbackType,
      description: 'The callback as it was scheduled: no operation reads them one by one.',
      resolve: (scheduled) => scheduled,
    }),
  }),
  // It counts the callbacks.
  forget: forgetAccount,
  whatToCheck:
    "Look at the account's callbacks (`Account.work`) and its log (`Account.notes`) before it is scheduled again.",
});
