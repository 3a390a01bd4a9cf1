import { z } from 'zod';
import { toLocalDateTime, toRecordedDate } from '../../values/date.ts';
import { toFlag } from '../../values/flag.ts';
import { toInteger } from '../../values/identifier.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { identifier, row, rowsWithAny, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asText } from '../endpoint/response-keys.ts';
import { acknowledgement } from './envelope.ts';

/** One row for each event (sent, delivered, opened …) of each e-mail. */
export const getemails = scollectRead({
  operation: 'getemails',
  method: 'GET',
  path: '/getemails/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => emailColumns,
  reply: rowsWithAny('id', 'EmailID', 'TrackingType'),
  answersFor: [
    { row: 'ReferenceNumber', requested: 'filenumber', read: asText },
    { row: 'filenumber', requested: 'filenumber', read: asText },
  ],
  nothing: 'NO_ROWS',
  caching: 'contact',
});

export const getemailstats = scollectRead({
  operation: 'getemailstats',
  method: 'GET',
  path: '/getemailstats/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => emailStatsColumns,
  reply: row({ filenumber: identifier }),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NOT_FOUND',
  caching: 'contact',
});

export const send_email_c2c = scollectWrite({
  operation: 'send_email_c2c',
  method: 'POST',
  path: '/send_email_c2c',
  request: z.strictObject({
    sendType: z.string(),
    emailTemplate: z.string(),
    referenceNumbers: z.array(z.string()),
    updateap: z.boolean(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
  isOnce: true,
});

export const send_text = scollectWrite({
  operation: 'send_text',
  method: 'POST',
  path: '/send_text',
  request: z.strictObject({
    filenumber: z.string(),
    textTemplate: z.string(),
    messageType: z.string(),
    sbt_env: z.string(),
  }),
  reply: acknowledgement,
  nothing: 'REFUSED',
  isOnce: true,
});

export const emailColumns = {
  eventId: column(toText, 'id'),
  emailId: column(toText, 'EmailID'),
  eventType: column(toText, 'TrackingType'),
  occurredAt: column(toLocalDateTime, 'DateLoaded'),
  rawOccurredAt: column(toText, 'DateLoaded'),
  subject: column(toText, 'Subject'),
  toAddress: column(toText, 'ToAddress'),
  ipAddress: column(toText, 'IPAddress'),
  userAgent: column(toText, 'UserAgent'),
} as const;

export const emailStatsColumns = {
  sentCount: column(toInteger, 'sentcount'),
  openedCount: column(toInteger, 'openedcount'),
  linkClickCount: column(toInteger, 'linkclickcount'),
  lastEmailDate: column(toRecordedDate, 'last_email_date'),
  lastOpenedDate: column(toRecordedDate, 'lastopenedemail'),
  lastClickDate: column(toRecordedDate, 'lastclickdate'),
  isRegisteredOnPortal: column(toFlag, 'registeredportal'),
  lastPortalLoginDate: column(toRecordedDate, 'lastportallogin'),
} as const;
