import { onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { type LocalUpstream, startUpstream } from './upstream.ts';

/** A sandbox that ends with its test. */
export const ownSandbox = async () => {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
};

/** Hands requests on to a sandbox, whatever credentials they log in with, and notes them down. */
const before = (
  url: string,
  isLogIn: (path: string) => boolean,
  credentials: object,
  beforeAnswer?: (path: string) => Promise<void>,
) =>
  startUpstream(async ({ method, path, query, headers, body }) => {
    const sent = isLogIn(path) ? credentials : body;
    const response = await fetch(`${url}${path}?${new URLSearchParams(query)}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: String(headers['authorization']),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    const json: unknown = await response.json();
    await beforeAnswer?.(path);
    return { status: response.status, json };
  });

/**
 * Serves Scollect by a sandbox of its own, which keeps what is written until the test ends.
 *
 * @param beforeAnswer awaited before the response of a request is sent.
 */
export const startSandboxedScollect = async (
  beforeAnswer?: (path: string) => Promise<void>,
): Promise<LocalUpstream> => {
  const { url, apiKey: apikey, pin } = (await ownSandbox()).scollect;
  return before(url, (path) => path === '/login', { apikey, pin }, beforeAnswer);
};

/** Serves RecoveryConnect by a sandbox of its own, which keeps what is written until the test ends. */
export const startSandboxedRecoveryConnect = async (): Promise<LocalUpstream> => {
  const { url, username, password } = (await ownSandbox()).recoveryConnect;
  return before(url, (path) => path.endsWith('/auth'), { username, password });
};
