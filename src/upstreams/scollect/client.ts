import { createClient, type UpstreamClient } from '../client/client.ts';
import type { Token } from '../client/held-token.ts';
import { logIn } from '../client/log-in.ts';
import type { Sender } from '../client/sender.ts';
import { createSharedLogIns } from '../client/shared-log-ins.ts';
import type { ClientOptions } from '../client/sharing.ts';
import { createTokenSource, lifetimeOf } from '../client/token.ts';
import type { RowCache } from '../rows/row-cache.ts';
import { login } from './login.ts';

export interface ScollectCredentials {
  readonly apiKey: string;
  readonly pin: string;
}

/** Scollect's tokens live for 15 minutes. */
export const createScollect = (
  sender: Sender,
  { apiKey, pin }: ScollectCredentials,
  kept?: RowCache,
  { cache, sharing }: ClientOptions = {},
): UpstreamClient => {
  const shared = sharing && createSharedLogIns({ sharing, credential: [apiKey, pin], call: login });
  const logInOnce = async (): Promise<Token> => {
    const value = await logIn(login, { params: {}, body: { apikey: apiKey, pin } }, sender);
    return { value, lifetime: lifetimeOf(value) };
  };
  const tokens = createTokenSource(logInOnce, { shared });
  return createClient(sender, tokens, kept, cache);
};
