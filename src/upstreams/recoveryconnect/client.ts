import { createClient, type UpstreamClient } from '../client/client.ts';
import type { Token } from '../client/held-token.ts';
import { logIn } from '../client/log-in.ts';
import type { Sender } from '../client/sender.ts';
import { createSharedLogIns } from '../client/shared-log-ins.ts';
import type { ClientOptions } from '../client/sharing.ts';
import { createTokenSource, fixedToken, lifetimeOf } from '../client/token.ts';
import { authenticate } from './authenticate.ts';

/** A configured token, or the credentials for a log-in. */
export type RecoveryConnectCredentials =
  | { readonly token: string }
  | { readonly username: string; readonly password: string };

export const createRecoveryConnect = (
  sender: Sender,
  credentials: RecoveryConnectCredentials,
  { cache, sharing }: ClientOptions = {},
): UpstreamClient => {
  if ('token' in credentials) return createClient(sender, fixedToken(credentials.token), undefined, cache);
  const { username, password } = credentials;
  const shared =
    sharing && createSharedLogIns({ sharing, credential: [username, password], call: authenticate });
  const logInOnce = async (): Promise<Token> => {
    const reply = await logIn(authenticate, { params: {}, body: { username, password } }, sender);
    return {
      value: reply.access_token,
      lifetime: reply.expires_in ?? lifetimeOf(reply.access_token),
    };
  };
  return createClient(sender, createTokenSource(logInOnce, { shared }), undefined, cache);
};
