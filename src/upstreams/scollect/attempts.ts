import { z } from 'zod';
import { rows, scollectRead, scollectWrite } from '../endpoint.ts';
import { acknowledgement } from './envelope.ts';

/** Rows name the account by `filename` or by `filenumber`, within one answer. */
export const getattempts = scollectRead({
  operation: 'getattempts',
  method: 'GET',
  path: '/getattempts/{filenumber}',
  reply: rows({ date: z.string().nullable() }),
  nothing: 'NO_ROWS',
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
