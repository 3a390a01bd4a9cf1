import { z } from 'zod';
import { headerToken, recoveryConnectRead } from '../endpoint/endpoint.ts';

/** Tokens live for `expires_in` seconds. A refresh token comes with them, but no call that would take it is known. */
export const authenticate = recoveryConnectRead({
  operation: 'authenticate',
  method: 'POST',
  path: '/api/v140/auth',
  request: z.strictObject({ username: z.string(), password: z.string() }),
  reply: z.object({
    access_token: headerToken,
    // One that is no time is no reason to refuse a token.
    expires_in: z.coerce.number().positive().optional().catch(undefined),
  }),
  nothing: 'NOT_FOUND',
});
