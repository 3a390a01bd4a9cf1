import { createClient, logIn, type UpstreamClient } from '../client.ts';
import type { Http } from '../http.ts';
import { createTokenSource, lifetimeOf } from '../token.ts';
import { judgeScollect } from './envelope.ts';
import { login } from './login.ts';

export interface ScollectCredentials {
  readonly apiKey: string;
  readonly pin: string;
}

/** Scollect's tokens live for 15 minutes. */
export const createScollect = (http: Http, { apiKey, pin }: ScollectCredentials): UpstreamClient => {
  const parts = { http, judge: judgeScollect };
  const tokens = createTokenSource(async () => {
    const value = await logIn(login, { params: {}, body: { apikey: apiKey, pin } }, parts);
    return { value, lifetime: lifetimeOf(value) };
  });
  return createClient({ ...parts, tokens });
};
