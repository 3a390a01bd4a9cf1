import type { RequestGuard } from './guard.ts';

/**
 * Rejects the call of a tool by a token that lacks a scope of it, with a challenge by which the client can get another
 * token. Where clients cannot get tokens, the result of the call says which fields were not permitted.
 */
export const toolScopes: RequestGuard = {
  name: 'tool scopes',
  routes: ['mcp'],
  stage: 'body',
  check: ({ messages, caller }, { protectedResource }) => {
    const challenge = messages && caller && protectedResource?.challengeToCall(messages, caller);
    if (challenge === undefined) return undefined;
    return {
      status: 403,
      reason: 'forbidden',
      error: {
        code: 'FORBIDDEN',
        message: 'Authorization: expected a token with every scope that the tool requires.',
      },
      headers: { 'www-authenticate': challenge },
    };
  },
};
