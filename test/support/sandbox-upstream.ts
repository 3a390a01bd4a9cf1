import { onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { type LocalUpstream, startUpstream } from './upstream.ts';

/** Serves RecoveryConnect by a sandbox of its own, which keeps what is written until the test ends. */
export const startSandboxedRecoveryConnect = async (): Promise<LocalUpstream> => {
  const { recoveryConnect, close } = await startSandbox();
  onTestFinished(close);
  const { url, username, password } = recoveryConnect;
  return startUpstream(async ({ method, path, query, headers, body }) => {
    const sent = path.endsWith('/auth') ? { username, password } : body;
    const response = await fetch(`${url}${path}?${new URLSearchParams(query)}`, {
      method,
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        authorization: String(headers['authorization']),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    return { status: response.status, json: await response.json() };
  });
};
