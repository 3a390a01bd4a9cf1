import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Running, run } from '../support/process.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { jwtSecret, tokenFor } from '../support/token.ts';

export interface Exchange {
  /** 0 where no response came. */
  readonly status: number;
  readonly body: string;
}

/** The memory that a process takes up, in MB. */
export const residentMb = ({ process: { pid } }: Running): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** The memory of an idle process, in MB. */
export const residentAtRestMb = async (gateway: Running): Promise<number> => {
  let least = residentMb(gateway);
  for (let round = 0; round < 5; round += 1) {
    await pause(1000);
    least = Math.min(least, residentMb(gateway));
  }
  return least;
};

/** A gateway in a process of its own, asked over a few connections by a caller with these scopes. */
export const startMemoryGateway = async (
  flags: readonly string[],
  {
    scope = '',
    env = {},
    connections = 8,
  }: { readonly scope?: string; readonly env?: Record<string, string>; readonly connections?: number } = {},
) => {
  const folder = temporaryFolder();
  const gateway = run(
    'main.js',
    {
      PORT: '0',
      AUTH_JWT_SECRET: jwtSecret,
      AUDIT_LOG: 'off',
      RATE_LIMIT_PER_CALLER: '0',
      RATE_LIMIT_PER_ADDRESS: '0',
      LOG_LEVEL: 'error',
      ...env,
    },
    folder,
    flags,
  );
  const url = new URL(await gateway.line(/^Recollect is ready at (\S+)$/m));
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  onTestFinished(() => agent.destroy());
  const token = tokenFor({ sub: 'caller', scope });

  const send = (method: string, path: string, body?: string): Promise<Exchange> =>
    new Promise((resolve) => {
      const sent = request(new URL(path, url), {
        agent,
        method,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': String(Buffer.byteLength(body)),
          }),
        },
      });
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', () => resolve({ status: 0, body: '' }));
      });
      sent.on('error', () => resolve({ status: 0, body: '' }));
      sent.end(body);
    });
  return {
    gateway,
    folder,
    token,
    url,
    post: (query: string, variables: object = {}) =>
      send('POST', '/graphql', JSON.stringify({ query, variables })),
    get: (query: string) => send('GET', `/graphql?query=${encodeURIComponent(query)}`),
  };
};
