import type { ReadCache } from '../cache/read-cache.ts';
import { createClient, logIn, type UpstreamClient } from '../client/client.ts';
import type { Sender } from '../client/sender.ts';
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
  cache?: ReadCache,
): UpstreamClient => {
  const tokens = createTokenSource(async () => {
    const value = await logIn(login, { params: {}, body: { apikey: apiKey, pin } }, sender);
    return { value, lifetime: lifetimeOf(value) };
  });
  return createClient(sender, tokens, kept, cache);
};
