import { createClient, logIn, type UpstreamClient } from '../client.ts';
import type { Http } from '../http.ts';
import { createTokenSource, fixedToken, lifetimeOf } from '../token.ts';
import { authenticate } from './authenticate.ts';
import { judgeRecoveryConnect } from './envelope.ts';

/** A token that was given, or what it takes to log in for one. */
export type RecoveryConnectCredentials =
  | { readonly token: string }
  | { readonly username: string; readonly password: string };

export const createRecoveryConnect = (
  http: Http,
  credentials: RecoveryConnectCredentials,
): UpstreamClient => {
  const parts = { http, judge: judgeRecoveryConnect };
  if ('token' in credentials) return createClient({ ...parts, tokens: fixedToken(credentials.token) });
  const { username, password } = credentials;
  const tokens = createTokenSource(async () => {
    const reply = await logIn(authenticate, { params: {}, body: { username, password } }, parts);
    return {
      value: reply.access_token,
      lifetime: reply.expires_in ?? lifetimeOf(reply.access_token),
    };
  });
  return createClient({ ...parts, tokens });
};
