import type { ReadCache } from '../cache/read-cache.ts';
import { createClient, logIn, type UpstreamClient } from '../client/client.ts';
import type { Sender } from '../client/sender.ts';
import { createTokenSource, fixedToken, lifetimeOf } from '../client/token.ts';
import { authenticate } from './authenticate.ts';

/** A configured token, or the credentials for a log-in. */
export type RecoveryConnectCredentials =
  | { readonly token: string }
  | { readonly username: string; readonly password: string };

export const createRecoveryConnect = (
  sender: Sender,
  credentials: RecoveryConnectCredentials,
  cache?: ReadCache,
): UpstreamClient => {
  if ('token' in credentials) return createClient(sender, fixedToken(credentials.token), undefined, cache);
  const { username, password } = credentials;
  const tokens = createTokenSource(async () => {
    const reply = await logIn(authenticate, { params: {}, body: { username, password } }, sender);
    return {
      value: reply.access_token,
      lifetime: reply.expires_in ?? lifetimeOf(reply.access_token),
    };
  });
  return createClient(sender, tokens, undefined, cache);
};
