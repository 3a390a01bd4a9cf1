import { z } from 'zod';
import { headerToken, recoveryConnectRead } from '../endpoint/endpoint.ts';

/**
 * Tokens are valid for `expires_in` seconds. The response also contains a refresh token, but no call that accepts it is
 * documented.
 */
export const authenticate = recoveryConnectRead({
  operation: 'authenticate',
  method: 'POST',
  path: '/api/v140/auth',
  request: z.strictObject({ username: z.string(), password: z.string() }),
  reply: z.object({
    access_token: headerToken,
    // A lifetime that is no number is no reason to reject a token.
    expires_in: z.coerce.number().positive().optional().catch(undefined),
  }),
  nothing: 'NOT_FOUND',
  caching: 'logIn',
});
