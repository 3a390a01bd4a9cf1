import { z } from 'zod';
import { toLoggedAt } from '../../values/date.ts';
import { toText } from '../../values/text.ts';
import { column } from '../endpoint/column.ts';
import { rowsWithAny, scollectRead, scollectWrite } from '../endpoint/endpoint.ts';
import { asText } from '../endpoint/response-keys.ts';
import { acknowledgement } from './envelope.ts';

export const getnotes = scollectRead({
  operation: 'getnotes',
  method: 'GET',
  path: '/getnotes/{filenumber}',
  key: { fileNumber: 'filenumber' },
  columns: () => noteColumns,
  reply: rowsWithAny('id', 'logmessage'),
  answersFor: [{ row: 'filenumber', requested: 'filenumber', read: asText }],
  nothing: 'NO_ROWS',
  caching: 'allowed',
});

export const InsertNoteline = scollectWrite({
  operation: 'InsertNoteline',
  method: 'POST',
  path: '/InsertNoteline',
  request: z.strictObject({ filenumber: z.string(), collectorname: z.string(), logmessage: z.string() }),
  reply: acknowledgement,
  nothing: 'REFUSED',
});

/** `logdate` and `logtime` repeat the parts of `logdateandtime`. */
export const noteColumns = {
  noteId: column(toText, 'id'),
  body: column(toText, 'logmessage'),
  collectorName: column(toText, 'collectorname'),
  loggedAt: column(toLoggedAt, 'logdateandtime', 'logdate'),
  rawLoggedAt: column(toText, 'logdateandtime', 'logdate'),
} as const;
