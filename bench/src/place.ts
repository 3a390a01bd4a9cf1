import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { program } from './paths.ts';
import { signedToken } from './token.ts';

/** Where a server is to listen, and what it needs. */
export interface Place {
  readonly port: number;
  /** The address of the upstream. */
  readonly upstream: string;
  /** What the upstream takes for a token. */
  readonly upstreamToken: string;
  /** A folder of its own for what it writes. */
  readonly folder: string;
  /** What callers' tokens are signed with. */
  readonly jwtSecret: string;
}

export const jwtSecret = 'the secret of the bench, of 32 bytes or more';

/** A folder that goes with this process. */
export const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'recollect-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** The environment of a server: hardly anything of this one, and the probe for servers on Node. */
export const environmentOf = (own: Readonly<Record<string, string>>, probes: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  NODE_ENV: 'production',
  NODE_OPTIONS: `--import=${pathToFileURL(program('loop-probe.js')).href}`,
  BENCH_PROBES: probes,
  ...own,
});

/** Tokens of some dozens of callers, who may see everything. */
export const callerTokens = (secret: string): string[] =>
  Array.from({ length: 48 }, (_, index) =>
    signedToken(
      {
        sub: `caller-${String(index).padStart(2, '0')}`,
        iss: 'https://id.bench.example',
        aud: 'recollect',
        scope: 'accounts:read accounts:write payments:read payments:write orders:read pii:read',
      },
      secret,
    ),
  );
