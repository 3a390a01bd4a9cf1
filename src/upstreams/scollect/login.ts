import { z } from 'zod';
import { headerToken, scollectRead } from '../endpoint/endpoint.ts';

/** The token was observed at three paths: `result.access_token`, `result`, and `access_token` at the root. */
export const login = scollectRead({
  operation: 'login',
  method: 'POST',
  path: '/login',
  request: z.strictObject({ apikey: z.string(), pin: z.string() }),
  reply: z.union([
    headerToken,
    z.object({ access_token: headerToken }).transform((payload) => payload.access_token),
  ]),
  nothing: 'NOT_FOUND',
  caching: 'logIn',
});
