import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Sandbox, settingsFor, startSandbox } from '../../../src/sandbox/sandbox.ts';
import { hasExamplePackages } from '../axe.ts';
import { hasBrowser } from '../browser.ts';
import { root } from '../root.ts';

/** The folder of the example application. */
export const deskFolder = join(root, 'examples/agent-desk');

/**
 * Whether the example can be tested: Chromium and its packages are there. Otherwise stderr names what is skipped.
 *
 * @throws {Error} without one of them in CI, where no test may be skipped.
 */
export const canRunDesk = (skipped: string): boolean => hasExamplePackages(skipped) && hasBrowser(skipped);

/** Generates the types and hashes of the example, as `npm run example` does before it starts. */
const generate = (): void => {
  execFileSync('npm', ['run', '--silent', 'codegen', '--', '--silent'], { cwd: root, stdio: 'inherit' });
};

/** Starts the example. Without the settings of upstreams it starts a sandbox of its own, on fixed ports. */
export const startDesk = async (env: Readonly<Record<string, string>> = {}) => {
  generate();
  const child = spawn(process.execPath, [join(deskFolder, 'start.js')], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DESK_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const died = ended.then(() => {
    throw new Error(`The example ended before it was ready: ${printed}`);
  });
  died.catch(() => {});
  const found = () => /ready at (\S+)\/$/m.exec(printed)?.[1];
  while (found() === undefined) await Promise.race([once(child.stdout, 'data'), died]);
  return {
    url: found() ?? '',
    printed: () => printed,
    /** Stops it, and returns its exit code. */
    stop: async (): Promise<number | null> => {
      child.kill('SIGTERM');
      return (await ended)[0];
    },
  };
};

const secret = 'a secret of the tests of the example application';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of an agent, which expires so many seconds from now. */
const tokenOf = (scope: string, seconds: number): string => {
  const claims = { sub: 'agent', scope, exp: Math.floor(Date.now() / 1000) + seconds };
  const content = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

interface Session {
  token: string;
  readonly signIn: () => void;
}

interface DeskServer {
  readonly serveDesk: (options: {
    readonly gateway: string;
    readonly session: Session;
    readonly port: number;
  }) => Promise<{ readonly server: Server; readonly url: string }>;
}

/** Serves the desk on a gateway that runs, for an agent of these scopes, until the end of the test. */
const serveTo = async (gateway: string, scopes: string) => {
  // The module is JavaScript of the example, outside of the project's own types.
  const { serveDesk }: DeskServer = await import(pathToFileURL(join(deskFolder, 'server.js')).href);
  let canSignIn = true;
  const session: Session = {
    token: tokenOf(scopes, 3600),
    signIn: () => {
      if (canSignIn) session.token = tokenOf(scopes, 3600);
    },
  };
  const { server, url } = await serveDesk({ gateway, session, port: 0 });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: url.replace(/\/$/, ''),
    /** The token expires, and no new one is issued until `allowSignIn`. */
    endSession: (): void => {
      canSignIn = false;
      session.token = tokenOf(scopes, -3600);
    },
    /** Loading the page issues a token again. */
    allowSignIn: (): void => {
      canSignIn = true;
    },
  };
};

/** What an agent of the example may do. */
export const agentScopes = 'accounts:read accounts:write orders:read payments:read payments:write';

export interface RunningDesk {
  /** Its address, without a slash at the end. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Serves it to a further agent, with a session of its own. */
  readonly serve: (scopes?: string) => ReturnType<typeof serveTo>;
}

/** Starts the example for all tests of a `describe`, as `npm run example` does, on a sandbox of the test. */
export const useDesk = (): (() => RunningDesk) => {
  let running: RunningDesk | undefined;
  let stop = async (): Promise<void> => {};
  beforeAll(async () => {
    const sandbox = await startSandbox();
    const desk = await startDesk({ ...settingsFor(sandbox), AUTH_JWT_SECRET: secret });
    const [, gateway = ''] = /^The gateway is at (\S+)$/m.exec(desk.printed()) ?? [];
    running = { url: desk.url, sandbox, serve: (scopes = agentScopes) => serveTo(gateway, scopes) };
    stop = async () => {
      await desk.stop();
      await sandbox.close();
    };
  });
  afterAll(() => stop());
  return () => {
    if (running === undefined) throw new Error('The example has not started.');
    return running;
  };
};
