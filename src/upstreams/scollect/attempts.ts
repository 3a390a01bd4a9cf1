import { z } from 'zod';
import { toLocalTime, toRecordedDate } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toPhoneNumber } from '../../values/phone-number.ts';
import { asWritten, toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { rowsWithAny, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asText } from '../endpoint/response-keys.ts';
import { acknowledgement } from './envelope.ts';

/** Rows name the account by `filename` or by `filenumber`, within one answer. */
export const getattempts = scollectRead({
  operation: 'getattempts',
  method: 'GET',
  path: '/getattempts/{filenumber}',
  // Any of them proves an attempt, whatever else is unreadable.
  key: { fileNumber: 'filenumber' },
  columns: () => attemptColumns,
  reply: rowsWithAny('date', 'time', 'phonenumber', 'direction', 'dispo', 'type', 'agent'),
  answersFor: [
    { row: 'filenumber', requested: 'filenumber', read: asText },
    { row: 'filename', requested: 'filenumber', read: asText },
  ],
  nothing: 'NO_ROWS',
  caching: 'contact',
});

export const insertattempt = scollectWrite({
  operation: 'insertattempt',
  method: 'POST',
  path: '/insertattempt',
  request: z.strictObject({
    phonenumber: z.string(),
    dispo: z.string(),
    agent: z.string(),
    type: z.string(),
    filenumber: z.string(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
});

export const createCallback = scollectWrite({
  operation: 'createCallback',
  method: 'POST',
  path: '/createCallback',
  request: z.strictObject({
    FileNumber: z.string(),
    Name: z.string(),
    Assignedto: z.string(),
    Callbackdate: z.string(),
    Callbacktime: z.string(),
    Callbackdatemysql: z.string(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
});

/** Reads the direction of an attempt; `null` for any other word. */
const toDirection = (wire: unknown): 'INBOUND' | 'OUTBOUND' | null => {
  const word = (toText(wire) ?? '').toUpperCase();
  return word === 'INBOUND' || word === 'OUTBOUND' ? word : null;
};

/** Whether a value is a text or a blank. */
const isReadable = (wire: unknown): boolean =>
  wire === null || typeof wire === 'string' || typeof wire === 'number';

export const attemptColumns = {
  date: column(toRecordedDate, 'date'),
  rawDate: column(toText, 'date'),
  time: column(toLocalTime, 'time'),
  rawTime: column(toText, 'time'),
  phoneNumber: column(toPhoneNumber, 'phonenumber'),
  rawPhoneNumber: column(asWritten, 'phonenumber'),
  direction: column(toDirection, 'direction'),
  disposition: column(toText, 'dispo'),
  hasDisposition: column(isReadable, 'dispo'),
  agent: column(toText, 'agent'),
  type: column(toText, 'type'),
  isSecond: column(toFlag, 'wassecond'),
} as const;
