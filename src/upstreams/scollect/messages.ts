import { z } from 'zod';
import { identifier, row, rows, scollectRead, scollectWrite } from '../endpoint.ts';
import { acknowledgement } from './envelope.ts';

/** One row for each event (sent, delivered, opened …) of each e-mail. */
export const getemails = scollectRead({
  operation: 'getemails',
  method: 'GET',
  path: '/getemails/{filenumber}',
  reply: rows({ id: identifier }),
  nothing: 'NO_ROWS',
});

export const getemailstats = scollectRead({
  operation: 'getemailstats',
  method: 'GET',
  path: '/getemailstats/{filenumber}',
  reply: row({ filenumber: z.string() }),
  nothing: 'NOT_FOUND',
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
});
