import { randomBytes, randomUUID } from 'node:crypto';
import { recoveryConnectOperations } from '../../upstreams/recoveryconnect/operations.ts';
import type { Admission, HttpApi } from '../api.ts';
import { checkToken, signToken } from '../jwt.ts';
import { createRouter } from '../router.ts';
import { type HttpAnswer, type HttpCall, html, json } from '../server.ts';
import type { Tokens } from './handler.ts';
import { recoveryConnectHandlers } from './handlers.ts';
import { invalidData, Refusal, unauthenticated, unauthorized } from './laravel.ts';
import { mannersOf } from './manners.ts';
import type { RecoveryConnectState } from './records.ts';
import type { Fields } from './validation.ts';

export interface RecoveryConnectOptions {
  readonly username: string;
  readonly password: string;
  readonly now: () => Date;
}

type Head = Omit<HttpCall, 'body'>;

const tokenLifeSeconds = 3600;

const route = createRouter(recoveryConnectOperations);

const createTokens = ({ username, password, now }: RecoveryConnectOptions, secret: Buffer): Tokens => ({
  lifeSeconds: tokenLifeSeconds,
  logIn: (givenName, givenPassword) => {
    if (givenName !== username || givenPassword !== password) return undefined;
    const iat = Math.floor(now().getTime() / 1000);
    return signToken({ sub: username, jti: randomUUID(), iat, exp: iat + tokenLifeSeconds }, secret);
  },
});

const loginPage =
  '<!DOCTYPE html>\n<html>\n<head><title>Login</title></head>\n<body><h1>Login</h1></body>\n</html>\n';

const redirectToLogin = (): HttpAnswer =>
  html('<!DOCTYPE html>\n<html><body>Redirecting to <a href="/login">/login</a>.</body></html>\n', 302, {
    location: '/login',
  });

/** A client that does not accept JSON is treated as a browser: errors redirect to the log-in page. */
const refuse = ({ headers }: Head, { status, body, headers: own }: Refusal): HttpAnswer =>
  /[/+]json\b/i.test(headers.accept ?? '') ? json(body, status, own) : redirectToLogin();

const unlessRefused = <Result>(call: Head, work: () => Result): Result | HttpAnswer => {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) return refuse(call, error);
    throw error;
  }
};

const noRoute = (path: string): Refusal =>
  new Refusal(404, { message: `The route ${path.replace(/^\//, '')} could not be found.` });

const wrongMethod = (method: string, allowed: readonly string[]): Refusal =>
  new Refusal(405, {
    message: `The ${method} method is not supported for this route. Supported methods: ${allowed.join(', ')}.`,
  });

/** Reads a JSON object. As Laravel does, it treats anything else as an empty one, which validation then rejects. */
const readBody = ({ body }: HttpCall): Fields => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
};

/** Rejects the first value of the input. */
const invalid = (body: Fields, params: Readonly<Record<string, string>>): Refusal => {
  const [key = 'id'] = [...Object.keys(body), ...Object.keys(params)];
  return invalidData({ [key]: [`The selected ${key.replaceAll('_', ' ')} is invalid.`] });
};

const isAuthenticated = ({ headers }: Head, secret: Buffer, now: Date): boolean => {
  const [, token] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return token !== undefined && checkToken(token, secret, now).kind === 'valid';
};

/** Creates the stand-in for RecoveryConnect, a Laravel application with versions in its paths. */
export const createRecoveryConnectApi = (
  state: RecoveryConnectState,
  options: RecoveryConnectOptions,
): HttpApi => {
  const secret = randomBytes(32);
  const tokens = createTokens(options, secret);

  const admit = (call: HttpCall): Admission => {
    const match = route(call.method, call.path);
    if (match.kind === 'unknown') throw noRoute(call.path);
    if (match.kind === 'wrongMethod') throw wrongMethod(call.method, match.allowed);
    const { name: operation, params } = match;
    const now = options.now();
    if (operation !== 'authenticate' && !isAuthenticated(call, secret, now)) throw unauthenticated();
    const { query, headers, path } = call;
    const address = `http://${headers.host ?? 'localhost'}${path}`;
    const body = readBody(call);
    const request = { state, params, query, body, now, address, tokens };
    return {
      operation,
      requested: { ...body, ...Object.fromEntries(query), ...params },
      execute: () => unlessRefused(call, () => json(recoveryConnectHandlers[operation](request))),
      decline: () => refuse(call, unauthorized()),
      refuse: () => refuse(call, invalid(body, params)),
      manners: mannersOf(operation, (refusal) => refuse(call, refusal)),
    };
  };

  return {
    admit: (call) =>
      call.method === 'GET' && call.path === '/login'
        ? html(loginPage, 200)
        : unlessRefused(call, () => admit(call)),
    bodyTooLarge: (call) => refuse(call, new Refusal(413, { message: 'The POST data is too large.' })),
    broken: (call) => refuse(call, new Refusal(500, { message: 'Server Error' })),
  };
};
