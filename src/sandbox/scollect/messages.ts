import { randomUUID } from 'node:crypto';
import { httpDate } from '../dates.ts';
import { nothing, succeed } from './answers.ts';
import { type Handler, type Request, requireTexts } from './handler.ts';
import { addNote } from './notes.ts';
import { type Account, fileNumberOf, findAccount, nextId } from './tables.ts';

// The date without an e-mail, where adjacent columns are null.
const noEmailDate = 'Mon, 01 Jan 1900 00:00:00 GMT';

export const getemailstats: Handler = ({ state, params }) => {
  const account = findAccount(state, params['filenumber']);
  if (!account) return nothing();
  const { permissions, emails } = account;
  const stats = {
    filenumber: fileNumberOf(account),
    last_email_date:
      emails.findLast(({ TrackingType }) => TrackingType === 'OkToSend')?.DateLoaded ?? noEmailDate,
    lastclickdate: permissions.lastclickdate,
    lastopenedemail: permissions.lastopenedemail,
    lastportallogin: permissions.lastportallogin,
    linkclickcount: permissions.linkclickcount,
    openedcount: permissions.openedcount,
    registeredportal: permissions.registeredportal,
    sentcount: permissions.sentcount,
  };
  return succeed([stats]);
};

const failed = () => succeed({ success: false });

const sendEmail = ({ state, now }: Request, account: Account, subject: string): void => {
  const EmailID = randomUUID();
  for (const TrackingType of ['OkToSend', 'Delivery']) {
    account.emails.push({
      DateLoaded: httpDate(now),
      EmailID,
      IPAddress: '192.0.2.10',
      ReferenceNumber: fileNumberOf(account),
      Subject: subject,
      ToAddress: String(account.row.emailaddress ?? ''),
      TrackingType,
      UserAgent: '',
      id: nextId(state, 'email'),
    });
  }
  account.permissions.sentcount += 1;
};

/** Sends to all named accounts, or to none. */
export const send_email_c2c: Handler = (request) => {
  const { state, body } = request;
  const { referenceNumbers, updateap } = body;
  const required = requireTexts(body, ['sendType', 'emailTemplate']);
  if ('missing' in required || !Array.isArray(referenceNumbers) || typeof updateap !== 'boolean')
    return failed();
  const accounts = referenceNumbers.map((filenumber) => findAccount(state, filenumber));
  if (accounts.length === 0 || accounts.includes(undefined)) return failed();
  for (const account of accounts) {
    if (account) sendEmail(request, account, required.texts.emailTemplate);
  }
  const response = {
    ErrorMessage: null,
    Errors: null,
    ResultObject: null,
    Success: true,
    SuccessRedirectUrl: null,
  };
  return succeed({ response, success: true });
};

/** Text messages are recorded in a note only: no operation lists them. */
export const send_text: Handler = (request) => {
  const { state, body } = request;
  const required = requireTexts(body, ['filenumber', 'textTemplate', 'messageType', 'sbt_env']);
  if ('missing' in required) return failed();
  const account = findAccount(state, required.texts.filenumber);
  if (!account) return failed();
  addNote(request, account, 'API', `Sent Text : ${required.texts.textTemplate}`);
  return succeed({ success: true });
};
