import { onTestFinished } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body; undefined if it is no JSON. What it holds is for the test to say. */
  readonly body: unknown;
}

/** A clock that a test can set. */
export interface Clock {
  time: Date;
}

/** Speaks to a running sandbox over HTTP, with the tokens that it got by logging in. */
export interface Caller {
  readonly sandbox: Sandbox;
  readonly tokens: Readonly<Record<'scollect' | 'recoveryConnect', string>>;
  scollect(method: string, path: string, body?: unknown): Promise<Answer>;
  recoveryConnect(method: string, path: string, body?: unknown): Promise<Answer>;
}

/** What is written in JSON; undefined if it is none. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const send = async (
  url: string,
  method: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: parse(text),
  };
};

export const logInToScollect = async ({ scollect: { url, apiKey, pin } }: Sandbox): Promise<string> => {
  const { body } = await send(`${url}/login`, 'POST', { apikey: apiKey, pin });
  return (body as { result: { access_token: string } }).result.access_token;
};

export const logInToRecoveryConnect = async ({ recoveryConnect }: Sandbox): Promise<string> => {
  const { url, username, password } = recoveryConnect;
  const { body } = await send(`${url}/api/v140/auth`, 'POST', { username, password });
  return (body as { access_token: string }).access_token;
};

/** Starts a fresh sandbox for this test and logs in to both of its APIs. */
export const startCaller = async (options: SandboxOptions = {}): Promise<Caller> => {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close());
  const [scollectToken, recoveryConnectToken] = [
    await logInToScollect(sandbox),
    await logInToRecoveryConnect(sandbox),
  ];
  return {
    sandbox,
    tokens: { scollect: scollectToken, recoveryConnect: recoveryConnectToken },
    scollect: (method, path, body) =>
      send(sandbox.scollect.url + path, method, body, { authorization: `Bearer ${scollectToken}` }),
    recoveryConnect: (method, path, body) =>
      send(sandbox.recoveryConnect.url + path, method, body, {
        authorization: `Bearer ${recoveryConnectToken}`,
      }),
  };
};

export const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
