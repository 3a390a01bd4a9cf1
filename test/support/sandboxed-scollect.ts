import { onTestFinished } from 'vitest';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { type LocalUpstream, startUpstream } from './upstream.ts';

/** Serves Scollect by a sandbox of its own, which keeps what is written until the test ends. */
export const startSandboxedScollect = async (): Promise<LocalUpstream> => {
  const { scollect, close } = await startSandbox();
  onTestFinished(close);
  const { url, apiKey: apikey, pin } = scollect;
  return startUpstream(async ({ method, path, headers, body }) => {
    const sent = path === '/login' ? { apikey, pin } : body;
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', authorization: String(headers['authorization']) },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    return { status: response.status, json: await response.json() };
  });
};
