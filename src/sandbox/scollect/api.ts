import { randomBytes, randomUUID } from 'node:crypto';
import { scollectOperations } from '../../upstreams/scollect/operations.ts';
import type { Admission, HttpApi } from '../api.ts';
import { checkToken, signToken } from '../jwt.ts';
import { createRouter } from '../router.ts';
import { type HttpAnswer, type HttpCall, json } from '../server.ts';
import { nothing } from './answers.ts';
import { flaskPage } from './flask.ts';
import type { Tokens } from './handler.ts';
import { scollectHandlers } from './handlers.ts';
import { mannersOf } from './manners.ts';
import { declined, expiredToken } from './refusals.ts';
import type { ScollectState } from './tables.ts';

export interface ScollectOptions {
  readonly apiKey: string;
  readonly pin: string;
  readonly tokenLifeSeconds: number;
  readonly tokenClockSkewSeconds: number;
  readonly now: () => Date;
}

const route = createRouter(scollectOperations);

/** The clock by which tokens are issued and checked, so that a wrong clock does not change their lifetime. */
const tokenClock = ({ tokenClockSkewSeconds, now }: ScollectOptions): Date =>
  new Date(now().getTime() + tokenClockSkewSeconds * 1000);

/** Issues tokens with the documented claims. */
const createTokens = (options: ScollectOptions, secret: Buffer): Tokens => ({
  logIn: (givenKey, givenPin) => {
    const { apiKey, pin, tokenLifeSeconds } = options;
    if (givenKey !== apiKey || givenPin !== pin) return undefined;
    const iat = Math.floor(tokenClock(options).getTime() / 1000);
    const claims = {
      fresh: false,
      iat,
      jti: randomUUID(),
      type: 'access',
      sub: apiKey,
      nbf: iat,
      csrf: randomUUID(),
      exp: iat + tokenLifeSeconds,
      pin,
    };
    return signToken(claims, secret);
  },
});

/** Returns the response of Flask-JWT-Extended to a call without a valid token; undefined for a valid one. */
const refuse = (authorization: string | undefined, secret: Buffer, now: Date): HttpAnswer | undefined => {
  if (authorization === undefined) return json({ msg: 'Missing Authorization Header' }, 401);
  const [scheme, token, ...rest] = authorization.split(' ');
  if (scheme !== 'Bearer' || token === undefined || rest.length > 0) {
    return json({ msg: "Bad Authorization header. Expected 'Authorization: Bearer <JWT>'" }, 422);
  }
  const check = checkToken(token, secret, now);
  if (check.kind === 'expired') return expiredToken();
  return check.kind === 'invalid' ? json({ msg: check.reason }, 422) : undefined;
};

/** Reads a JSON object with the matching content type; undefined for anything else. */
const readBody = ({ headers, body }: HttpCall): Readonly<Record<string, unknown>> | undefined => {
  if (!/^application\/(?:.+\+)?json\b/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};

/** Creates the stand-in for Scollect, a Flask application that returns most errors with HTTP 200. */
export const createScollectApi = (state: ScollectState, options: ScollectOptions): HttpApi => {
  const secret = randomBytes(32);
  const tokens = createTokens(options, secret);
  const admit = (call: HttpCall): Admission | HttpAnswer => {
    const match = route(call.method, call.path);
    if (match.kind === 'unknown') return flaskPage(404);
    if (match.kind === 'wrongMethod') return flaskPage(405, { allow: match.allowed.join(', ') });
    const now = options.now();
    const { name: operation, params } = match;
    if (operation !== 'login') {
      const refusal = refuse(call.headers.authorization, secret, tokenClock(options));
      if (refusal) return refusal;
    }
    const body = call.method === 'GET' ? {} : readBody(call);
    if (body === undefined) return flaskPage(400);
    return {
      operation,
      requested: { ...body, ...params },
      execute: () => json(scollectHandlers[operation]({ state, params, body, now, tokens })),
      decline: () => json(declined(operation)),
      refuse: () => json(nothing()),
      manners: mannersOf(operation),
    };
  };
  return { admit, bodyTooLarge: () => flaskPage(413), broken: () => flaskPage(500) };
};
