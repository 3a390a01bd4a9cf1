import { z } from 'zod';
import { costing } from '../../operation/cost/field-cost.ts';
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
import { ofAccountOfWrite } from './account-things.ts';
import { accountField, fileNumberInput, rowsOfAccount } from './account-written.ts';
import { attemptedAt, type ContactAttempt, ContactAttemptType } from './contact-attempt.ts';

const { agent, disposition, type, phoneNumber: numberCalled } = attemptColumns;

/** Of attempts in the order of the upstream the latest, which is the last one of those made in the same minute. */
const latestOf = (attempts: readonly ContactAttempt[]): ContactAttempt | null =>
  attempts.reduce<ContactAttempt | null>(
    (latest, one) => (latest && (attemptedAt(one) ?? '') < (attemptedAt(latest) ?? '') ? latest : one),
    null,
  );

addMutation('recordContactAttempt', {
  endpoint: insertattempt,
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
        'Outcome of the attempt, in words of the agency, as in `SPOKE TO DEBTOR`; at most 100 characters.',
    }),
    agent: t.string({ required: true, description: 'Agent of the attempt, at most 100 characters.' }),
    type: t.string({
      required: true,
      description: 'Type of the attempt, in words of the agency, as in `MANUAL`; at most 50 characters.',
    }),
  }),
  check: z.strictObject({
    fileNumber,
    phoneNumber,
    disposition: text(100),
    agent: text(100),
    type: text(50),
  }),
  execute: async (input, { write }) => {
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
        'The attempt as it is recorded now (getattempts): the latest with these values. Null, with an error if it cannot be read, if it is not found there.',
      extensions: costing(ofAccountOfWrite([getattempts])),
      resolve: async (made, _, { loaders }): Promise<ContactAttempt | null> => {
        const rows = await loaders.of(getattempts).load({ fileNumber: made.fileNumber });
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
  // The account's row contains when it was last worked and dialed.
  changes: [...rowsOfAccount, getattempts],
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
  description: 'A call that was promised to, or requested by, a debtor.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Person to call.' }),
    assignedTo: t.exposeString('assignedTo', { description: 'Agent who is to call.' }),
    date: t.expose('date', { type: 'Date', description: 'The day of the call.' }),
    time: t.expose('time', {
      type: 'LocalTime',
      description: "The time of the call, by the agency's clock.",
    }),
  }),
});

addMutation('scheduleCallback', {
  endpoint: createCallback,
  scope: 'accounts:write',
  description: 'Schedules a call to a debtor (Scollect: createCallback).',
  input: (t) => ({
    fileNumber: t.string({ required: true, description: fileNumberInput }),
    name: t.string({ required: true, description: 'Person to call, at most 100 characters.' }),
    assignedTo: t.string({ required: true, description: 'Agent who is to call, at most 100 characters.' }),
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
  execute: async (input, { write }) => {
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
  changes: rowsOfAccount,
  whatToCheck:
    "Look at the account's callbacks (`Account.work`) and its log (`Account.notes`) before it is scheduled again.",
});
